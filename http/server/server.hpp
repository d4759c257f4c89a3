// All threads of the HTTP server, from the port to the last answer.
#pragma once

#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "http/server/worker.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::server {

/// One per core where the settings leave it open.
unsigned thread_count(config::Http const& settings);

/// What to do about a port that `Server::open` was refused.
std::string_view advice_for(boost::system::error_code code) noexcept;

/// Owned by main; `open`, then `run`, then gone. Its first worker runs on main's thread, with
/// main's own affairs.
class Server {
public:
    /// Opens the port once for each thread (SO_REUSEPORT: the kernel spreads the connections); port
    /// 0 takes a free one. `make_site` is called once for each thread, here. Errors: errno of the
    /// port (see `advice_for`).
    static Result<std::unique_ptr<Server>> open(config::Http const& settings,
                                                std::function<Site()> const& make_site);

    /// "127.0.0.1:8080", the port as it really is.
    std::string const& address() const noexcept { return address_; }
    /// The loop that `run` runs on the calling thread.
    boost::asio::io_context& main_loop() noexcept { return workers_.front()->context(); }

    /// Serves until `stop`; returns when all threads have ended.
    void run();
    /// From any thread: see `Worker::stop`.
    void stop();
    /// Limits and deadlines hold from the next request on; address and threads stay as they are.
    void apply(config::Http const& settings);

private:
    explicit Server(config::Http const& settings) : common_(settings) {}

    Common common_;
    std::string address_;
    std::vector<std::unique_ptr<Worker>> workers_;
};

} // namespace continuo::server
