// How a client reached us: what absolute URLs in MPDs and playlists begin with. Pure.
#pragma once

#include "http/server/request.hpp"

#include <string>

namespace continuo::dashlive {

/// "https://host:8080", by Host and X-Forwarded-Proto; nothing where Host is none, so that URLs
/// begin with their path.
std::string base_url_of(server::Request const& request);

} // namespace continuo::dashlive
