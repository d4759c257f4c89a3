#include "http/server/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <thread>

namespace continuo::server {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int backlog = 4096;

std::string to_text(tcp::endpoint const& endpoint) {
    auto const address = endpoint.address().to_string();
    return endpoint.address().is_v6() ? fmt::format("[{}]:{}", address, endpoint.port())
                                      : fmt::format("{}:{}", address, endpoint.port());
}

Error refused(tcp::endpoint const& endpoint, error_code code) {
    return {code, "listen " + to_text(endpoint)};
}

/// With SO_REUSEPORT a second server of the same user would get half of our connections without an
/// error; so the port is taken once without it. The result carries the port that the system chose
/// for 0.
Result<tcp::endpoint> claim(boost::asio::io_context& context, tcp::endpoint const& wanted) {
    tcp::acceptor probe(context);
    error_code code;
    probe.open(wanted.protocol(), code);
    if (!code) probe.set_option(tcp::acceptor::reuse_address(true), code);
    if (!code) probe.bind(wanted, code);
    if (code) return refused(wanted, code);
    return probe.local_endpoint();
}

Result<tcp::acceptor> listen(boost::asio::io_context& context, tcp::endpoint const& endpoint) {
    using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    tcp::acceptor acceptor(context);
    error_code code;
    acceptor.open(endpoint.protocol(), code);
    if (!code) acceptor.set_option(tcp::acceptor::reuse_address(true), code);
    if (!code) acceptor.set_option(ReusePort(true), code);
    if (!code) acceptor.set_option(tcp::no_delay(true), code); // inherited by what is accepted
    if (!code) acceptor.bind(endpoint, code);
    if (!code) acceptor.listen(backlog, code);
    if (code) return refused(endpoint, code);
    return acceptor;
}

} // namespace

unsigned thread_count(config::Http const& settings) {
    return settings.threads != 0 ? settings.threads
                                 : std::max(1u, std::thread::hardware_concurrency());
}

std::string_view advice_for(error_code code) noexcept {
    switch (code.value()) {
    case EADDRINUSE: return "another server runs there; set http.listen or --listen";
    case EACCES: return "a port below 1024 needs CAP_NET_BIND_SERVICE; set http.listen or --listen";
    case EADDRNOTAVAIL: return "no interface has this address; set http.listen or --listen";
    default: return "set http.listen or --listen";
    }
}

Result<std::unique_ptr<Server>> Server::open(config::Http const& settings,
                                             std::function<Site()> const& make_site) {
    std::unique_ptr<Server> server(new Server(settings));
    error_code code;
    auto const address = boost::asio::ip::make_address(settings.address, code);
    if (code) return Error{code, fmt::format("listen {}", settings.address)};

    server->workers_.push_back(std::make_unique<Worker>(server->common_, make_site()));
    auto const endpoint = claim(server->main_loop(), {address, settings.port});
    if (!endpoint) return endpoint.error();
    while (server->workers_.size() < thread_count(settings))
        server->workers_.push_back(std::make_unique<Worker>(server->common_, make_site()));
    for (auto const& worker : server->workers_) {
        auto acceptor = listen(worker->context(), *endpoint);
        if (!acceptor) return acceptor.error();
        worker->listen_on(std::move(*acceptor));
    }
    server->address_ = to_text(*endpoint);
    return server;
}

void Server::run() {
    // sendfile() has no MSG_NOSIGNAL; a client that went away is an error code like any other.
    std::signal(SIGPIPE, SIG_IGN);
    std::vector<std::jthread>
        threads; // joined at the end of this function: one a worker, beside main's
    for (std::size_t i = 1; i < workers_.size(); ++i)
        threads.emplace_back([worker = workers_[i].get()] { worker->run(); });
    // Whatever ends main's loop, an exception included, ends the others before they are joined.
    struct StopOthers {
        Server* server;
        ~StopOthers() { server->stop(); }
    } const stop_others{this};
    workers_.front()->run();
}

void Server::stop() {
    for (auto const& worker : workers_)
        worker->stop();
}

void Server::apply(config::Http const& settings) {
    common_.settings.publish(std::make_shared<config::Http const>(settings));
}

} // namespace continuo::server
