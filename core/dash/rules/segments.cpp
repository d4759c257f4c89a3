#include "core/dash/rules/segments.hpp"

#include <algorithm>
#include <limits>

namespace continuo::dash::rules {
namespace {

using std::chrono::microseconds;
__extension__ using Wide = __int128;

constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t farthest = 4 * std::int64_t{100'000'000'000'000'000}; // microseconds

microseconds microseconds_of(Wide units, std::uint32_t timescale) noexcept {
    auto const scaled = units * million;
    auto const value = scaled / timescale - (scaled % timescale < 0 ? 1 : 0);
    return microseconds(
        static_cast<std::int64_t>(std::clamp(value, Wide{-farthest}, Wide{farthest})));
}

std::uint64_t saturated(Wide value) noexcept {
    constexpr Wide most = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::uint64_t>(std::clamp(value, Wide{0}, most));
}

} // namespace

WallTime Strand::wall_time(std::uint64_t media_time) const noexcept {
    auto const& addressing = representation_.addressing;
    auto const units = Wide{media_time} - Wide{addressing.presentation_time_offset};
    return WallTime(presentation_.availability_start.value_or(DateTime{})) + period_.start +
           microseconds_of(units, addressing.timescale);
}

WallTime Strand::start_of(Segment const& segment) const noexcept {
    return wall_time(segment.time);
}

WallTime Strand::end_of(Segment const& segment) const noexcept {
    return wall_time(saturated(Wide{segment.time} + segment.duration));
}

WallTime Strand::available_from(Segment const& segment) const noexcept {
    return end_of(segment) - representation_.ahead;
}

std::optional<WallTime> Strand::available_until(Segment const& segment) const noexcept {
    if (!presentation_.buffer_depth) return std::nullopt;
    auto const length =
        microseconds_of(Wide{segment.duration}, representation_.addressing.timescale);
    return end_of(segment) + length + *presentation_.buffer_depth;
}

std::optional<std::uint64_t> Strand::count() const noexcept {
    auto const& addressing = representation_.addressing;
    if (!addressing.duration || !period_.duration) return std::nullopt;
    auto const units = Wide{period_.duration->count()} * addressing.timescale;
    auto const each = Wide{*addressing.duration} * 1000;
    auto const whole = saturated((units + each - 1) / each);
    if (!addressing.end_number || *addressing.end_number < addressing.start_number) return whole;
    return std::min(whole, *addressing.end_number - addressing.start_number + 1);
}

std::optional<Segment> Strand::next_of(Segment const& segment) const noexcept {
    Segment const next{.number = segment.number + 1,
                       .time = saturated(Wide{segment.time} + segment.duration),
                       .duration = segment.duration};
    auto const& addressing = representation_.addressing;
    if (auto const all = count(); all && next.number - addressing.start_number >= *all)
        return std::nullopt;
    if (!period_.duration) return next;
    auto const period_end = wall_time(addressing.presentation_time_offset) + *period_.duration;
    // Sound, in frames of its own, hardly ever ends with the period; what is left is no segment.
    auto const least = is_timeline() ? (end_of(next) - start_of(next)) / 2 : microseconds{};
    if (start_of(next) + least >= period_end) return std::nullopt;
    return next;
}

Result<std::vector<Segment>> Strand::segments(WallTime now, std::size_t most) const {
    if (!is_timeline()) return counted(now, most);
    auto all = listed();
    if (all && !presentation_.is_live && all->size() > most) all->resize(most);
    return all;
}

Result<std::vector<Segment>> Strand::listed() const {
    auto const& addressing = representation_.addressing;
    std::optional<std::uint64_t> end;
    if (period_.duration)
        end = saturated(Wide{addressing.presentation_time_offset} +
                        Wide{period_.duration->count()} * addressing.timescale / 1000);
    auto const timeline = segments_of(*addressing.timeline, end);
    if (!timeline) return timeline.error();
    std::vector<Segment> segments;
    segments.reserve(timeline->size());
    for (auto const& [start, duration] : *timeline)
        segments.push_back({.number = addressing.start_number + segments.size(),
                            .time = start,
                            .duration = duration});
    return segments;
}

std::vector<Segment> Strand::counted(WallTime now, std::size_t most) const {
    auto const& addressing = representation_.addressing;
    auto const duration = Wide{*addressing.duration};
    // How many segments have ended at a time, counted from the period's start.
    auto const ended_by = [&](WallTime time) {
        auto const passed = time - wall_time(addressing.presentation_time_offset);
        return saturated(Wide{passed.count()} * addressing.timescale / (duration * million));
    };
    std::uint64_t first = 0;
    auto end = count().value_or(most);
    if (presentation_.is_live) {
        end = ended_by(now + representation_.ahead);
        if (auto const all = count()) end = std::min(end, *all);
        if (presentation_.buffer_depth) first = ended_by(now - *presentation_.buffer_depth);
        first = std::max(first, end - std::min<std::uint64_t>(end, most));
    }
    end = std::min(end, first + most);
    std::vector<Segment> segments;
    for (auto index = first; index < end; ++index)
        segments.push_back(
            {.number = addressing.start_number + index,
             .time = saturated(Wide{addressing.presentation_time_offset} + Wide{index} * duration),
             .duration = *addressing.duration});
    return segments;
}

} // namespace continuo::dash::rules
