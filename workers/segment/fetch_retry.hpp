// How often a segment that does not come is asked for before it is left out.
#pragma once

#include "workers/segment/wall_clock.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace continuo::segment {

struct FetchFailure {
    std::string reason;   ///< for people, with the segment's name
    bool answered{false}; ///< the server answered: it has not got it, or not all of it
    int status{};         ///< of HTTP, where that is the reason
};

/// Pure; for one segment. A server that says no, or sends too little, is asked three times more
/// within two seconds: the segment may be about to appear. One that does not answer is what the
/// segment is not to be blamed for: it is asked for `patience`, unless another time is given.
class FetchRetry {
public:
    using Time = WallClock::Time;
    static constexpr std::chrono::seconds patience{10};

    explicit FetchRetry(std::chrono::milliseconds longest_silence = patience) noexcept
        : longest_silence_(longest_silence) {}

    /// False when there is no use in asking again; else `due` says when.
    bool failed(FetchFailure const& failure, Time now) noexcept;
    /// Nothing before the first failure.
    std::optional<Time> due() const noexcept { return due_; }

private:
    std::chrono::milliseconds longest_silence_;
    std::optional<Time> due_;
    std::optional<Time> failing_since_;
    std::chrono::milliseconds pause_{};
    int answers_{};
};

} // namespace continuo::segment
