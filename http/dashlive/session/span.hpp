// When a session begins and ends, by its options, the pictures' loop and the clock: what
// Session::open works out first. Pure.
#pragma once

#include "core/timeline/addressing.hpp"
#include "http/dashlive/options/options.hpp"
#include "http/dashlive/session/session.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace continuo::dashlive {

struct SessionSpan {
    DateTime epoch;
    DateTime availability_start;
    std::int64_t first_index{};
    std::vector<Ending> endings{}; ///< the last is where the list ends
};

/// `client_now`: before livesim2's timeoffset, which `now` has.
struct SessionClock {
    DateTime client_now;
    DateTime now;
};

/// Errors: 400 for options that contradict the time, or each other.
Answer<SessionSpan> span_of(timeline::SegmentLoop const& pictures, Options const& options,
                            SessionClock const& clock);

/// minimumUpdatePeriod of an MPD that isn't static.
milliseconds update_period_of(timeline::SegmentLoop const& pictures, Options const& options);

/// By the loop's own clock, rounded up: when something is there.
inline milliseconds time_of(timeline::SegmentLoop const& loop, std::int64_t units) noexcept {
    return milliseconds(timeline::rescaled_up({units, loop.timescale()}, 1000));
}

/// Units of the loop by then, rounded down.
inline std::int64_t units_by(timeline::SegmentLoop const& loop, milliseconds time) noexcept {
    return -timeline::rescaled_up({-time.count(), 1000}, loop.timescale());
}

} // namespace continuo::dashlive
