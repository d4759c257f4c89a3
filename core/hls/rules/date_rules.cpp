#include "core/hls/rules/date_rules.hpp"

#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::hls::rules {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

/// Dates are cut to milliseconds, and EXTINF is met rounded to them.
constexpr microseconds rounding = 1500us;
/// What the draft lets two segments overlap; at a DISCONTINUITY nobody can tell more. Sound and
/// video of a loop are not equally long either: half a segment is met there.
constexpr microseconds overlap_allowed(std::chrono::seconds target_duration) noexcept {
    return std::max<microseconds>(1s, microseconds(target_duration) / 2);
}

microseconds length_of(MediaSegment const& segment) {
    return std::chrono::round<microseconds>(segment.duration);
}

void check_step(Remarks& remarks, std::uint64_t number, MediaSegment const& segment,
                WallTime expected, microseconds overlap) {
    auto const off = *segment.program_date_time - expected;
    auto const milliseconds = std::chrono::duration<double, std::milli>{off}.count();
    if (segment.discontinuity ? off < -overlap : std::chrono::abs(off) > rounding)
        remarks.push_back(
            {17, Weight::broken,
             fmt::format("PROGRAM-DATE-TIME of segment {} is {}, {:+.1f} ms from the one before it "
                         "plus EXTINF",
                         number, date_text(*segment.program_date_time), milliseconds)});
}

} // namespace

Remarks check_dates(MediaPlaylist const& playlist) {
    Remarks remarks;
    auto const has_date = [](MediaSegment const& segment) {
        return segment.program_date_time.has_value();
    };
    if (std::ranges::none_of(playlist.segments, has_date)) {
        if (!playlist.ended && !playlist.segments.empty())
            remarks.push_back({18, Weight::advice, "a live list without PROGRAM-DATE-TIME"});
        return remarks;
    }
    std::optional<WallTime> expected;
    auto number = playlist.media_sequence;
    for (auto const& segment : playlist.segments) {
        if (segment.program_date_time) {
            if (expected)
                check_step(remarks, number, segment, *expected,
                           overlap_allowed(playlist.target_duration));
            expected = *segment.program_date_time;
        } else if (segment.discontinuity) {
            remarks.push_back(
                {18, Weight::advice,
                 fmt::format("segment {} has a DISCONTINUITY and no PROGRAM-DATE-TIME", number)});
        }
        if (expected) *expected += length_of(segment);
        ++number;
    }
    return remarks;
}

std::vector<std::optional<WallTime>> dates_of(MediaPlaylist const& playlist) {
    std::vector<std::optional<WallTime>> dates;
    dates.reserve(playlist.segments.size());
    std::optional<WallTime> next;
    for (auto const& segment : playlist.segments) {
        if (segment.program_date_time) next = segment.program_date_time;
        dates.push_back(next);
        if (next) *next += length_of(segment);
    }
    return dates;
}

} // namespace continuo::hls::rules
