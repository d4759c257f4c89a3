// What became of a playlist from one load to the next: it grew, or its server began anew.
#pragma once

#include "core/hls/media_playlist.hpp"

#include <cstdint>

namespace continuo::segment {

enum class PlaylistChange : std::uint8_t {
    none,
    grown,    ///< goes on where the one before was, or further ahead
    behind,   ///< an older version of the same list, as a cache may still have it
    restarted ///< the numbers mean other segments now
};

/// Segments of one number are the same when their file's name is; its query may change, and so may
/// the path, since both carry tokens.
PlaylistChange change_of(hls::MediaPlaylist const& before, hls::MediaPlaylist const& now);

/// The number behind the newest segment's.
std::uint64_t end_of(hls::MediaPlaylist const& playlist) noexcept;

} // namespace continuo::segment
