// The proxy: its two ports, its visits and the sweep over their deadlines.
#pragma once

#include "core/base/result.hpp"
#include "workers/egress/command_line.hpp"
#include "workers/egress/options.hpp"
#include "workers/egress/refusal_log.hpp"
#include "workers/egress/visit.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace continuo::egress {

/// Owned by main; lives as long as its loop runs.
class Proxy {
public:
    static constexpr std::size_t most_visits = 128;

    /// `network` and `loop` outlive it. `tell`: a line for the supervisor.
    Proxy(boost::asio::io_context& loop, Network& network,
          std::function<void(std::string const& line)> tell, Patience const& patience = {});
    Proxy(Proxy const&) = delete;
    Proxy& operator=(Proxy const&) = delete;

    /// Opens the ports on 127.0.0.1 and tells of them. Errors: errno.
    Result<workers::egress::Doors> open(Options const& options);

private:
    using tcp = boost::asio::ip::tcp;

    struct Entrance {
        Door door;
        tcp::acceptor acceptor;
    };

    Result<std::string> open_entrance(Door door, std::uint16_t port);
    boost::asio::awaitable<void> accept(Entrance& entrance);
    boost::asio::awaitable<void> sweep();
    void welcome(tcp::socket client, Door const& door);
    static void turn_away(tcp::socket client);

    boost::asio::io_context& loop_;
    std::function<void(std::string const& line)> tell_;
    RefusalLog refusals_;
    Surroundings surroundings_;
    std::vector<std::unique_ptr<Entrance>> entrances_;
    std::vector<std::weak_ptr<Visit>> visits_;
};

} // namespace continuo::egress
