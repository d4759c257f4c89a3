// When a unit that died is started again.
#pragma once

#include "core/config/config.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>

namespace continuo::child {

using SteadyTime = std::chrono::steady_clock::time_point;

/// What to do about a death.
struct Verdict {
    std::chrono::milliseconds delay{}; ///< until the next start
    unsigned restarts_in_window{};     ///< this one counted, for the log: "restart 3 of 5 in 60 s"
    bool give_way{false};    ///< died too often for now: something else should take over meanwhile
    bool slow{false};        ///< died far too often: tried every `max_delay` until it is stable
    bool slowed_down{false}; ///< from this death on
};

/// "restart in 250 ms (2 in the last 60 s)"; of one that slows down, that it does.
std::string to_text(Verdict const& verdict, config::RestartLimits const& limits);

/// Pure. One per unit, living as long as the unit is wanted; the first restart of a unit that was
/// ready is at once, then the delays double from `first_delay` to `max_delay`, +-20 %, until it has
/// been ready for `stable_after`. None is ever given up.
class RestartPolicy {
public:
    explicit RestartPolicy(config::RestartLimits limits) : limits_(limits) {}

    void on_ready(SteadyTime now);
    /// `jitter` in [0, 1): a random number of the caller's.
    Verdict on_exit(SteadyTime now, double jitter);

private:
    config::RestartLimits limits_;
    std::optional<SteadyTime> ready_since_;
    bool restarted_at_once_{false};
    unsigned delays_in_a_row_{0};
    bool slow_{false};
    std::deque<SteadyTime> deaths_; ///< within the longer window
};

} // namespace continuo::child
