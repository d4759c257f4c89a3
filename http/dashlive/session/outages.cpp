#include "http/dashlive/session/outages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace continuo::dashlive {
namespace {

using std::chrono::seconds;

seconds length_of(TrafficPattern const& pattern) noexcept {
    return std::accumulate(pattern.begin(), pattern.end(), seconds{0},
                           [](seconds sum, TrafficSpan const& span) { return sum + span.length; });
}

} // namespace

TrafficSpan::State state_at(TrafficPattern const& pattern, DateTime now) noexcept {
    auto left = std::chrono::floor<seconds>(now.time_since_epoch()) % length_of(pattern);
    auto const span = std::ranges::find_if(pattern, [&](TrafficSpan const& candidate) {
        left -= candidate.length;
        return left < seconds{0};
    });
    return span->state;
}

Answer<PlacedPath> placed_path_of(Options const& options, std::string_view path) {
    constexpr std::string_view prefix = "bu";
    PlacedPath const as_it_is{.base_url = std::nullopt, .path = path};
    if (options.traffic.empty() || !path.starts_with(prefix)) return as_it_is;
    auto const digits = path.substr(prefix.size());
    auto const* const end = digits.data() + digits.size();
    std::size_t number{};
    auto const [rest, failure] = std::from_chars(digits.data(), end, number);
    if (failure != std::errc{} || rest == end || *rest != '/') return as_it_is;
    if (number >= options.traffic.size())
        return Refusal{404, fmt::format("traffic_ has {} base URLs; there is no bu{}",
                                        options.traffic.size(), number)};
    auto const length = static_cast<std::size_t>(rest + 1 - digits.data());
    return PlacedPath{.base_url = number, .path = digits.substr(length)};
}

bool is_lost(Session const& session, std::int64_t index) {
    auto const& options = *session.options;
    if (!options.shows_losses || options.base_urls.empty()) return false;
    auto const available = session.available_at(index);
    return std::ranges::all_of(options.base_urls, [&](TrafficPattern const& origin) {
        return state_at(origin, available) == TrafficSpan::State::down;
    });
}

} // namespace continuo::dashlive
