// A GET whose response does not end, on the supervisor's loop: what carries a playhead's events.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::source {

namespace asio = boost::asio;

struct HttpRequest {
    std::string url;
    std::vector<std::string> headers{}; ///< "Name: value"
    std::chrono::milliseconds connect_timeout{5000};
};

/// The head of a response, redirects followed (five at most).
struct HttpResponse {
    int status{};
    std::string content_type; ///< as sent; empty when there is none
};

/// Called on the loop, never from within `get`; the stream may be closed, asked anew or destroyed
/// from within.
struct HttpStreamHandlers {
    std::function<void(HttpResponse const&)> on_response; ///< before its first bytes
    std::function<void(std::string_view bytes)> on_bytes;
    /// The last of a request: why it ended; empty when the server ended the response properly.
    std::function<void(std::string const& failure)> on_end;
};

/// One request at a time, each on a connection of its own; it waits for ever for the response, and
/// that is for the owner to limit.
///
/// libcurl runs on Asio's loop (its multi_socket interface) and has no thread: so there is no queue
/// between them, and none that could grow; what the loop does not take stays with the server; and
/// nothing is shared, nor called back after the owner has gone. What would hold up the loop,
/// libcurl's wait for a name's resolver when a request is given up, is switched off.
class HttpStream {
public:
    HttpStream(asio::any_io_executor executor, HttpStreamHandlers handlers);
    HttpStream(HttpStream const&) = delete;
    HttpStream& operator=(HttpStream const&) = delete;
    ~HttpStream();

    /// Gives up the request before, if there is one.
    void get(HttpRequest const& request);
    /// Gives up the request: nothing of it is called back any more.
    void close();

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace continuo::source
