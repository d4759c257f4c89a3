// What is inside a segment: the facts that the rules of media compare with the playlist.
#pragma once

#include "core/hls/rules/observation.hpp"

#include <string_view>

namespace continuo::cli {

/// Measures an MPEG transport stream; of any other container only its kind is told.
hls::rules::SegmentFacts measure_segment(std::string_view body);

} // namespace continuo::cli
