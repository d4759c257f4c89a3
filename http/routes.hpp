// Which URL belongs to which feature: the only file that knows them all.
#pragma once

#include "http/live/live.hpp"
#include "http/pseudolive/catalogue.hpp"
#include "http/server/shared.hpp"
#include "http/server/worker.hpp"
#include "http/settings.hpp"

namespace continuo {

/// The site of one thread. `settings`, `live` and `catalogue` outlive its last request.
server::Site make_site(server::Shared<Settings> const& settings, live::Live const& live,
                       pseudolive::Catalogue& catalogue);

} // namespace continuo
