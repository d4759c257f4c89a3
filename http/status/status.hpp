// The status feature: health checks, the API's view of channels, the dashboard and the player page.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/control.hpp"
#include "http/server/response.hpp"
#include "http/server/router.hpp"
#include "http/status/condition.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace continuo::status {

/// What the handlers of one thread need of the world around them.
struct Surroundings {
    /// The newest. What a request reads of it lies in the one that it holds: `find_snapshot` may
    /// ask for it anew.
    std::function<std::shared_ptr<config::Config const>()> config;
    std::function<std::string const&()> token; ///< valid until the next call; empty: none is there
    FindSnapshot find_snapshot;
    std::function<std::filesystem::path()> runtime_dir; ///< where snapshots and the socket are now
};

/// One thread's handlers; each answers the route that `http/routes.cpp` gives it.
class StatusHandlers {
public:
    explicit StatusHandlers(Surroundings surroundings);

    server::Response healthz() const; ///< this process is alive
    server::Response readyz() const;  ///< all configured channels are on air
    server::Response health() const;
    server::Response channels() const;
    server::Response channel(std::string_view name) const;
    boost::asio::awaitable<server::Response> restart(server::Request const& request,
                                                     std::string_view name) const;
    boost::asio::awaitable<server::Response> switch_to(server::Request const& request,
                                                       std::string_view name) const;
    boost::asio::awaitable<server::Response> cue(server::Request const& request,
                                                 std::string_view name) const;
    server::Response dashboard() const;
    server::Response player(std::string_view channel) const;

private:
    /// What a client is told of the daemon's consent, whose result is JSON.
    using Accepted = std::function<std::string(std::string const& result)>;

    bool knows(std::string_view channel) const;
    boost::asio::awaitable<server::Response> pass_on(contract::ControlRequest command,
                                                     Accepted accepted) const;

    Surroundings surroundings_;
};

} // namespace continuo::status
