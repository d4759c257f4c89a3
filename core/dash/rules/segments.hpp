// Which segments a representation has, and when: numbers, media times and the wall clock, each from
// the others, without a rounding that anybody could see.
#pragma once

#include "core/dash/rules/presentation.hpp"
#include "core/hls/media_playlist.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace continuo::dash::rules {

using hls::WallTime;

/// What may lie between two clocks that were compared over a network.
inline constexpr milliseconds clock_tolerance{50};
/// Of one representation, looked at in one MPD.
inline constexpr std::size_t most_segments = 100'000;

/// In units of the representation's timescale; `time` is what $Time$ stands for, so it counts from
/// wherever the media do.
struct Segment {
    std::uint64_t number{};
    std::uint64_t time{};
    std::uint64_t duration{};

    friend bool operator==(Segment const&, Segment const&) = default;
};

/// A representation in its period; both belong to `presentation`, which outlives it.
class Strand {
public:
    Strand(Presentation const& presentation, Period const& period,
           Representation const& representation)
        : presentation_(presentation), period_(period), representation_(representation) {}

    Period const& period() const noexcept { return period_; }
    Representation const& representation() const noexcept { return representation_; }
    bool is_live() const noexcept { return presentation_.is_live; }
    bool is_timeline() const noexcept { return representation_.addressing.timeline.has_value(); }

    /// What the timeline lists; or, by the clock, what lies in the time-shift buffer and is
    /// available by `now`: the newest `most` of these. Of a static presentation all, the first
    /// `most`. Errors: those of `segments_of`.
    Result<std::vector<Segment>> segments(WallTime now, std::size_t most) const;

    /// On the wall clock, of a live presentation. `end_of` less `ahead` is when it is available.
    WallTime start_of(Segment const& segment) const noexcept;
    WallTime end_of(Segment const& segment) const noexcept;
    WallTime available_from(Segment const& segment) const noexcept;
    /// When nobody has to serve it any more; nothing where the MPD has no time-shift buffer, and so
    /// never (§5.3.1.2).
    std::optional<WallTime> available_until(Segment const& segment) const noexcept;

    /// As long as `segment`, which has to be the last; nothing where the period ends with that, or,
    /// behind a timeline, less than half a segment later.
    std::optional<Segment> next_of(Segment const& segment) const noexcept;

private:
    WallTime wall_time(std::uint64_t media_time) const noexcept;
    Result<std::vector<Segment>> listed() const;
    std::vector<Segment> counted(WallTime now, std::size_t most) const;
    /// How many segments the period has; nothing while nobody knows.
    std::optional<std::uint64_t> count() const noexcept;

    Presentation const& presentation_;
    Period const& period_;
    Representation const& representation_;
};

} // namespace continuo::dash::rules
