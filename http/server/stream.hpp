// Content whose bytes come over time: a segment whose end lies in the future, a feed of events.
#pragma once

#include "core/base/result.hpp"
#include "http/server/body.hpp"

#include <boost/asio/awaitable.hpp>

namespace continuo::server {

/// Made by a handler for one response (`Response::stream`); lives on its connection's loop until
/// the response has ended in whichever way. It must not hold views of the request.
class Stream {
public:
    Stream() = default;
    Stream(Stream const&) = delete;
    Stream& operator=(Stream const&) = delete;
    virtual ~Stream() = default;

    /// The next bytes, as soon as they are due; an empty body is the end. What it returns is sent
    /// at once, as a chunk of its own, and it is called again when the kernel has taken all of
    /// that: a slow client slows it down, and nothing piles up. Waits inside have deadlines of
    /// their own. When the client is gone or the server stops they are cancelled
    /// (`operation_aborted`), and nothing is called any more but the destructor. Errors: what comes
    /// can't be had any more. The header is out by then, so the connection breaks off, and the
    /// client knows that something is missing.
    virtual boost::asio::awaitable<Result<Body>> next() = 0;
};

} // namespace continuo::server
