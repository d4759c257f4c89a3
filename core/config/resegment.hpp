// The key `resegment` of a channel. Inside this room only.
#pragma once

#include "core/config/config.hpp"
#include "core/config/section.hpp"

namespace continuo::config {

/// Into `channel`, of which it may set what concerns the cutting. Paths are seen from `folder`.
void read_resegment(Entry const& entry, fs::path const& folder, Channel& channel,
                    Problems& problems);

} // namespace continuo::config
