// `livesim:`, DASH on disk that is served as if it were live. Inside this room only.
#pragma once

#include "core/config/config.hpp"
#include "core/config/section.hpp"

namespace continuo::config {

/// Paths are seen from `folder`. What is wrong goes to `problems`.
Livesim read_livesim(Entry const& entry, fs::path const& folder, Problems& problems);

} // namespace continuo::config
