// Which URL belongs to which feature: the only file that knows them all.
#pragma once

#include "http/dashlive/asset/library.hpp"
#include "http/dashlive/media/layouts.hpp"
#include "http/live/live.hpp"
#include "http/pseudolive/catalogue.hpp"
#include "http/server/shared.hpp"
#include "http/server/worker.hpp"
#include "http/settings.hpp"
#include "http/watch/watch.hpp"

namespace continuo {

/// What all threads serve from; it outlives their last request.
struct Supplies {
    server::Shared<Settings> const& settings;
    live::Live const& live;
    watch::Watch& watch;
    pseudolive::Catalogue& catalogue;
    dashlive::AssetLibrary& dash_assets;
    dashlive::Layouts& dash_layouts;
};

/// The site of one thread.
server::Site make_site(Supplies const& supplies);

} // namespace continuo
