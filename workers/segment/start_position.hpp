// Where in a playlist a run begins: at the live edge, at a wanted time, or at the beginning of what
// has ended.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "workers/segment/segment_dates.hpp"

#include <cstddef>
#include <optional>

namespace continuo::segment {

struct StartPosition {
    /// Into the listed segments; their number: the one that comes next.
    std::size_t index{};
    /// It was chosen for `at`: the run begins with the first keyframe of that time.
    bool is_at{false};

    friend bool operator==(StartPosition const&, StartPosition const&) = default;
};

/// Without `at`: the second newest segment of a live list, but none in front of its last
/// discontinuity (where time may go back); the first one of an ended list.
/// With `at`: the segment that has it, the oldest one when `at` is older. What comes soon is worth
/// more than what fits: where `at` is later than the newest segment's beginning, it is as without.
/// `playlist` lists at least one segment, dated by `dates`.
StartPosition start_of(hls::MediaPlaylist const& playlist, Dates const& dates,
                       std::optional<hls::WallTime> at);

} // namespace continuo::segment
