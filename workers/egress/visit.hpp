// One client of the proxy and its one request: read, checked, connected, forwarded.
#pragma once

#include "workers/egress/door.hpp"
#include "workers/egress/network.hpp"
#include "workers/egress/request.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace continuo::egress {

/// How long the others are waited for.
struct Patience {
    std::chrono::milliseconds head{10'000};
    std::chrono::milliseconds lookup{10'000};
    std::chrono::milliseconds connect{5'000};   ///< for each address ...
    std::chrono::milliseconds connects{15'000}; ///< ... and until the last one is begun with
    std::chrono::milliseconds silence{60'000};  ///< of an origin that we listen to
    std::chrono::milliseconds pause{3'600'000}; ///< of a client that takes nothing: a film's pause
};

/// What visits have in common; outlives them.
struct Surroundings {
    Network& network;
    Patience patience;
    std::function<void(std::string_view what, std::string_view reason)> on_refused;
};

/// Kept alive by its coroutines; whoever made it watches over its deadlines. What it connects to is
/// the very address that was checked: no name is looked up twice.
class Visit : public std::enable_shared_from_this<Visit> {
public:
    using Clock = std::chrono::steady_clock;
    using tcp = boost::asio::ip::tcp;

    /// `door` outlives it.
    Visit(tcp::socket client, Door const& door, Surroundings& surroundings);

    void begin();
    bool is_overdue(Clock::time_point now) const;
    void interrupt();

private:
    /// The two ways that bytes go.
    enum Way : std::size_t { to_client, to_origin };
    using Deadlines = std::array<Clock::time_point, 2>;

    void spawn(boost::asio::awaitable<void> part);
    boost::asio::awaitable<void> serve(std::shared_ptr<Visit> self);
    boost::asio::awaitable<std::optional<std::string>> read_head();
    boost::asio::awaitable<Network::Answer> addresses_of(WebPlace const& place);
    boost::asio::awaitable<bool> connect(std::span<IpAddress const> addresses, std::uint16_t port);
    boost::asio::awaitable<bool> greet(Request const& request, std::string_view behind_head);
    boost::asio::awaitable<bool> begins_with_tls();
    boost::asio::awaitable<void> forward(std::shared_ptr<Visit> self, Way way);
    boost::asio::awaitable<void> watch_client(std::shared_ptr<Visit> self);
    boost::asio::awaitable<void> refuse(std::string_view what, unsigned status, std::string reason);
    Result<> check_own(std::span<IpAddress const> addresses, WebPlace const& place) const;
    void expect(Way way, std::chrono::milliseconds time);
    void close();

    Door const& door_;
    Surroundings& surroundings_;
    tcp::socket client_;
    tcp::socket origin_;
    boost::asio::steady_timer lookup_timer_;
    Deadlines deadlines_;
    bool is_connecting_{false};
    std::string received_{}; ///< of the client, not yet used
};

} // namespace continuo::egress
