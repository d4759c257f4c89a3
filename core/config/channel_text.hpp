// A channel with a playhead -> the part of config.yaml that says so. Inside this room only.
#pragma once

#include "core/config/config.hpp"

#include <string>

namespace continuo::config {

/// One element of `channels:`, which `load` takes back; of what from_environment sets. `channel`
/// has a playhead.
std::string channel_text(Channel const& channel);

} // namespace continuo::config
