// Which segments lie in a break: from the cues at the heads of segments to what each segment's tags
// say. Pure; the live timeline and the resegmenter ask the same machine, so that both mark alike.
#pragma once

#include "core/timeline/cue.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace continuo::timeline {

using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// What one segment is in a break; holds all of the break, so that a reader who sees this segment
/// alone can go on from it.
struct BreakMark {
    enum class Kind : std::uint8_t {
        out,  ///< the break begins with this segment
        cont, ///< it lies inside
        in,   ///< the break ended in front of it
    };
    Kind kind{Kind::out};
    Cue out;                      ///< what began the break
    std::optional<Cue> in{};      ///< of `in`: what ended it; nothing where it returned by itself
    std::uint64_t first_number{}; ///< media sequence number of the segment that began it: with the
                                  ///< event id the break's name, never used again
    Ticks90k elapsed{};           ///< media from there to the start of this segment
    WallTime start_date{};        ///< of the splice that began it
    std::optional<WallTime> end_date{}; ///< of `in`: of the splice that ended it

    friend bool operator==(BreakMark const&, BreakMark const&) = default;
};

/// One break at a time: an OUT inside of a break is passed over (a repetition, or a nested one),
/// and so is the IN of a nested one and that of the break before. Any other IN ends the break:
/// encoders do not all repeat the event's id. One with `auto_return` also ends in front of the
/// first segment at which its planned time has passed.
class Breaks {
public:
    Breaks() = default;
    /// Goes on behind a segment of this `duration` that was marked so.
    Breaks(std::span<BreakMark const> last, Ticks90k duration);

    struct Segment {
        std::uint64_t number{};
        Ticks90k start{}; ///< 33 bit
        Ticks90k duration{};
        WallTime date{};
        std::span<Cue const> cues{}; ///< whose splice opens it
    };
    /// The next segment's marks: none outside of breaks; `in` then `out` where one break follows
    /// another at once. Segments come in their order.
    std::vector<BreakMark> next(Segment const& segment);

    bool in_break() const noexcept { return open_.has_value(); }

private:
    struct Open {
        BreakMark mark;
        Ticks90k passed{}; ///< media listed since it began
    };
    bool has_returned() const;
    bool ends_break(Cue const& cue, std::span<Cue const> others);
    BreakMark open(Segment const& segment, Cue const& out);
    BreakMark close(Segment const& segment, std::optional<Cue> in);

    std::optional<Open> open_;
    std::set<std::uint32_t> nested_;      ///< event ids of OUTs inside of the break
    std::optional<std::uint32_t> before_; ///< event id of the break that was closed last
};

} // namespace continuo::timeline
