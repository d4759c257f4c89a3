// Which segments of all variants belong together: from the lines of each variant's worker to steps
// of the ladder. The leader's segments are the steps; those of the others find their place by the
// boundary that they began at. Pure.
#pragma once

#include "core/contract/run_directory.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <vector>

namespace continuo::cli::resegment {

/// A finished segment, where its worker left it.
struct Piece {
    std::filesystem::path file;
    contract::SegmentLine line;
};

struct Step {
    std::uint64_t ordinal{};                  ///< of its boundary, from 0
    contract::SegmentLine line;               ///< the leader's: its times and cues hold for all
    bool is_gap_before{false};                ///< the leader lost a segment in front of it
    std::vector<std::optional<Piece>> pieces; ///< one per variant, where it has one
};

/// Lives as long as the run. Each variant's lines come in their order; a variant that lost data
/// leaves steps out and is found again at its next boundary.
class StepMerge {
public:
    StepMerge(std::size_t variants, std::size_t leader);

    /// The leader's next segment, with the ordinal of its boundary.
    void lead(std::uint64_t ordinal, Piece piece);
    /// A follower's next segment.
    void follow(std::size_t variant, Piece piece);
    /// No more of this variant will come.
    void end(std::size_t variant);
    /// Its worker begins again: the boundary that it has to begin with. What found no place yet is
    /// forgotten.
    std::uint64_t restart(std::size_t variant);

    /// The oldest step that was not taken; nothing where the leader has none.
    Step const* front() const noexcept { return steps_.empty() ? nullptr : &steps_.front(); }
    /// Whether each variant has it, or is known not to.
    bool is_complete() const noexcept;
    /// Variants that may still bring it.
    std::vector<std::size_t> missing() const;
    /// Takes the oldest step as it is.
    Step take();

    /// Files that belong to no step: nobody will ask for them.
    std::vector<std::filesystem::path> take_unwanted();

private:
    struct Follower {
        std::deque<Piece> unplaced;
        std::uint64_t next{};          ///< ordinal from which on its segments are looked for
        std::deque<Ticks90k> too_late; ///< boundaries of steps that were taken without it
        bool ended{false};
    };
    void place(std::size_t variant);
    bool place_front(std::size_t variant);
    Step* step_at(Follower const& follower, Ticks90k boundary);
    bool may_still_come(std::size_t variant, Step const& step) const noexcept;
    void drop_front(Follower& follower);

    std::size_t leader_;
    std::deque<Step> steps_;
    std::vector<Follower> followers_; ///< one per variant, the leader's for `next` and `ended` only
    std::vector<std::filesystem::path> unwanted_;
};

} // namespace continuo::cli::resegment
