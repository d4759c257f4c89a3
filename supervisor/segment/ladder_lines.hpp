// Brings the lines of segmenters that each read the same content from an input of their own onto
// one clock: the leader's, laid end to end where its input was not continuous. What is behind it
// sees a ladder as if all had been cut from one source.
#pragma once

#include "core/contract/run_directory.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace continuo::segment {

/// Pure. Member 0 leads; lines of one member come in their order.
class LadderLines {
public:
    explicit LadderLines(std::size_t members) : members_(members) {}

    struct Line {
        std::size_t member{};
        contract::SegmentLine line; ///< `start` and the cues' times on the common clock, 33 bit;
                                    ///< `duration` is the leader's
        std::string path;
    };
    /// What can go on now: a follower's segment waits until the leader's own is there, which tells
    /// how long it is; one that begins where the leader never did is dropped.
    std::vector<Line> add(Line line);

    /// Segments of `member` that have come so far: where it goes on when it is started again.
    std::uint64_t count(std::size_t member) const { return members_[member].count; }

private:
    /// A segment of the leader.
    struct Step {
        Ticks90k pts{};   ///< as its input has it
        Ticks90k start{}; ///< on the common clock
        Ticks90k duration{};
    };
    struct Member {
        std::deque<Line> waiting;
        std::uint64_t next{}; ///< the first step that its next line can be of
        std::uint64_t count{};
    };

    void lead(contract::SegmentLine const& line);
    std::optional<Line> taken(Member& member);

    std::vector<Member> members_;
    std::deque<Step> steps_;
    std::uint64_t first_step_{}; ///< number of `steps_.front()`
};

} // namespace continuo::segment
