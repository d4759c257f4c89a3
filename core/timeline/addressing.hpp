// How a live stream that repeats an asset names its segments: number, media time and place in the
// loop, each from each, exactly, in units of a track's timescale. Times are counted from the
// availability start.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace continuo::timeline {

/// A length of time as `units` of 1/`timescale` s; `timescale` is never 0.
struct MediaTime {
    std::int64_t units{};
    std::uint32_t timescale{1};

    friend bool operator==(MediaTime const&, MediaTime const&) = default;
};

/// What anybody asks for lies before this, some 2000 years: nothing here overflows up to it, with
/// timescales up to `max_timescale`.
inline constexpr std::chrono::seconds max_elapsed{std::int64_t{1} << 36};
inline constexpr std::uint32_t max_timescale = 1U << 26;

/// In units of another clock, rounded up. `time` within `max_elapsed`.
std::int64_t rescaled_up(MediaTime time, std::uint32_t timescale) noexcept;

/// A loop of segments, end to end, that starts over for ever. Its length is whatever its segments
/// sum up to: no whole number of milliseconds is asked for.
class SegmentLoop {
public:
    /// `durations`: at least one, each more than 0, within `max_elapsed` in all.
    SegmentLoop(std::uint32_t timescale, std::vector<std::int64_t> const& durations);

    struct Place {
        std::int64_t lap{};    ///< how often the loop has been played before
        std::size_t segment{}; ///< in the loop
        std::int64_t start{};  ///< units since the stream's start
        std::int64_t end{};

        friend bool operator==(Place const&, Place const&) = default;
    };
    /// `index`: counted from the stream's first segment; one that begins within `max_elapsed`.
    Place place_of(std::int64_t index) const noexcept;
    std::int64_t index_of(Place const& place) const noexcept {
        return place.lap * static_cast<std::int64_t>(ends_.size()) +
               static_cast<std::int64_t>(place.segment);
    }
    /// The segment that `time` is in; not before the stream's start, nor behind `max_elapsed`.
    std::int64_t index_covering(std::int64_t time) const noexcept;
    /// The segment that begins at `time`, not before or behind it; nothing where none does, nor
    /// behind `max_elapsed`.
    std::optional<std::int64_t> index_at(std::int64_t time) const noexcept;
    /// How many segments begin before `elapsed`: the index of the first that doesn't.
    std::int64_t begun_before(std::chrono::milliseconds elapsed) const noexcept;
    /// How many segments have ended by `elapsed`, this instant included: the index of the first
    /// that has not. None before the start; behind `max_elapsed` as many as then.
    std::int64_t ended_by(std::chrono::milliseconds elapsed) const noexcept;

    std::uint32_t timescale() const noexcept { return timescale_; }
    std::int64_t length() const noexcept { return ends_.back(); }
    std::int64_t longest() const noexcept { return longest_; } ///< of its segments
    std::size_t size() const noexcept { return ends_.size(); }

private:
    std::int64_t start_of(std::size_t segment) const noexcept {
        return segment == 0 ? 0 : ends_[segment - 1];
    }

    std::uint32_t timescale_;
    std::vector<std::int64_t> ends_;
    std::int64_t longest_;
};

/// Segments by index, from `begin` up to, not including, `end`.
struct IndexRange {
    std::int64_t begin{};
    std::int64_t end{};

    friend bool operator==(IndexRange const&, IndexRange const&) = default;
};

/// What a client may ask for, and when: `now` and `depth` (timeShiftBufferDepth) count from the
/// availability start, `ahead` is availabilityTimeOffset.
struct Availability {
    std::chrono::milliseconds now{};
    std::chrono::milliseconds ahead{};
    std::chrono::milliseconds depth{};
};

/// The segments of a SegmentTimeline: from the last that had ended when the time-shift buffer
/// begins (so that a whole one lies in front of it; the stream's first at least) to the last that
/// has ended, `ahead` of time. Empty when none has.
IndexRange window_of(SegmentLoop const& loop, Availability const& availability) noexcept;

/// From when on a segment can be had that ends at `end`: `ahead` before that; in whole
/// milliseconds, rounded up.
std::chrono::milliseconds available_from(MediaTime end, std::chrono::milliseconds ahead) noexcept;

/// Whether a segment can be had.
struct Verdict {
    enum class Kind { too_early, available, gone };
    Kind kind{Kind::available};
    std::chrono::milliseconds by{}; ///< how much too early, or too late
};

/// Of a segment that ends at `end`, since the availability start: it can be had from
/// `available_from` on until `depth` and `grace` have passed since; both instants included.
Verdict verdict_on(MediaTime end, Availability const& availability,
                   std::chrono::milliseconds grace) noexcept;

} // namespace continuo::timeline
