// Which URL belongs to which answer of the watch feature.
#pragma once

#include "http/server/router.hpp"
#include "http/watch/handlers.hpp"

#include <memory>

namespace continuo::watch {

/// As long as `watch.enabled` is false they are all 404.
void add_rows(server::Router& router, std::shared_ptr<WatchHandlers> const& handlers);

} // namespace continuo::watch
