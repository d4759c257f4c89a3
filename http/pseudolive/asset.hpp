// An asset: HLS that was segmented beforehand, as it lies in its folder, with what was measured of
// it. Immutable once read; all threads share it.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/hls/multivariant_playlist.hpp"
#include "core/timeline/loop.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace continuo::pseudolive {

/// A playlist of the asset: a variant's, or that of a rendition.
struct Track {
    std::string id; ///< in URLs; unique in the asset
    /// As in the input, with URIs relative to the asset's folder; EXTINF replaced by what was
    /// measured.
    std::vector<hls::MediaSegment> segments;
    /// Of the reference's segments, the first of this track that begins with it or later: where
    /// both have as many segments, the same number. Empty then.
    std::vector<std::size_t> first_at{};
};

struct Asset {
    std::string name;
    std::filesystem::path folder;
    std::shared_ptr<timeline::Lap const> lap; ///< of the reference, `tracks[0]`
    std::chrono::seconds target_duration{};   ///< the longest segment of all tracks
    int version{3};                           ///< EXT-X-VERSION that the segments need
    bool independent_segments{false};
    /// Variants and renditions with their URIs, which are ids of `tracks`; as in the input.
    hls::MultivariantPlaylist master;
    std::vector<Track> tracks; ///< variants in their order, then renditions
};
using AssetPtr = std::shared_ptr<Asset const>;

} // namespace continuo::pseudolive
