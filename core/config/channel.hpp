// One element of `channels:` -> Channel. Inside this room only.
#pragma once

#include "core/config/section.hpp"

#include <filesystem>
#include <string>

namespace continuo::config {

/// What a channel takes where it does not say so itself: `defaults:`.
struct Defaults {
    milliseconds segment_time{Channel{}.segment_time};
    unsigned window{Channel{}.window};
    std::uint64_t budget_bytes{Channel{}.budget_bytes};
    std::string preset{"veryfast"};
};

/// `folder`: where relative paths begin. What is wrong goes to `problems`; the channel is then not
/// to be used.
Channel read_channel(Entry const& entry, Defaults const& defaults, fs::path const& folder,
                     Problems& problems);

} // namespace continuo::config
