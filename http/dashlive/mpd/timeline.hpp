// The segments of one track as a SegmentTimeline lists them: the step from indexes to times. Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace continuo::dashlive {

/// How the segments of a track lie in time.
struct Cut {
    std::uint32_t timescale{1};
    std::function<Interval(std::int64_t index)> interval;
    /// After how many segments their durations come again, from index 0 on; 1: all are equally
    /// long; 0: after more than anybody knows.
    std::int64_t cycle{};
};
Cut cut_of(Asset const& asset, Track const& track);
/// Of subtitles that are made up.
Cut cut_of_timed_text(Asset const& asset);

/// Segments of one length, end to end: an S.
struct TimelineRun {
    std::int64_t index{}; ///< of the first
    std::int64_t start{}; ///< in units of the timescale
    std::int64_t duration{};
    std::int64_t count{1};
    bool follows{false}; ///< begins where the run before it ends

    friend bool operator==(TimelineRun const&, TimelineRun const&) = default;
};

/// Those of `range`, less the ones that segtimelineloss hides: their origins were down when they
/// would have come.
/// Errors: 400 for more than 10 000 runs, or for segments without number that are all different.
Answer<std::vector<TimelineRun>> timeline_of(Session const& session, Cut const& cut,
                                             timeline::IndexRange range);

} // namespace continuo::dashlive
