// One element of a channel's `sources:` -> Source. Inside this room only.
#pragma once

#include "core/config/section.hpp"

#include <filesystem>

namespace continuo::config {

/// `folder`: where relative paths begin. What is wrong goes to `problems`; the source is then not
/// to be used.
Source read_source(Entry const& entry, fs::path const& folder, Problems& problems);

} // namespace continuo::config
