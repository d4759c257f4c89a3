// The keys of a channel that say how its lists announce breaks. Inside this room only.
#pragma once

#include "core/config/config.hpp"
#include "core/config/section.hpp"

namespace continuo::config {

/// `hls_tag`: one style or a list of several.
void read_hls_tags(Section const& section, Cues& cues);

/// `hls_tag`, `interstitial` and `cue_discontinuity`.
void read_cues(Section const& section, Cues& cues, Problems& problems);

} // namespace continuo::config
