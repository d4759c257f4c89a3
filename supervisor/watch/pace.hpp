// Which picture all viewers of a session show now, by its date. Pure; kept by the session.
#pragma once

#include <chrono>
#include <optional>

namespace continuo::sessions {

using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// At `now` all show the date now - delay, unless they stand still at one.
class Pace {
public:
    /// Players get so long to fetch and decode what they begin with.
    static constexpr std::chrono::milliseconds head_start{500};

    /// All stand at `first` until `go`.
    void stand_at(WallTime first);
    /// All stand where they are.
    void stand(WallTime now);
    /// All go on from where they stand, `wait` from now.
    void go(WallTime now, std::chrono::milliseconds wait = {});

    std::optional<WallTime> const& standing_at() const noexcept { return standing_at_; }
    std::chrono::milliseconds delay() const noexcept { return delay_; }
    WallTime date_at(WallTime now) const noexcept { return standing_at_.value_or(now - delay_); }

private:
    std::chrono::milliseconds delay_{};
    std::optional<WallTime> standing_at_;
};

} // namespace continuo::sessions
