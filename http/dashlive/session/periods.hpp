// The periods of a session that is cut into several an hour, each from a segment's start to
// another's: between a session and its MPD. Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace continuo::dashlive {

struct Period {
    std::int64_t number{};           ///< from AST on, the first is 0
    milliseconds start{};            ///< Period@start
    std::optional<milliseconds> end; ///< where the next one starts; the last of all has none
    timeline::IndexRange segments;   ///< all that it has; without an end up to what is listed now
    /// Nothing will be added to it (livesim2's xlink).
    bool is_complete{false};
};

/// What an MPD has now, one at least: with a SegmentTimeline those that something is listed of (the
/// one that is on where nothing is); else those of the time-shift buffer, and, in livesim1, the
/// next one from the middle of a period on. They change when `publication_of` says so, and no
/// sooner. Errors: 400 for more than 1000.
Answer<std::vector<Period>> periods_of(Session const& session);

/// PTO: the media time of a period's start, in units of `timescale`.
std::int64_t presentation_time_offset(Session const& session, Period const& period,
                                      std::uint32_t timescale);

/// Errors: 400 where periods would not begin with a segment.
Answer<> check_periods(Session const& session);

/// When an MPD without a SegmentTimeline has other periods than before; what is no later than
/// `elapsed`, and the next such instant. Both since AST.
struct PeriodChange {
    milliseconds last{};
    std::optional<milliseconds> next;
};
PeriodChange period_change(Session const& session);

} // namespace continuo::dashlive
