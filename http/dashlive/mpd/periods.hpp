// What an MPD says about each Period of a session: which of its segments a SegmentTimeline lists,
// where it ends before its time, and what it is besides. Pure.
#pragma once

#include "http/dashlive/session/periods.hpp"
#include "http/dashlive/session/session.hpp"

#include <optional>
#include <vector>

namespace continuo::dashlive {

struct PeriodPlan {
    Period period;
    std::optional<milliseconds> duration; ///< etp: of one that ends before the next begins
    timeline::IndexRange listed;          ///< what a SegmentTimeline has of it
    bool is_remote{false};                ///< xlink
    bool is_advertisement{false};         ///< insertad: other content in the place of ours
    bool has_callback{false};             ///< mpdcallback
};

/// At least one, in order. With a SegmentTimeline each has a segment, but for the only one of a
/// session in which nothing is listed yet. Errors: those of `periods_of`.
Answer<std::vector<PeriodPlan>> period_plans_of(Session const& session);

} // namespace continuo::dashlive
