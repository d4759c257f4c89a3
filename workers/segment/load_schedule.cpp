#include "workers/segment/load_schedule.hpp"

#include <algorithm>

namespace continuo::segment {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto shortest_load_pause = 250ms;
constexpr milliseconds longest_load_pause = 2s;
constexpr milliseconds longest_wait = 1min; // a list may claim to change once in ten days

milliseconds wait_of(hls::MediaPlaylist const& playlist) noexcept {
    milliseconds wait = playlist.target_duration;
    if (!playlist.segments.empty()) {
        wait = std::min(wait, std::chrono::floor<milliseconds>(playlist.segments.back().duration));
    }
    return std::min(wait, longest_wait);
}

} // namespace

void LoadSchedule::changed(Time asked, hls::MediaPlaylist const& playlist) noexcept {
    failing_since_.reset();
    due_ = asked + std::max(wait_of(playlist), shortest_wait);
}

void LoadSchedule::unchanged(Time asked, hls::MediaPlaylist const& playlist) noexcept {
    failing_since_.reset();
    due_ = asked + std::max(wait_of(playlist) / 2, shortest_wait);
}

bool LoadSchedule::failed(Time asked, Time now) noexcept {
    if (!failing_since_) {
        failing_since_ = asked;
        pause_ = shortest_load_pause;
    } else {
        pause_ = std::min(2 * pause_, longest_load_pause);
    }
    auto const deadline = *failing_since_ + longest_failure_;
    due_ = std::min(now + pause_, std::max(deadline, now + shortest_load_pause));
    return now < deadline;
}

} // namespace continuo::segment
