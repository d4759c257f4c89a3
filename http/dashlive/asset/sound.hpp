// Sound as frames that can be cut anew on the grid of the pictures. For asset_track.cpp. Pure.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/asset/facts.hpp"
#include "http/storage/refusal.hpp"

#include <string>
#include <vector>

namespace continuo::dashlive {

/// Fills in `track.sound` and where each segment's frames begin, in step with the pictures as both
/// lie on disk: what comes too early is left out, what is missing in front is the first frame,
/// repeated. False where frames are not equally long. Refused, by how much: sound that begins, or
/// ends, so much later or earlier than the pictures that a segment of it is missing.
storage::Accepted<bool> cut_again(Track& track, TrackFacts const& facts, Track const& reference,
                                  TrackFacts const& reference_facts,
                                  std::vector<std::string>& notes);

} // namespace continuo::dashlive
