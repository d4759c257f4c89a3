// One connection from its first request to its end: read, route, answer, again.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace continuo::server {

class Worker;

/// Serves a connection until either side has had enough. One coroutine without inner ones, but for
/// what has to wait anyway: composed operations cost more than everything else here together.
/// `worker` owns and outlives it.
boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket accepted, Worker& worker);

} // namespace continuo::server
