// The part of sending that takes time: replies larger than the socket's buffer, and streams.
#pragma once

#include "http/server/response.hpp"
#include "http/server/transmission.hpp"

#include <boost/asio/awaitable.hpp>

#include <string_view>

namespace continuo::server {

class Connection;
class Worker;

/// Goes on with what `transmission` could not send at once. Returns `done` or `broken`; a peer that
/// took nothing for `send_timeout` is broken, and what the kernel still held for it is dropped.
boost::asio::awaitable<Transmission::Progress> finish(Transmission& transmission,
                                                      Connection& connection, Worker& worker);

/// Sends `reply.stream` to its end, after the header; false when the connection can't be used any
/// more: the peer is gone or stalls, the stream failed, the server stops. `path`: for the log.
/// Spec: RFC 9112 §7.1; without chunks, the connection's end is that of the content (§6.3).
boost::asio::awaitable<bool> send_stream(Reply const& reply, std::string_view path,
                                         Transmission& transmission, Connection& connection,
                                         Worker& worker);

} // namespace continuo::server
