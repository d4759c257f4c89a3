// Recordings that are broken in one rule each, and the check that the verifier names that rule and
// no other.
#pragma once

#include "tests/unit/core/hls/rules/recording.hpp"

#include <functional>
#include <string>
#include <vector>

namespace continuo::hls::rules {

struct Broken {
    int rule;
    Weight weight;
    std::string name;
    std::function<void(Recording&)> how;
};

/// Plays each of them; for use in a test case.
void check_recordings(std::vector<Broken> const& recordings);

std::string text_of(std::vector<Finding> const& findings);

/// The listed segment of that number; null when it is not listed.
MediaSegment* find(MediaPlaylist& playlist, std::uint64_t number);

/// Does `edit` to segment `number` wherever it is listed.
std::function<void(MediaPlaylist&, Occasion)>
on_segment(std::uint64_t number, std::function<void(MediaSegment&, Occasion)> edit);

/// The same ladder as fragmented MP4, its decode times without holes; `edit` has the last word on
/// what is measured.
void make_fragmented(
    Recording& recording,
    std::function<void(SegmentFacts&, SegmentOccasion)> edit = [](auto&, auto) {});

/// The second one is a rendition, whose segments have numbers by one higher than the video's of the
/// same time; `date_off` is what its dates are off.
void make_rendition(Recording& recording, std::chrono::milliseconds date_off = {});

} // namespace continuo::hls::rules
