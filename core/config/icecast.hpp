// A channel's `icecast:` -> where its audio goes. Inside this room only.
#pragma once

#include "core/config/section.hpp"

#include <filesystem>

namespace continuo::config {

/// `folder`: where relative paths begin. What is wrong goes to `problems`.
Icecast read_icecast(Entry const& entry, fs::path const& folder, Problems& problems);

} // namespace continuo::config
