// Where sound is cut so that it follows the pictures of a loop: every segment begins with the first
// whole frame that doesn't begin before its pictures, lap after lap, and the two never drift apart.
#pragma once

#include "core/timeline/addressing.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace continuo::timeline {

/// The same frames as often as it takes, from the loop's source: those from `first` on, and the
/// last of them all as often as a segment goes beyond the source's end.
struct FrameRun {
    std::int64_t lap{};      ///< of the loop that the frames are in
    std::int64_t first{};    ///< in the source, from its first frame on
    std::int64_t count{};    ///< frames of the source
    std::int64_t repeated{}; ///< and then its last frame so many times

    friend bool operator==(FrameRun const&, FrameRun const&) = default;
};

/// The grid of one sound track along the segments of `pictures`.
class AudioGrid {
public:
    /// `frame`: samples of a frame (1024, 1536, 2048 ...), in units of `timescale`; more than 0.
    /// `pictures` must outlive the grid.
    AudioGrid(SegmentLoop const& pictures, std::uint32_t timescale, std::int64_t frame) noexcept
        : pictures_(&pictures), timescale_(timescale), frame_(frame) {}

    /// When the first frame at or behind the pictures' `time` begins, in units of the sound.
    std::int64_t boundary(std::int64_t time) const noexcept;

    struct Segment {
        std::int64_t start{}; ///< units of the sound, since the stream's start
        std::int64_t end{};

        friend bool operator==(Segment const&, Segment const&) = default;
    };
    Segment segment(std::int64_t index) const noexcept;
    /// The segment that begins exactly at `start`; nothing where none does.
    std::optional<std::int64_t> index_at(std::int64_t start) const noexcept;

    /// What a segment is made of: the lap its pictures are in, with the last frame repeated where
    /// the source is too short, and the surplus left out where it is too long. A segment of
    /// pictures never crosses a lap, and its sound begins and ends on boundaries of that lap.
    /// `source_frames`: how many the source has, at least one.
    FrameRun frames(std::int64_t index, std::int64_t source_frames) const noexcept;

private:
    SegmentLoop const* pictures_;
    std::uint32_t timescale_;
    std::int64_t frame_;
};

} // namespace continuo::timeline
