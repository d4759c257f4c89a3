#include "http/dashlive/media/timed_text_name.hpp"

#include <fmt/format.h>

#include <charconv>

namespace continuo::dashlive {
namespace {

/// "40" of "40.m4s".
std::optional<std::int64_t> number_in(std::string_view name) {
    auto const dot = name.find('.');
    if (dot == std::string_view::npos || name.substr(dot + 1) != timed_text_extension)
        return std::nullopt;
    std::int64_t number{};
    auto const [rest, failure] = std::from_chars(name.data(), name.data() + dot, number);
    if (failure != std::errc{} || rest != name.data() + dot || number < 0) return std::nullopt;
    return number;
}

std::optional<std::int64_t> index_of(Session const& session, std::int64_t value) {
    if (session.options->addressing == Addressing::timeline_time)
        return timed_text_index_at(*session.asset, value);
    auto const end = session.asset->pictures().ended_by(timeline::max_elapsed);
    if (value > session.number_of(end) || session.index_of(value) < 0) return std::nullopt;
    return session.index_of(value);
}

} // namespace

Answer<std::optional<TimedTextName>> timed_text_name_of(Session const& session,
                                                        std::string_view path) {
    using Found = std::optional<TimedTextName>;
    auto const slash = path.find('/');
    if (slash == std::string_view::npos) return Found{};
    auto text = find_timed_text(*session.options, path.substr(0, slash));
    if (!text) return Found{};
    auto const name = path.substr(slash + 1);
    if (name == timed_text_initialisation_name)
        return Found{{.text = std::move(*text), .index = std::nullopt}};
    auto const number = number_in(name);
    auto const index = number ? index_of(session, *number) : std::nullopt;
    if (!index) return Refusal{404, fmt::format("there is never a segment \"{}\"", path)};
    return Found{{.text = std::move(*text), .index = index}};
}

} // namespace continuo::dashlive
