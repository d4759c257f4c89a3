// continuo-http between its start and its end: the server, what it serves from, and what signals
// ask for.
#pragma once

#include "core/base/result.hpp"
#include "http/dashlive/asset/library.hpp"
#include "http/dashlive/media/layouts.hpp"
#include "http/live/live.hpp"
#include "http/pseudolive/catalogue.hpp"
#include "http/server/server.hpp"
#include "http/server/shared.hpp"
#include "http/settings.hpp"
#include "http/watch/watch.hpp"

#include <boost/asio/signal_set.hpp>

#include <memory>

namespace continuo {

/// Lives on main's stack. SIGTERM and SIGINT end `run`, SIGHUP reloads; a file with mistakes
/// changes nothing.
class Service {
public:
    Service(Options options, Settings settings);

    /// Opens the port and takes the first look at the tree. Errors: errno of the port
    /// (`server::advice_for`), of inotify.
    Result<> start();
    /// Tells systemd that it is ready, serves until it is told to stop.
    void run();

private:
    void wait_for_signal();
    void reload();

    Options options_;
    server::Shared<Settings> settings_;
    live::Live live_;
    watch::Watch watch_;
    std::unique_ptr<server::Server> server_;
    // After the server, whose loop they are of.
    pseudolive::Catalogue catalogue_;
    dashlive::AssetLibrary dash_assets_;
    dashlive::Layouts dash_layouts_;
    std::optional<boost::asio::signal_set> signals_;
};

} // namespace continuo
