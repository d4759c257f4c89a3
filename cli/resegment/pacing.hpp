// When what is finished may be listed: as fast as it plays, from the first moment of the run on.
#pragma once

#include "core/base/ticks.hpp"

#include <algorithm>
#include <chrono>

namespace continuo::cli::resegment {

/// Pure: `now` is the caller's steady clock. What came late is caught up with at no more than
/// double speed, so that a player sees each segment in its window.
class Pacing {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Pacing(Time start) noexcept : start_(start), latest_(start) {}

    /// When a segment of this `duration` may be listed: when its media has passed.
    Time due(Ticks90k duration) const noexcept {
        auto const passed = start_ + std::chrono::ceil<Time::duration>(media_ + duration);
        return std::max(passed, latest_ + std::chrono::ceil<Time::duration>(duration / 2));
    }

    /// One of this `duration` was listed.
    void listed(Ticks90k duration, Time now) noexcept {
        media_ += duration;
        latest_ = now;
    }

    /// How long the next one of the same `duration` has to wait.
    Time::duration wait(Ticks90k duration, Time now) const noexcept {
        return std::max(due(duration) - now, Time::duration::zero());
    }

private:
    Time start_;
    Ticks90k media_{}; ///< listed so far
    Time latest_;      ///< when that came
};

} // namespace continuo::cli::resegment
