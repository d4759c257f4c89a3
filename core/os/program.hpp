// The frame around every main(): exit codes that mean something, and one place where an uncaught
// exception ends.
#pragma once

#include <functional>
#include <string_view>

namespace continuo::os {

/// Exit codes of all our programs (sysexits.h).
enum Exit : int {
    exit_ok = 0,
    exit_usage = 64, ///< the command line is wrong
    exit_source =
        65,         ///< continuo-segment: the source can't be used, and trying again will not help
    exit_data = 65, ///< continuo cue: what was given is broken
    exit_needs_ffmpeg = 66, ///< continuo-segment: HLS of a form that it does not read itself
    exit_unavailable = 69,  ///< nobody answers: no daemon runs there
    exit_bug = 70,          ///< an uncaught exception
    exit_system = 71,       ///< the operating system refused something at start
    exit_source_broke = 75, ///< continuo-segment: time or parameters broke; a new run may go on
    exit_config = 78,       ///< config.yaml is wrong
};

/// Runs `body` and turns an exception into one line on stderr and `exit_bug`.
int run_main(std::string_view program, std::function<int()> const& body);

} // namespace continuo::os
