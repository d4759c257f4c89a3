// A channel's `playhead:` -> the API that chooses its source. Inside this room only.
#pragma once

#include "core/config/section.hpp"

namespace continuo::config {

/// What is wrong goes to `problems`.
Playhead read_playhead(Entry const& entry, Problems& problems);

} // namespace continuo::config
