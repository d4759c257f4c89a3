// A track of a session as a media playlist: the same segments under the same names as in the MPD,
// with their exact durations and dates. For hls_view.cpp. Pure.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "http/dashlive/session/session.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

/// What a list needs to know of a track; of one on disk, or of subtitles that we make up.
struct HlsTrack {
    std::uint32_t timescale{1};
    std::string initialisation; ///< URI
    std::string media;          ///< URI, with $Number$ or $Time$ left in it
    std::function<Interval(std::int64_t index)> interval_of;
    std::vector<hls::MediaKey> keys{}; ///< where it is encrypted on the way out
};

/// Which segments are listed, and until when these.
struct HlsWindow {
    timeline::IndexRange segments;
    std::optional<DateTime> valid_until; ///< without: for ever
};

/// The MPD's window, but of whole segments alone, and never less than three target durations where
/// there are so many (RFC 8216 §6.2.2).
HlsWindow hls_window_of(Session const& session);

/// EXTINF of any track of the session, rounded, is never more.
std::chrono::seconds hls_target_duration(Asset const& asset);

/// `uri_suffix`: behind every URI: "?nowMS=100000", or nothing.
hls::MediaPlaylist media_playlist_of(Session const& session, HlsTrack const& track,
                                     timeline::IndexRange segments, std::string_view uri_suffix);

} // namespace continuo::dashlive
