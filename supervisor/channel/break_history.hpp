// The latest breaks of a channel, as people are told of them: in its state and in the log.
#pragma once

#include "core/contract/channel_snapshot.hpp"
#include "core/timeline/breaks.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace continuo::supervisor {

/// Pure; owned by the channel.
class BreakHistory {
public:
    static constexpr std::size_t limit = 10;
    /// So long behind its planned end a break is told: lists are late, encoders imprecise.
    static constexpr auto patience = std::chrono::seconds{60};

    /// What an earlier life of the channel listed.
    explicit BreakHistory(std::vector<contract::TimelineSegment> const& listed = {});

    /// Segment `number` begins or ends a break. Answers the line for the log:
    /// "break 7 begins with segment 123 (30 s planned)".
    std::string note(std::uint64_t number, timeline::BreakMark const& mark);

    /// What an operator should know: the open break ought to be over; empty when all is well.
    std::string remark(contract::WallTime now) const;

    /// The newest first.
    std::vector<contract::BreakState> const& latest() const noexcept { return latest_; }

private:
    contract::BreakState& entry_of(timeline::BreakMark const& mark);

    std::vector<contract::BreakState> latest_;
};

} // namespace continuo::supervisor
