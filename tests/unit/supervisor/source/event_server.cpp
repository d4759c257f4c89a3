#include "tests/unit/supervisor/source/event_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <sys/socket.h>

#include <utility>

namespace continuo::source {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

EventConnection::EventConnection(Tcp::socket socket,
                                 std::function<void(EventConnection&)> on_request)
    : socket_(std::move(socket)), on_request_(std::move(on_request)) {
    socket_.set_option(Tcp::no_delay(true));
}

void EventConnection::read() {
    socket_.async_read_some(
        asio::buffer(buffer_),
        [self = shared_from_this()](boost::system::error_code code, std::size_t size) {
            if (code == asio::error::operation_aborted) return;
            if (code) {
                self->hung_up_ = true;
                return self->close();
            }
            self->request_.append(self->buffer_.data(), size);
            if (self->request_.ends_with("\r\n\r\n") && !std::exchange(self->requested_, true))
                self->on_request_(*self);
            if (self->socket_.is_open()) self->read();
        });
}

void EventConnection::send(std::string_view bytes) {
    to_send_.emplace_back(bytes);
    if (!sending_) write();
}

void EventConnection::write() {
    if (to_send_.empty()) {
        sending_ = false;
        if (finishing_) close();
        return;
    }
    sending_ = true;
    asio::async_write(socket_, asio::buffer(to_send_.front()),
                      [self = shared_from_this()](boost::system::error_code code, std::size_t) {
                          if (code || self->to_send_.empty()) return;
                          self->to_send_.erase(self->to_send_.begin());
                          self->write();
                      });
}

void EventConnection::finish() {
    finishing_ = true;
    if (!sending_) close();
}

void EventConnection::reset() {
    socket_.set_option(asio::socket_base::linger(/*enable=*/true, /*timeout=*/0));
    close();
}

void EventConnection::close() {
    boost::system::error_code ignored; // the client may have been faster
    (void)socket_.close(ignored);
}

bool EventConnection::has_header(std::string_view line) const {
    return request_.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

namespace {

void bind(Tcp::acceptor& acceptor, std::uint16_t port) {
    using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    Tcp::endpoint const endpoint(asio::ip::address_v4::loopback(), port);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(ReusePort(true));
    acceptor.bind(endpoint);
}

} // namespace

EventServer::EventServer(asio::io_context& loop)
    : on_request([](EventConnection& connection) { connection.send(stream_follows); })
    , reserved_(loop)
    , acceptor_(loop) {
    bind(reserved_, 0);
    listen();
}

std::string EventServer::url(std::string_view user) const {
    return fmt::format("http://{}127.0.0.1:{}/events", user, reserved_.local_endpoint().port());
}

void EventServer::listen() {
    bind(acceptor_, reserved_.local_endpoint().port());
    acceptor_.listen();
    accept();
}

void EventServer::accept() {
    acceptor_.async_accept([this](boost::system::error_code code, Tcp::socket socket) {
        if (code) return;
        auto connection =
            std::make_shared<EventConnection>(std::move(socket), [this](EventConnection& asking) {
                ++requests;
                on_request(asking);
            });
        connections.push_back(connection);
        connection->read();
        accept();
    });
}

void EventServer::stop_listening() {
    acceptor_.close();
}

} // namespace continuo::source
