// Rules 4, 7 and 23: what a segment holds against what its playlist says of it.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/hls/rules/finding.hpp"
#include "core/hls/rules/observation.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace continuo::hls::rules {

/// A segment as listed and as measured.
struct MeasuredSegment {
    std::uint64_t number{};
    MediaSegment const* listed{}; ///< never null; the caller owns it
    SegmentFacts const* facts{};  ///< never null; the caller owns it
};

/// An initialisation section: it is there, and `checked` says that it is one.
Remarks check_map(MediaMap const& map, Response const& response, Result<> const& checked);

/// The segment alone: tables in front and one program, or EXT-X-MAP; a keyframe in front where it
/// was promised.
Remarks check_contents(MeasuredSegment const& segment, bool independent_segments);

/// A segment and the one behind it: EXTINF, no jump in time without a DISCONTINUITY, and in fMP4
/// decode times without gap or overlap.
/// `version`: the playlist's; below 3 durations are whole seconds.
Remarks check_neighbours(MeasuredSegment const& segment, MeasuredSegment const& next, int version);

/// The last segment of a stream that is over, which has nothing behind it: EXTINF against its own
/// pictures, within one of them.
Remarks check_last(MeasuredSegment const& segment, int version);

/// EXTINF summed over neighbouring segments without DISCONTINUITY between them: within one frame of
/// the media. `segments`: in order, numbers ascending, holes allowed.
Remarks check_sums(std::vector<MeasuredSegment> const& segments, int version);

} // namespace continuo::hls::rules
