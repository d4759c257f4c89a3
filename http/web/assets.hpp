// The pages' sources and their players, as the build embedded them.
#pragma once

#include "http/server/response.hpp"
#include "http/server/router.hpp"

#include <string>
#include <string_view>

namespace continuo::web {

/// The source called `name` in this folder ("index.html"); a name that was not embedded is a bug.
std::string_view text_of(std::string_view name);

/// The URL of hls.js, which names its version: "/assets/hls-1.7.4.js".
std::string hls_path();

/// "/assets/dash-5.2.1.js".
std::string dash_path();

/// An HTML page under the strictest policy that the players can live with; never kept by others.
server::Response page(std::string html);

/// Style, scripts and players below /assets, where the players may be kept for ever; and /urlgen.
void add_routes(server::Router& router);

} // namespace continuo::web
