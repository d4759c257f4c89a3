// What the playlists of an asset are called in URLs. Pure.
#pragma once

#include <string>
#include <vector>

namespace continuo::pseudolive {

/// A name for each of `paths` (all different), as short as it can be: the file's own, "720p" of
/// "720p.m3u8", where no other has it; or its folder's, "720p" of "720p/index.m3u8"; or the whole
/// path with '-' for '/'. Of letters, digits and "-._~"; no two are alike.
std::vector<std::string> track_ids(std::vector<std::string> const& paths);

} // namespace continuo::pseudolive
