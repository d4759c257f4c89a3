// A session as HLS. Beside any MPD lies its multivariant playlist (NAME.m3u8 for NAME.mpd, and
// manifest.m3u8 for the first), and below hls/ the media playlists: other lists of the same media
// segments, which are there at the same time, and stay for longer
// (`Retention::hls`). Pure.
//
//     manifest.m3u8 ─► hls/V300.m3u8 ─► hls/V300/init.mp4, hls/V300/40.m4s
#pragma once

#include "http/dashlive/asset/url_space.hpp"
#include "http/dashlive/session/session.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace continuo::dashlive {

/// Whether a path behind the asset is to be answered by `hls_playlist_of`.
bool is_hls_playlist(std::string_view path) noexcept;

struct HlsPlaylist {
    std::string text;
    /// It is the same up to this instant of the session's clock; without: for ever.
    std::optional<DateTime> valid_until;
    /// No segment is longer: half of it is what caches may keep it for. 0 of a multivariant one.
    std::chrono::seconds target_duration{};
};

/// `path`: behind the asset: "manifest.m3u8", "hls/V300.m3u8", "hls/bu1/V300.m3u8".
/// `query`: as the client wrote it, without the question mark; all links have it too, so that a
/// session at another time (nowMS), or one with parameters of its own (annexI), stays that.
/// Errors: 404 for a playlist that can't be; 425 as long as nothing is listed; 400 for lists of
/// more than 10 000 lines, and for a media playlist whose start is relative to now.
Answer<HlsPlaylist> hls_playlist_of(Session const& session, std::string_view path,
                                    std::string_view query);

} // namespace continuo::dashlive
