// How long to wait before the next request to a server that is away: for the playhead's events.
#pragma once

#include <chrono>
#include <optional>

namespace continuo::source {

using SteadyTime = std::chrono::steady_clock::time_point;

struct BackoffLimits {
    std::chrono::milliseconds first{500};
    std::chrono::milliseconds longest{15'000};
    std::chrono::milliseconds stable_after{10'000}; ///< up for so long: the delays start anew
};

/// Pure. The delays double from the first to the longest, +-20 %, so that not all who lost a server
/// come back to it at one instant.
class Backoff {
public:
    explicit Backoff(BackoffLimits limits) : limits_(limits) {}

    /// The server has a wish for the first delay. It is held between 0.1 s (no server is better off
    /// with more) and the longest: a slip in a server's settings must not keep a channel from its
    /// heads.
    void set_first(std::chrono::milliseconds wish);

    void on_up(SteadyTime now);
    /// Lost, or not reached. `jitter` in [0, 1): a random number of the caller's.
    std::chrono::milliseconds on_down(SteadyTime now, double jitter);
    /// The server has asked not to be asked again: the longest delay.
    std::chrono::milliseconds on_dismissed(double jitter);

private:
    BackoffLimits limits_;
    std::optional<SteadyTime> up_since_;
    unsigned downs_in_a_row_{0};
};

} // namespace continuo::source
