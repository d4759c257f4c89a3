// Playlists and measured durations -> the asset that is served, or the reason why it can't be: the
// last step from a folder to an asset. Pure.
#pragma once

#include "core/base/ticks.hpp"
#include "http/pseudolive/asset.hpp"
#include "http/pseudolive/input.hpp"
#include "http/storage/refusal.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace continuo::pseudolive {

/// Of each segment of a track.
struct TrackFacts {
    std::vector<std::optional<Ticks90k>> measured; ///< zero: its bytes do not tell
    std::vector<std::uint64_t> sizes_bytes;
};

/// How long a segment is: as measured, but EXTINF where both agree to a tick, and where nothing was
/// measured. So a stream whose playlists are right is where it is before all is measured.
Ticks90k settled(Ticks90k extinf, std::optional<Ticks90k> measured) noexcept;

/// `facts`: one for each track of `input`. Refused, since tracks would slip against each other or
/// against their numbers: tracks that differ by more than half a segment of the reference (the
/// first track), or in where their discontinuities are; subtitles may. Refused, too: segments
/// without a duration.
storage::Accepted<AssetPtr> assembled(Input const& input, std::vector<TrackFacts> const& facts);

} // namespace continuo::pseudolive
