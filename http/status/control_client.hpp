// Asks the daemon: one request line out, one reply line back, over its control socket.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/control.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <filesystem>

namespace continuo::status {

/// How long the daemon may take to answer.
inline constexpr std::chrono::seconds control_deadline{2};

/// Errors: errno of the socket (the daemon does not run), `Errc::unavailable` at the deadline,
/// `Errc::malformed`.
boost::asio::awaitable<Result<contract::ControlReply>> ask(std::filesystem::path control_socket,
                                                           contract::ControlRequest request);

} // namespace continuo::status
