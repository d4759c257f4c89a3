// The samples that one track gives to a segment, with the times that they have there: what is cut
// into chunks, encrypted and written into new fragments. Pure.
#pragma once

#include "core/mp4/fragment.hpp"
#include "core/mp4/protection.hpp"
#include "http/dashlive/media/layout.hpp"
#include "http/dashlive/media/media_name.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <vector>

namespace continuo::dashlive {

/// A stored segment that an answer is made of. `layout` is null until it has been read.
struct Ingredient {
    TrackPtr track;
    std::size_t segment{}; ///< of the track
    Depth depth{Depth::structure};
    LayoutPtr layout;
};

/// A sample where it lies: in memory where `bytes` has any, else in a file.
struct Source {
    std::span<std::uint8_t const> bytes;
    StoredSegment const* stored{};
    std::uint64_t offset{}; ///< in the file
};

struct Strand {
    TrackPtr track;
    std::uint32_t track_id{}; ///< in the fragments; two tracks may have the same one on disk
    std::int64_t time{};      ///< tfdt of the first sample
    std::vector<mp4::Sample> samples;
    std::vector<Source> sources;                    ///< one for each sample
    std::span<std::uint8_t const> type;             ///< styp of the stored segment, if it has one
    std::vector<std::uint8_t> additional;           ///< boxes for the end of its traf
    std::optional<mp4::TrackProtection> protection; ///< how it is to be encrypted; in memory then
    std::list<std::vector<std::uint8_t>> owned;     ///< what `sources` may point to
};

/// Sound that is cut again, on the grid of the pictures: only frames that the asset knows of.
Strand cut_sound(Session const& session, TrackPtr const& track, std::int64_t index,
                 std::span<Ingredient const> ingredients);

/// The stored segment under the time it has at `index`; `ingredient`: with its layout.
Strand moved_strand(Session const& session, TrackPtr const& track, std::int64_t index,
                    Ingredient const& ingredient);

/// Which stored segment is the one at `index`, and where it goes; of tracks that are not cut again.
struct Placement {
    std::size_t segment{}; ///< of the track
    std::int64_t start{};  ///< tfdt, in units of its timescale
    std::int64_t shift{};  ///< by how much it moves
};
Placement placement_of(Asset const& asset, Track const& track, std::int64_t index) noexcept;

} // namespace continuo::dashlive
