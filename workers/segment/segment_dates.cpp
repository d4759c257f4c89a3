#include "workers/segment/segment_dates.hpp"

#include <algorithm>

namespace continuo::segment {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr auto late = 5s;  // beyond two target durations: what encoders and caches hold back
constexpr auto early = 2s; // clocks differ

/// The part that both have; nothing where they contradict each other.
std::optional<Interval> common(Interval const& a, Interval const& b) {
    Interval const both{.earliest = std::max(a.earliest, b.earliest),
                        .latest = std::min(a.latest, b.latest)};
    if (both.earliest > both.latest) return std::nullopt;
    return both;
}

/// Counted back from the newest segment's end.
std::vector<hls::WallTime> begins_before(hls::WallTime end, hls::MediaPlaylist const& playlist) {
    std::vector<hls::WallTime> begins(playlist.segments.size());
    for (auto i = begins.size(); i-- > 0;) {
        end -= length_of(playlist.segments[i]);
        begins[i] = end;
    }
    return begins;
}

/// The playlist's dates, carried on by EXTINF from one to the next; nothing when it has none.
std::optional<Dates> programme_dates(hls::MediaPlaylist const& playlist) {
    auto const& segments = playlist.segments;
    auto const first = std::ranges::find_if(
        segments, [](auto const& segment) { return segment.program_date_time.has_value(); });
    if (first == segments.end()) return std::nullopt;
    auto next = *first->program_date_time;
    for (auto undated = segments.begin(); undated != first; ++undated)
        next -= length_of(*undated);
    Dates dates{.begins = {}, .are_programme = true};
    for (auto const& segment : segments) {
        auto const begin = segment.program_date_time.value_or(next);
        dates.begins.push_back(begin);
        next = begin + length_of(segment);
    }
    dates.end = {.earliest = next, .latest = next};
    return dates;
}

} // namespace

microseconds length_of(hls::MediaSegment const& segment) noexcept {
    return std::chrono::round<microseconds>(segment.duration);
}

Interval published_by(std::chrono::sys_seconds modified, std::chrono::sys_seconds server_now,
                      hls::WallTime came) {
    constexpr auto cut_off = 1s; // at most, of both times
    constexpr auto on_its_way = 1s;
    if (came >= server_now - 250ms && came <= server_now + cut_off + on_its_way) {
        return {.earliest = modified, .latest = modified + cut_off};
    }
    auto const time = came - (server_now - modified);
    return {.earliest = time - cut_off, .latest = time + cut_off};
}

Dates dates_of(hls::MediaPlaylist const& playlist, Publication const& publication) {
    auto const now = publication.came;
    Interval const believed{.earliest = now - 2 * playlist.target_duration - late,
                            .latest = now + early};
    auto const is_believed = [&](Interval const& end) {
        return end.latest >= believed.earliest && end.earliest <= believed.latest;
    };
    if (auto dates = programme_dates(playlist); dates && is_believed(dates->end)) {
        return std::move(*dates);
    }
    auto const period =
        std::min<microseconds>(playlist.target_duration, length_of(playlist.segments.back()));
    Interval end{.earliest = now - period, .latest = now};
    if (publication.published && is_believed(*publication.published)) end = *publication.published;
    auto const asked_before = publication.asked_before.value_or(hls::WallTime::min());
    end = common(end, {.earliest = asked_before, .latest = now}).value_or(end);
    if (auto const& expected = publication.expected) {
        // a segment may be listed late, but not before it has ended
        auto const& sooner = expected->earliest < end.earliest ? *expected : end;
        end = common(end, *expected).value_or(sooner);
    }
    return {.begins = begins_before(end.middle(), playlist), .end = end};
}

} // namespace continuo::segment
