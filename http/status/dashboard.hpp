// The page at `/`: all channels with their state, made on the server so that it says something
// without scripts too.
#pragma once

#include "core/config/config.hpp"
#include "http/status/condition.hpp"

#include <string>
#include <string_view>

namespace continuo::status {

/// Text for HTML, attribute values included.
std::string escaped(std::string_view text);

/// The rows of the list; `{{channels}}` in the page's template.
std::string channel_list(config::Config const& config, FindSnapshot const& find, SteadyTime now);

/// `page` with each `{{name}}` replaced by `text`, which is HTML already.
std::string filled(std::string_view page, std::string_view name, std::string_view text);

} // namespace continuo::status
