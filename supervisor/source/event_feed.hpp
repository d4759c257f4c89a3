// A server's events for as long as the channel lives: asked for, lost, asked for again.
#pragma once

#include "core/sse/event_stream.hpp"
#include "supervisor/source/backoff.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace continuo::source {

namespace asio = boost::asio;

/// Called on the loop, never from within the constructor; the feed may be destroyed from within.
struct FeedHandlers {
    std::function<void(sse::Event const&)> on_event;
    /// The server sends events now, or it does not, and why (one line, without credentials). Said
    /// when it changes, and when the reason does: not at each of the attempts.
    std::function<void(bool up, std::string const& reason)> on_connected;
    /// An event was left out for its size (`sse::EventStream::max_size`). Said once: a server that
    /// sends one sends many.
    std::function<void()> on_oversized{};
};

struct FeedLimits {
    std::chrono::milliseconds connect_timeout{5000};
    /// A server that sends nothing for so long, no comment either, is asked anew. It is how a
    /// connection that has died without a word is noticed.
    std::chrono::milliseconds silence{60'000};
    BackoffLimits backoff{};
};

/// Owned by its channel. Asks for ever: no answer makes it stop, neither an error nor a 204, with
/// which a server may end it by the standard; a channel without its events would be lost until
/// somebody comes. Requests name the last event that was read (Last-Event-ID).
/// Reading never waits for anybody: an event that came is handed on, and what it starts is not
/// waited for.
class EventFeed {
public:
    /// `url` may hold user and password. `random`: numbers in [0, 1) that spread attempts.
    EventFeed(asio::any_io_executor executor, std::string url, std::function<double()> random,
              FeedHandlers handlers, FeedLimits limits = {});
    EventFeed(EventFeed const&) = delete;
    EventFeed& operator=(EventFeed const&) = delete;
    /// Nothing is called back from here on.
    ~EventFeed();

    bool up() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace continuo::source
