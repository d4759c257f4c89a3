// One question to the daemon, and its answer. Blocks; for the command line.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/control.hpp"

#include <filesystem>

namespace continuo::cli {

/// Errors: errno of the socket (ENOENT, ECONNREFUSED: no daemon there); ETIMEDOUT when the daemon
/// takes longer than 5 s; `Errc::malformed` for an answer that is none.
Result<contract::ControlReply> ask(std::filesystem::path const& control_socket,
                                   contract::ControlRequest const& request);

} // namespace continuo::cli
