#include "http/server/sending.hpp"

#include "http/server/as_result.hpp"
#include "http/server/stream.hpp"
#include "http/server/worker.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace continuo::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using Phase = Connection::Phase;
using Progress = Transmission::Progress;

namespace {

/// Drops what the kernel still holds for a peer that takes nothing, which may be megabytes; and a
/// peer that waits for more sees that this is not the end.
void reset(tcp::socket& socket) {
    boost::system::error_code ignored; // it is given up in any case
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored); // the destructor would take the option back
}

/// Between two chunks nothing else would notice that a machine has vanished. Later than our own
/// deadline for sending, since this one ends a connection without a word to the peer.
void watch_for_silence(tcp::socket& socket, std::chrono::milliseconds send_timeout) {
    auto const time = static_cast<unsigned>((send_timeout + std::chrono::seconds(5)).count());
    // Without it, such a peer is only kept longer.
    (void)::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &time, sizeof time);
}

asio::awaitable<Result<Body>> next_of(Stream& stream, std::string_view path) {
    // Asio would wait for the other side of a race that one side leaves by an exception.
    try {
        co_return co_await stream.next();
    } catch (boost::system::system_error const& exception) {
        co_return Error{exception.code(), "the stream's wait"};
    } catch (std::exception const& exception) {
        spdlog::error("\"{}\" ended by a bug: {}", path, exception.what());
        co_return fail(Errc::unavailable, exception.what());
    }
}

/// Until the peer has gone or the session is interrupted. A peer that only has nothing more to send
/// still listens.
asio::awaitable<void> interruption(Connection& connection, Worker const& worker) {
    if (worker.is_stopping()) co_return;
    (void)co_await connection.socket().async_wait(tcp::socket::wait_error, as_result);
}

/// Bytes of a stream as a client gets them.
struct Framed {
    std::string head;
    std::shared_ptr<Body const> body;
};

Framed as_chunk(Body bytes) {
    if (bytes.size_bytes() == 0) return {.head = "0\r\n\r\n", .body = nullptr};
    auto head = fmt::format("{:x}\r\n", bytes.size_bytes());
    bytes.append(std::string("\r\n"));
    return {.head = std::move(head), .body = std::make_shared<Body const>(std::move(bytes))};
}

Framed as_it_is(Body bytes) {
    return {.head = {}, .body = std::make_shared<Body const>(std::move(bytes))};
}

} // namespace

asio::awaitable<Progress> finish(Transmission& transmission, Connection& connection,
                                 Worker& worker) {
    auto& socket = connection.socket();
    for (;;) {
        connection.enter(Phase::sending, worker.after(worker.settings().send_timeout));
        auto const [failure] = co_await socket.async_wait(tcp::socket::wait_write, as_result);
        if (failure) {
            reset(socket);
            co_return Progress::broken;
        }
        auto const progress = transmission.pump(socket.native_handle());
        if (progress != Progress::again) co_return progress;
    }
}

asio::awaitable<bool> send_stream(Reply const& reply, std::string_view path,
                                  Transmission& transmission, Connection& connection,
                                  Worker& worker) {
    using asio::experimental::awaitable_operators::operator||;
    auto& socket = connection.socket();
    watch_for_silence(socket, worker.settings().send_timeout);
    for (;;) {
        connection.enter(Phase::streaming, 0);
        auto race = next_of(*reply.stream, path) || interruption(connection, worker);
        auto outcome = co_await std::move(race);
        auto* const next = std::get_if<Result<Body>>(&outcome);
        if (!next || !*next) {
            spdlog::debug("\"{}\" breaks off: {}", path,
                          next ? to_text(next->error()) : "the client is gone, or we are");
            // Without chunks an orderly end would look like that of the content.
            if (!reply.is_chunked) reset(socket);
            co_return false;
        }
        bool const is_end = (*next)->size_bytes() == 0;
        auto framed = reply.is_chunked ? as_chunk(std::move(**next)) : as_it_is(std::move(**next));
        auto const size = framed.body ? framed.body->size_bytes() : 0;
        transmission.start(std::move(framed.head), std::move(framed.body),
                           {.first = 0, .length = size});
        auto progress = transmission.pump(socket.native_handle());
        if (progress == Progress::again)
            progress = co_await finish(transmission, connection, worker);
        if (progress == Progress::broken) co_return false;
        if (is_end) co_return true;
    }
}

} // namespace continuo::server
