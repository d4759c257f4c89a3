// Where a segmenter that reads the same content as its leader begins its segments: once for each
// line of the leader's `boundaries`, so that variants stay in step without talking.
#pragma once

#include "core/base/ticks.hpp"
#include "core/contract/run_directory.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace continuo::segment {

/// Pure; goes along the lines of the file and the pictures of one input, each in their order.
/// Between two discontinuities times are compared, over them the lines are counted.
class BoundaryFollower {
public:
    /// A picture, or what takes its place in audio alone.
    struct AccessUnit {
        Ticks90k pts{}; ///< 33 bit
        bool random_access{false};
        Ticks90k length{};             ///< of such units
        bool fills_its_segment{false}; ///< with another one the open segment would be too long
    };

    static constexpr Ticks90k head_start{90'000}; ///< so much sooner sound may begin than pictures

    /// `first`: number of the segment to begin with, counted over the lines of the file.
    explicit BoundaryFollower(std::uint64_t first) noexcept : first_(first) {}

    void add(contract::Boundary boundary);
    /// The input is not continuous here: what follows belongs behind the next `discontinuity`.
    /// False when that line is still to come.
    bool pass_discontinuity();

    /// Whether the lines tell what becomes of a unit at `pts`. `tolerance`: how much earlier than
    /// its boundary a unit may be.
    bool covers(Ticks90k pts, Ticks90k tolerance) const noexcept;

    /// The boundary at which `unit` begins a segment: it is the first random-access point at or
    /// after it; or the last unit in front of the next one, if no such point came. The first of
    /// all, and behind a discontinuity, may be earlier by `head_start`, and the others then as
    /// early as it was. Where several boundaries were passed at once the latest counts, the input
    /// has lost something.
    std::optional<contract::Boundary> opened_by(AccessUnit const& unit, Ticks90k tolerance);

    /// No boundary was reached yet since the last discontinuity.
    bool begins_stretch() const noexcept { return is_first_of_stretch_; }

private:
    bool is_reached_by(AccessUnit const& unit, Ticks90k tolerance) const noexcept;
    void learn_offset(AccessUnit const& unit) noexcept;
    bool is_last_chance(AccessUnit const& unit) const noexcept;

    std::deque<contract::Boundary> ahead_; ///< lines whose place the input has not reached
    std::uint64_t first_;
    std::uint64_t passed_{};           ///< segments begun, or passed over
    std::uint64_t stretches_ahead_{};  ///< `discontinuity` lines in `ahead_`
    std::uint64_t stretches_behind_{}; ///< those that are still to come
    Ticks90k offset_{};                ///< how much earlier than its leader this stretch began
    bool is_first_of_stretch_{true};
    bool has_ended_{false};
};

} // namespace continuo::segment
