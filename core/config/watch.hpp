// `watch:`, films that viewers choose and watch together. Inside this room only.
#pragma once

#include "core/config/config.hpp"
#include "core/config/section.hpp"

namespace continuo::config {

/// Paths are seen from `folder`. What is wrong goes to `problems`.
Watch read_watch(Entry const& entry, fs::path const& folder, Problems& problems);

} // namespace continuo::config
