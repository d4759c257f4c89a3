#include "http/dashlive/request_clock.hpp"

#include "core/timeline/addressing.hpp"
#include "http/storage/clock.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>

namespace continuo::dashlive {
namespace {

constexpr DateTime earliest{milliseconds{0}};
constexpr DateTime latest{timeline::max_elapsed};

std::optional<DateTime> instant_of(std::string const& text) {
    std::int64_t count{};
    auto const* const end = text.data() + text.size();
    auto const [rest, failure] = std::from_chars(text.data(), end, count);
    if (failure != std::errc{} || rest != end) return std::nullopt;
    return DateTime{milliseconds{count}};
}

std::optional<DateTime> after(std::string const& date) {
    auto const parsed = dash::parse_date_time(date);
    if (!parsed) return std::nullopt;
    return *parsed + milliseconds{1};
}

Answer<RequestTime> said_by(std::string_view name, std::string const& text,
                            std::optional<DateTime> time) {
    if (time && *time >= earliest && *time <= latest)
        return RequestTime{.now = *time, .is_said = true};
    auto const allowed =
        name == "nowMS" ? "milliseconds since 1970" : "a date such as 2026-11-21T12:00:00Z";
    return Refusal{400,
                   fmt::format("{}={} must be {}, in the years 1970 to 4147", name, text, allowed)};
}

} // namespace

Answer<RequestTime> time_of_patch(std::string_view query, DateTime wall) {
    if (auto const text = storage::query_value(query, "nowDate"))
        return said_by("nowDate", *text, after(*text));
    if (auto const text = storage::query_value(query, "nowMS"))
        return said_by("nowMS", *text, instant_of(*text));
    return RequestTime{.now = wall};
}

Answer<RequestTime> time_of(std::string_view query, DateTime wall) {
    if (auto const text = storage::query_value(query, "publishTime"))
        return said_by("publishTime", *text, after(*text));
    return time_of_patch(query, wall);
}

} // namespace continuo::dashlive
