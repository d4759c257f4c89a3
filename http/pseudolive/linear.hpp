// The assets of a schedule as one channel: which track of each is played in which of its tracks.
// Pure.
#pragma once

#include "http/pseudolive/asset.hpp"
#include "http/pseudolive/stream.hpp"
#include "http/storage/refusal.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace continuo::pseudolive {

/// What players are told to choose from.
struct Face {
    hls::MultivariantPlaylist master; ///< URIs are ids
    std::vector<std::string> ids;     ///< of the stream's tracks
};

Face face_of(Asset const& asset);

struct ScheduledAsset {
    std::string name;
    AssetPtr asset;
    std::uint64_t times{1};
};

struct Linear {
    std::vector<Item> items;
    Face face;
};

/// The channel has the tracks of the first asset; of the others the first variant stands for its
/// first, and the variants nearest in bandwidth for the rest; sound by language. Subtitles that one
/// of them lacks are left out, and so are attributes beyond RFC 8216 that are not the same in all.
/// Refused: assets with sound of its own beside such that have it inside the variants, and
/// fragmented MP4 beside what needs no map, which no list can take back.
storage::Accepted<Linear> linear(std::vector<ScheduledAsset> const& schedule);

} // namespace continuo::pseudolive
