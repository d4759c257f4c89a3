#include "http/server/worker.hpp"

#include "http/server/as_result.hpp"
#include "http/server/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <sys/socket.h>

#include <exception>

namespace continuo::server {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// How long accepting rests when the process has run out of descriptors.
constexpr std::chrono::milliseconds accept_pause{100};

void log_failure(char const* what, std::exception_ptr const& failure) {
    if (!failure) return;
    try {
        std::rethrow_exception(failure);
    } catch (std::exception const& exception) {
        spdlog::error("{} ended by a bug: {}", what, exception.what());
    }
}

/// One connection more than we hold: said in one packet, without a session.
void turn_away(tcp::socket& socket) {
    static constexpr std::string_view answer = "HTTP/1.1 503 Service Unavailable\r\n"
                                               "Retry-After: 1\r\n"
                                               "Access-Control-Allow-Origin: *\r\n"
                                               "Content-Length: 0\r\n"
                                               "Connection: close\r\n\r\n";
    // What was already sent to us is read first: closing over unread bytes would reset the
    // connection before the client has seen the answer.
    char unread[4096];
    (void)::recv(socket.native_handle(), unread, sizeof unread, MSG_DONTWAIT);
    (void)::send(socket.native_handle(), answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    boost::system::error_code ignored; // it closes right after
    socket.shutdown(tcp::socket::shutdown_send, ignored);
}

} // namespace

Worker::Worker(Common& common, Site site)
    : common_(&common)
    , settings_(common.settings)
    , site_(std::move(site))
    // Sockets belong to this thread alone, so their operations need no lock; posting to the loop
    // stays safe.
    , context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO)
    , acceptor_(context_)
    , timer_(context_) {}

void Worker::listen_on(tcp::acceptor acceptor) {
    acceptor_ = std::move(acceptor);
}

void Worker::run() {
    asio::co_spawn(context_, accept(),
                   [](std::exception_ptr failure) { log_failure("accepting", failure); });
    asio::co_spawn(context_, sweep(),
                   [](std::exception_ptr failure) { log_failure("the sweep", failure); });
    context_.run();
}

void Worker::stop() {
    asio::post(context_, [this] { begin_stop(); });
}

std::string_view Worker::date() {
    return date_text_.at(
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

asio::awaitable<void> Worker::accept() {
    while (!is_stopping_) {
        auto [code, socket] = co_await acceptor_.async_accept(as_result);
        if (!code) {
            welcome(std::move(socket));
        } else if (code != asio::error::operation_aborted &&
                   code != asio::error::connection_aborted) {
            spdlog::warn("accept: {}; trying again in {} ms", code.message(), accept_pause.count());
            asio::steady_timer pause(context_, accept_pause);
            co_await pause.async_wait(as_result);
        }
    }
}

void Worker::welcome(tcp::socket socket) {
    if (common_->connections.fetch_add(1) >= settings().max_connections) {
        common_->connections.fetch_sub(1);
        turn_away(socket);
        return;
    }
    asio::co_spawn(context_, serve(std::move(socket), *this), [this](std::exception_ptr failure) {
        common_->connections.fetch_sub(1);
        log_failure("a connection", failure);
        end_when_empty();
    });
}

asio::awaitable<void> Worker::sweep() {
    timer_.expires_after(std::chrono::seconds(1));
    for (;;) {
        co_await timer_.async_wait(as_result);
        if (is_stopping_) break;
        timer_.expires_at(timer_.expiry() + std::chrono::seconds(1));
        ++now_;
        for (auto& connection : connections_)
            if (connection.is_overdue(now_)) connection.interrupt();
        if (site_.each_second) site_.each_second();
    }
    timer_.expires_after(grace);
    co_await timer_.async_wait(as_result);
    context_.stop();
}

void Worker::begin_stop() {
    if (is_stopping_) return; // asked once more it would end the grace period
    is_stopping_ = true;
    boost::system::error_code ignored; // nothing to be done about a socket that does not close
    acceptor_.close(ignored);
    timer_.cancel();
    for (auto& connection : connections_) {
        auto const phase = connection.phase();
        // A stream may go on for ever.
        if (phase == Connection::Phase::idle || phase == Connection::Phase::streaming)
            connection.interrupt();
    }
    end_when_empty();
}

void Worker::end_when_empty() {
    if (is_stopping_ && connections_.empty()) context_.stop();
}

} // namespace continuo::server
