// Which URL belongs to which feature: the only file that knows them all.
#pragma once

#include "http/live/live.hpp"
#include "http/server/shared.hpp"
#include "http/server/worker.hpp"
#include "http/settings.hpp"

namespace continuo {

/// The site of one thread. `settings` and `live` outlive it.
server::Site make_site(server::Shared<Settings> const& settings, live::Live const& live);

} // namespace continuo
