// `pseudolive:` and a channel's `schedule:`, what is played from disk. Inside this room only.
#pragma once

#include "core/config/config.hpp"
#include "core/config/section.hpp"

#include <vector>

namespace continuo::config {

/// Paths are seen from `folder`. What is wrong goes to `problems`.
Pseudolive read_pseudolive(Entry const& entry, fs::path const& folder, Problems& problems);

/// The items of `section`'s key `schedule`, which is there. Complains about keys of the channel
/// that say how segments are made: these are made already.
std::vector<ScheduleItem> read_schedule(Section const& section, Problems& problems);

} // namespace continuo::config
