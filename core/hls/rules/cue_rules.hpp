// Rules 14 and 37: what one version of a media playlist says of breaks, and whether two playlists
// say the same.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/hls/rules/finding.hpp"

#include <string>
#include <vector>

namespace continuo::hls::rules {

/// A break that goes on began, one that ends was open, and elapsed time counts EXTINF (37); date
/// ranges keep to RFC 8216 §4.3.2.7 (14).
Remarks check_cues(MediaPlaylist const& playlist);

/// The tags of a segment that tell of breaks, in their order; date ranges left out, since one may
/// be told again at the head of a list.
std::vector<std::string> cue_tags_of(MediaSegment const& segment);

/// The IDs of its date ranges that carry SCTE-35.
std::vector<std::string> splice_ids_of(MediaSegment const& segment);

} // namespace continuo::hls::rules
