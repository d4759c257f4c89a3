// Rules 8, 9, 10, 14, 17 and 37 between two versions of one media playlist: segments are added
// behind and removed in front, and nothing else ever changes.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/hls/rules/finding.hpp"

namespace continuo::hls::rules {

/// `before` was served before `after`; the poller may have missed versions between them.
Remarks check_update(MediaPlaylist const& before, MediaPlaylist const& after);

/// The number behind a playlist's last segment.
constexpr std::uint64_t end_of(MediaPlaylist const& playlist) noexcept {
    return playlist.media_sequence + playlist.segments.size();
}

/// The discontinuity sequence number of each segment, RFC 8216 §6.2.1.
std::vector<std::uint64_t> discontinuity_numbers(MediaPlaylist const& playlist);

} // namespace continuo::hls::rules
