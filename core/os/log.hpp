// Logs as journald takes them: one line to stderr, with its syslog priority in front when nobody
// reads along on a terminal.
#pragma once

#include <string_view>

namespace continuo::os {

/// Makes spdlog's default logger write to stderr: "<4>text" (sd-daemon(3)) where the journal or a
/// pipe reads, "HH:MM:SS.mmm program warning text" on a terminal. `level`: trace, debug, info,
/// warn, error. Afterwards every floor above core logs with `spdlog::info(...)` and its sisters;
/// core itself never logs. Who reads may go first (`| tee`, at Ctrl-C): SIGPIPE is ignored from
/// here on, so that the program lives to clean up.
void start_log(std::string_view program, std::string_view level);

} // namespace continuo::os
