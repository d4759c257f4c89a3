#include "http/dashlive/mpd/timeline.hpp"

#include "http/dashlive/media/timed_text.hpp"
#include "http/dashlive/session/outages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace continuo::dashlive {
namespace {

using timeline::IndexRange;
using timeline::SegmentLoop;

constexpr std::size_t most_runs = 10'000;
constexpr std::int64_t most_segments = 500'000; // that are looked at one by one: some 50 ms

bool is_even(SegmentLoop const& loop) noexcept {
    auto const size = static_cast<std::int64_t>(loop.size());
    if (loop.length() % size != 0) return false;
    for (std::int64_t index = 1; index < size; ++index)
        if (loop.place_of(index).start != loop.length() / size * index) return false;
    return true;
}

/// Of what is cut along the pictures, at whole frames of its own.
std::int64_t cycle_of(SegmentLoop const& pictures, std::uint32_t timescale, std::int64_t frame) {
    auto const size = static_cast<std::int64_t>(pictures.size());
    auto const segments = is_even(pictures) ? 1 : size;
    timeline::MediaTime const length{pictures.length() / size * segments, pictures.timescale()};
    auto const units = timeline::rescaled_up(length, timescale);
    if (timeline::rescaled_up({-length.units, length.timescale}, timescale) != -units) return 0;
    return segments * (frame / std::gcd(frame, units));
}

Refusal too_long(Session const& session) {
    return {400, fmt::format("a SegmentTimeline of {} s has more than {} S; a shorter tsbd_ or "
                             "$Number$ without a timeline has less",
                             session.depth / std::chrono::seconds{1}, most_runs)};
}

} // namespace

Cut cut_of(Asset const& asset, Track const& track) {
    auto const cycle = [&]() -> std::int64_t {
        if (track.edit != 0) return 0; // what begins before 0 is shorter
        if (track.sound) return cycle_of(asset.pictures(), track.timescale, track.sound->frame);
        if (!track.loop) return cycle_of(asset.pictures(), track.timescale, 1);
        return is_even(*track.loop) ? 1 : static_cast<std::int64_t>(track.loop->size());
    };
    return {.timescale = track.timescale,
            .interval = [&asset, &track](auto index) { return interval_of(asset, track, index); },
            .cycle = cycle()};
}

Cut cut_of_timed_text(Asset const& asset) {
    return {.timescale = timed_text_timescale,
            .interval = [&asset](auto index) { return timed_text_interval(asset, index); },
            .cycle = cycle_of(asset.pictures(), timed_text_timescale, 1)};
}

Answer<std::vector<TimelineRun>> timeline_of(Session const& session, Cut const& cut,
                                             IndexRange range) {
    bool const has_losses = session.options->shows_losses && !session.options->base_urls.empty();
    std::vector<TimelineRun> runs;
    if (range.begin >= range.end) return runs;
    if (cut.cycle == 1 && !has_losses) {
        auto const first = cut.interval(range.begin);
        runs.push_back({.index = range.begin,
                        .start = first.start,
                        .duration = first.end - first.start,
                        .count = range.end - range.begin});
        return runs;
    }
    if (range.end - range.begin > most_segments) return too_long(session);
    for (auto index = range.begin; index < range.end; ++index) {
        if (has_losses && is_lost(session, index)) continue;
        auto const [start, end] = cut.interval(index);
        bool const follows =
            !runs.empty() && runs.back().start + runs.back().duration * runs.back().count == start;
        if (follows && runs.back().duration == end - start) {
            ++runs.back().count;
            continue;
        }
        if (runs.size() == most_runs) return too_long(session);
        runs.push_back(
            {.index = index, .start = start, .duration = end - start, .follows = follows});
    }
    return runs;
}

} // namespace continuo::dashlive
