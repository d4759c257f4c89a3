#include "workers/egress/proxy.hpp"

#include "workers/egress/as_result.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <utility>

namespace continuo::egress {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds accept_pause{100}; // when descriptors have run out
constexpr std::chrono::seconds sweep_period{1};

/// Without its sweep or an entrance the proxy is none: the supervisor starts another.
void end_with_it(std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
}

} // namespace

Proxy::Proxy(asio::io_context& loop, Network& network,
             std::function<void(std::string const& line)> tell, Patience const& patience)
    : loop_(loop)
    , tell_(std::move(tell))
    , surroundings_{.network = network,
                    .patience = patience,
                    .on_refused = [this](std::string_view what, std::string_view reason) {
                        auto const now = std::chrono::steady_clock::now();
                        if (auto const line = refusals_.line_for(what, reason, now)) tell_(*line);
                    }} {}

Result<workers::egress::Doors> Proxy::open(Options const& options) {
    workers::egress::Doors doors;
    auto proxy = open_entrance({.allow_private = options.allow_private}, options.port);
    if (!proxy) return proxy.error();
    doors.proxy = *std::move(proxy);
    if (options.gateway) {
        auto gateway =
            open_entrance({.allow_private = options.allow_private, .gateway = options.gateway},
                          options.gateway_port);
        if (!gateway) return gateway.error();
        doors.gateway = *std::move(gateway);
    }
    tell_(to_text(doors));
    asio::co_spawn(loop_, sweep(), end_with_it);
    for (auto const& entrance : entrances_)
        asio::co_spawn(loop_, accept(*entrance), end_with_it);
    return doors;
}

Result<std::string> Proxy::open_entrance(Door door, std::uint16_t port) {
    tcp::acceptor acceptor(loop_);
    error_code code;
    acceptor.open(tcp::v4(), code);
    if (!code) acceptor.set_option(tcp::acceptor::reuse_address(true), code);
    if (!code) acceptor.bind({asio::ip::address_v4::loopback(), port}, code);
    if (!code) acceptor.listen(asio::socket_base::max_listen_connections, code);
    if (code) return Error{code, "listen 127.0.0.1:" + std::to_string(port)};
    auto url = "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint(code).port());
    entrances_.push_back(
        std::make_unique<Entrance>(Entrance{std::move(door), std::move(acceptor)}));
    return url;
}

asio::awaitable<void> Proxy::accept(Entrance& entrance) {
    for (;;) {
        auto [code, client] = co_await entrance.acceptor.async_accept(as_result);
        if (!code) {
            welcome(std::move(client), entrance.door);
        } else if (code == asio::error::operation_aborted) {
            co_return;
        } else {
            asio::steady_timer pause(loop_, accept_pause);
            co_await pause.async_wait(as_result);
        }
    }
}

void Proxy::welcome(tcp::socket client, Door const& door) {
    std::erase_if(visits_, [](auto const& visit) { return visit.expired(); });
    if (visits_.size() >= most_visits) return turn_away(std::move(client));
    auto const visit = std::make_shared<Visit>(std::move(client), door, surroundings_);
    visits_.push_back(visit);
    visit->begin();
}

/// Its request was not read, so the answer may be lost with the connection.
void Proxy::turn_away(tcp::socket client) {
    auto const text = "HTTP/1.1 503 " + std::string(workers::egress::reason_mark) +
                      "too much is being fetched\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    error_code ignored; // nothing was promised
    client.non_blocking(true, ignored);
    client.send(asio::buffer(text), 0, ignored);
    client.shutdown(tcp::socket::shutdown_send, ignored);
}

asio::awaitable<void> Proxy::sweep() {
    asio::steady_timer timer(loop_);
    for (;;) {
        timer.expires_after(sweep_period);
        auto const [code] = co_await timer.async_wait(as_result);
        if (code) co_return;
        auto const now = Visit::Clock::now();
        for (auto const& each : visits_)
            if (auto const visit = each.lock(); visit && visit->is_overdue(now)) visit->interrupt();
    }
}

} // namespace continuo::egress
