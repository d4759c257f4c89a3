#include "http/server/session.hpp"

#include "http/server/as_result.hpp"
#include "http/server/problem.hpp"
#include "http/server/request_reader.hpp"
#include "http/server/sending.hpp"
#include "http/server/transmission.hpp"
#include "http/server/worker.hpp"

#include <boost/asio/buffer.hpp>
#include <spdlog/spdlog.h>

#include <sys/socket.h>

#include <array>
#include <exception>
#include <string>
#include <utility>
#include <variant>

namespace continuo::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using Phase = Connection::Phase;
using Step = RequestReader::Step;
using Progress = Transmission::Progress;

namespace {

/// How long a client that we refused may go on sending before the connection is cut.
constexpr std::chrono::seconds linger{2};

/// Unspecified where the peer is gone already.
asio::ip::address peer_of(tcp::socket const& socket) {
    boost::system::error_code code;
    auto address = socket.remote_endpoint(code).address();
    if (code) return {};
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address;
}

/// A client that does not take these bytes now will send its body after a while all the same.
void send_continue(tcp::socket& socket) {
    static constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
    (void)::send(socket.native_handle(), interim.data(), interim.size(),
                 MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::string_view detail_of_refusal(unsigned status) {
    switch (status) {
    case 408: return "The request did not arrive in time.";
    case 413: return "The body is longer than 64 KiB.";
    case 414: return "The request target is longer than 4 KiB.";
    case 417: return "Only the expectation 100-continue is known.";
    case 431: return "The header is longer than 16 KiB.";
    case 501: return "No transfer coding but chunked is known here.";
    case 505: return "Only HTTP/1.0 and HTTP/1.1 are spoken here.";
    default: return "This is not a valid HTTP request.";
    }
}

Response preflight(std::string allow) {
    return {.status = 204,
            .content = nullptr,
            .fields = "Allow: " + allow + "\r\nAccess-Control-Allow-Methods: " + allow +
                      "\r\nAccess-Control-Allow-Headers: Range, If-Range, If-None-Match, "
                      "Content-Type, Authorization\r\nAccess-Control-Max-Age: 86400\r\n"};
}

Response method_not_allowed(std::string allow) {
    return problem(405, "This resource answers to " + allow + ".", "Allow: " + allow + "\r\n");
}

/// A handler to call, or the answer where there is none.
std::variant<Router::Found, Response> route(Router const& router, Request const& request) {
    auto match = router.match(request.method, request.path);
    if (auto* const found = std::get_if<Router::Found>(&match)) return *found;
    if (auto* const others = std::get_if<Router::OtherMethods>(&match))
        return request.method == Method::options ? preflight(std::move(others->allow))
                                                 : method_not_allowed(std::move(others->allow));
    return problem(404, "There is nothing here.");
}

Response failed_by_bug(Request const& request, std::exception const& exception) {
    spdlog::error("\"{}\" ended by a bug: {}", request.path, exception.what());
    return problem(500, "The server made a mistake; its log says more.");
}

Response call(Handler const& handler, Request const& request, Parameters const& parameters) {
    try {
        return handler(request, parameters);
    } catch (std::exception const& exception) {
        return failed_by_bug(request, exception);
    }
}

asio::awaitable<Response> call(LateHandler const& handler, Request const& request,
                               Parameters const& parameters) {
    try {
        co_return co_await handler(request, parameters);
    } catch (std::exception const& exception) {
        co_return failed_by_bug(request, exception);
    }
}

} // namespace

asio::awaitable<void> serve(tcp::socket accepted, Worker& worker) {
    Connection connection(std::move(accepted), worker.connections());
    auto& socket = connection.socket();
    boost::system::error_code code;
    socket.native_non_blocking(true, code);
    if (code) co_return;
    auto const peer = peer_of(socket);
    RequestReader reader(peer.is_loopback(), peer.is_unspecified() ? "" : peer.to_string());
    Transmission transmission;
    auto const begin_receiving = [&] {
        connection.enter(Phase::receiving, worker.after(worker.settings().header_timeout));
    };

    bool was_refused = false;
    for (bool keep_alive = true; keep_alive;) {
        connection.enter(Phase::idle, worker.after(worker.settings().idle_timeout));
        auto step = reader.next();
        if (!reader.is_idle())
            begin_receiving();
        else if (worker.is_stopping())
            co_return;

        unsigned refusal = 0;
        while (step == Step::need_more && refusal == 0) {
            if (reader.take_expect_continue()) send_continue(socket);
            auto const space = reader.space();
            auto const [failure, count] = co_await socket.async_read_some(
                asio::buffer(space.data(), space.size()), as_result);
            if (failure) {
                bool const is_late = failure == asio::error::operation_aborted &&
                                     connection.phase() == Phase::receiving;
                if (!is_late) co_return;
                refusal = 408;
            } else {
                if (connection.phase() == Phase::idle) begin_receiving();
                reader.commit(count);
                step = reader.next();
            }
        }
        if (step == Step::refused) refusal = reader.refusal();

        Reply reply;
        if (refusal != 0) {
            keep_alive = false;
            was_refused = true;
            reply = reply_to({}, problem(refusal, detail_of_refusal(refusal)), worker.date(),
                             keep_alive);
        } else {
            auto const& request = reader.request();
            auto routed = route(worker.router(), request);
            Response response;
            if (auto* const known = std::get_if<Response>(&routed)) {
                response = std::move(*known);
            } else {
                auto const& [handler, parameters] = std::get<Router::Found>(routed);
                if (auto const* const at_once = std::get_if<Handler>(handler)) {
                    response = call(*at_once, request, parameters);
                } else {
                    connection.enter(Phase::answering, 0);
                    response = co_await call(std::get<LateHandler>(*handler), request, parameters);
                }
            }
            reply = reply_to(request, std::move(response), worker.date(),
                             request.keep_alive && !worker.is_stopping());
            keep_alive = reply.keep_alive;
            spdlog::debug("\"{}\" {}, {} bytes", request.path, reply.status, reply.bytes.length);
        }

        transmission.start(std::move(reply.head), std::move(reply.body), reply.bytes);
        auto progress = transmission.pump(socket.native_handle());
        if (progress == Progress::again)
            progress = co_await finish(transmission, connection, worker);
        if (progress == Progress::broken) co_return;
        if (reply.stream) {
            auto const& path = reader.request().path;
            if (!co_await send_stream(reply, path, transmission, connection, worker)) co_return;
        }
        if (!was_refused) reader.consume();
    }
    if (!was_refused) co_return;

    // Closing over bytes that the client still sends would reset the connection before it has read
    // the answer.
    socket.shutdown(tcp::socket::shutdown_send, code);
    connection.enter(Phase::lingering, worker.after(linger));
    std::array<char, 4096> discarded;
    for (boost::system::error_code failure; !failure;) {
        auto const [outcome, count] =
            co_await socket.async_read_some(asio::buffer(discarded), as_result);
        failure = outcome;
    }
}

} // namespace continuo::server
