// An MPD as a multivariant playlist: every variant with every group of sound and of text, once for
// each origin. For hls_view.cpp. Pure.
#pragma once

#include "core/hls/multivariant_playlist.hpp"
#include "http/dashlive/hls/streams.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

/// Whose media playlists are listed: an origin's name ("bu1", empty where there is but one), and
/// where its playlists are.
struct HlsOrigin {
    std::string name;
    std::function<std::string(std::string_view id)> uri_of;
};

/// The same variant from another origin is listed behind all of the first: players fall back to it
/// (RFC 8216 §6.2.4).
hls::MultivariantPlaylist multivariant_playlist_of(HlsStreams const& streams,
                                                   std::vector<HlsOrigin> const& origins);

} // namespace continuo::dashlive
