// Keeps reading within `lead` of the clock: a file or a burst is taken as fast as it would be
// played, ahead by no more than that.
#pragma once

#include "core/base/ticks.hpp"

#include <chrono>
#include <optional>

namespace continuo::segment {

/// Pure: `now` is the caller's steady clock. A source that was slower than the clock is never
/// waited for.
class Pacer {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Without `lead` nothing ever waits.
    explicit Pacer(std::optional<Ticks90k> lead) noexcept : lead_(lead) {}

    /// When the next input may be read, given how far the media has come (nothing: no picture yet).
    Time due(std::optional<Ticks90k> media_time, Time now) noexcept {
        if (held_since_) return Time::max();
        if (!lead_ || !media_time) return now;
        if (!began_) began_ = now;
        return *began_ + std::chrono::ceil<Time::duration>(*media_time - *lead_);
    }

    /// Until `release` nothing is due, and the clock stands still.
    void hold(Time now) noexcept {
        if (!held_since_) held_since_ = now;
    }
    void release(Time now) noexcept {
        if (held_since_ && began_) *began_ += now - *held_since_;
        held_since_.reset();
    }

    /// How far the media may have come by now.
    Ticks90k reached(Time now) const noexcept {
        auto const passed = began_ ? held_since_.value_or(now) - *began_ : Time::duration::zero();
        return std::chrono::floor<Ticks90k>(passed) + lead_.value_or(Ticks90k::zero());
    }

private:
    std::optional<Ticks90k> lead_;
    std::optional<Time> began_; ///< when the first picture had come, later by all standstills
    std::optional<Time> held_since_;
};

} // namespace continuo::segment
