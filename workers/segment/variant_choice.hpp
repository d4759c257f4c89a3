// Which quality of a multivariant playlist becomes the source: the best one that has a picture.
#pragma once

#include "core/base/result.hpp"
#include "core/hls/multivariant_playlist.hpp"

#include <string>

namespace continuo::segment {

/// The URI, as written, of the variant with the highest BANDWIDTH that may have video.
/// Errors, all `Errc::unsupported`: no variant has video; the sound of the best one is in playlists
/// of its own.
Result<std::string> variant_of(hls::MultivariantPlaylist const& playlist);

} // namespace continuo::segment
