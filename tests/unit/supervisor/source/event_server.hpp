// A server on loopback that says what a test tells it to, byte for byte, on the test's own loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::source {

inline constexpr std::string_view stream_follows =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

/// One client; lives as long as the server or one of its handlers.
class EventConnection : public std::enable_shared_from_this<EventConnection> {
public:
    using Tcp = boost::asio::ip::tcp;

    EventConnection(Tcp::socket socket, std::function<void(EventConnection&)> on_request);

    void read();
    /// Sends after what was sent before, each piece in a packet of its own.
    void send(std::string_view bytes);
    /// Hangs up when all is sent.
    void finish();
    /// Hangs up with a reset.
    void reset();

    std::string const& request() const { return request_; }
    bool has_header(std::string_view line) const;
    bool hung_up() const { return hung_up_; } ///< the client has

private:
    void write();
    void close();

    Tcp::socket socket_;
    std::function<void(EventConnection&)> on_request_;
    std::array<char, 4096> buffer_{};
    std::string request_; ///< up to its empty line
    bool requested_{false};
    std::vector<std::string> to_send_;
    bool sending_{false};
    bool finishing_{false};
    bool hung_up_{false};
};

class EventServer {
public:
    explicit EventServer(boost::asio::io_context& loop);

    std::string url(std::string_view user = {}) const;
    void stop_listening();
    void listen();

    /// Called when a request has come; sends `stream_follows` unless the test says otherwise.
    std::function<void(EventConnection&)> on_request;
    std::vector<std::shared_ptr<EventConnection>> connections; ///< oldest first
    std::size_t requests{0};

private:
    using Tcp = boost::asio::ip::tcp;

    void accept();

    Tcp::acceptor reserved_; ///< keeps the port ours while nobody listens
    Tcp::acceptor acceptor_;
};

} // namespace continuo::source
