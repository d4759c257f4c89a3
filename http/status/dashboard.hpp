// The page at `/`: all channels with their state, made on the server so that it says something
// without scripts too.
#pragma once

#include "core/config/config.hpp"
#include "http/status/condition.hpp"

#include <string>

namespace continuo::status {

/// The rows of the list; `{{channels}}` in the page's template.
std::string channel_list(config::Config const& config, FindSnapshot const& find, SteadyTime now);

} // namespace continuo::status
