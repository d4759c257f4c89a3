// From facts to a track that can be looped: its segments laid end to end on its own clock, beside
// those of the pictures. Says what does not fit, and by how much. Pure.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/asset/facts.hpp"
#include "http/storage/refusal.hpp"

#include <string>
#include <vector>

namespace continuo::dashlive {

struct FittedTrack {
    std::shared_ptr<Track const> track;
    std::vector<std::string> notes{}; ///< what was repaired
};

/// The track whose segments give the loop its length and number. Refused: segments that do not
/// follow one another within a frame, and times and clocks that can't be.
storage::Accepted<FittedTrack> reference_track(TrackFacts const& facts);

/// Another one beside it. Pictures have the reference's segments, to a frame; text and images have
/// as many; sound whose frames are equally long, and not encrypted, is cut again; other sound has
/// the reference's segments, to half a segment, and its length, to a tenth of a second.
/// `reference`: of `reference_facts`.
storage::Accepted<FittedTrack> track_beside(TrackFacts const& facts, Track const& reference,
                                            TrackFacts const& reference_facts);

} // namespace continuo::dashlive
