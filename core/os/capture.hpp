// A short program run to its end, with what it said: ffprobe, ffmpeg -version. Blocks; for the
// command line and for start-up.
#pragma once

#include "core/base/result.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace continuo::os {

struct Captured {
    int exit_code{};    ///< 128 + signal for one that was killed, as a shell says it
    std::string output; ///< stdout
    std::string errors; ///< stderr
};

/// Runs `command` (a program looked up in PATH, its arguments) with stdin from /dev/null.
/// Errors: errno of the start (ENOENT: no such program); ETIMEDOUT when it has not ended within
/// `deadline`: it is killed then; `Errc::out_of_range` when it says more than a megabyte.
Result<Captured> capture(std::vector<std::string> const& command,
                         std::chrono::milliseconds deadline);

} // namespace continuo::os
