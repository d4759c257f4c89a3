#include "http/dashlive/session/outages.hpp"

#include <algorithm>
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

bool is_lost(Session const& session, std::int64_t index) {
    auto const& options = *session.options;
    if (!options.shows_losses || options.base_urls.empty()) return false;
    auto const available = session.available_at(index);
    return std::ranges::all_of(options.base_urls, [&](TrafficPattern const& origin) {
        return state_at(origin, available) == TrafficSpan::State::down;
    });
}

} // namespace continuo::dashlive
