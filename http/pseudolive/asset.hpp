// An asset: HLS that was segmented beforehand, with what was measured of it, wherever it lies and
// whatever it is called. Immutable once read; all threads share it, and all names of it.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/hls/multivariant_playlist.hpp"
#include "core/timeline/loop.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace continuo::pseudolive {

/// A playlist of the asset: a variant's, or that of a rendition. The first one is the reference:
/// its segments say what time it is for all.
struct Track {
    std::string id; ///< in URLs; unique in the asset
    /// As in the input, but: URIs relative to the asset's folder or absolute, byte ranges with
    /// their offset, keys with their IV, EXTINF as measured; and none that begins when the
    /// reference has ended.
    std::vector<hls::MediaSegment> segments;
    std::shared_ptr<timeline::Lap const> lap; ///< of `segments`
    /// Where the track is not cut like the reference: how many of its segments begin before the end
    /// of the reference's first 0, 1, ... n; empty where segment belongs to segment.
    std::vector<std::size_t> begun_by{};

    friend bool operator==(Track const& one, Track const& other) {
        return one.id == other.id && one.segments == other.segments &&
               one.begun_by == other.begun_by; // of which the lap follows
    }
};

struct Asset {
    std::chrono::seconds target_duration{}; ///< the longest segment of all tracks
    int version{3};                         ///< EXT-X-VERSION that the segments need
    bool independent_segments{false};
    /// Variants and renditions with their URIs, which are ids of `tracks`; as in the input.
    hls::MultivariantPlaylist master;
    std::vector<Track> tracks;        ///< variants in their order, then renditions
    std::vector<std::string> files{}; ///< all that lists name, from the folder on; ascending
    std::string fingerprint{};        ///< of what the reference lists, when, and all numbers
    std::size_t by_extinf{};          ///< segments whose bytes tell no duration

    friend bool operator==(Asset const&, Asset const&) = default;
};
using AssetPtr = std::shared_ptr<Asset const>;

} // namespace continuo::pseudolive
