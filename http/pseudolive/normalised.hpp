// A media playlist as it was found -> segments that stand for themselves: what followed from their
// place in that list is written out, so that they can be listed under other numbers and behind
// others. Pure.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "http/storage/refusal.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace continuo::pseudolive {

/// What a key's attributes name; empty where they name nothing.
std::string key_uri(hls::MediaKey const& key);

/// `path`: the playlist's, from the asset's folder on. URIs of segments, maps and keys become
/// relative to that folder (keys may be absolute), byte ranges get their offset, and keys their IV:
/// without one it is the segment's number in *this* list (RFC 8216 §5.2). Dates go, and tags that
/// we do not know: they speak of another time.
/// Refused: a list without segments, gaps, a byte range that follows nothing, keys without a
/// method, files outside.
storage::Accepted<std::vector<hls::MediaSegment>> normalised(hls::MediaPlaylist playlist,
                                                             std::string_view path);

} // namespace continuo::pseudolive
