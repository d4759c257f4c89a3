#include "supervisor/child/exit.hpp"

#include <fmt/format.h>

#include <string.h>
#include <sys/wait.h>

#include <charconv>

namespace continuo::child {

Exit decode_wait_status(int status, std::chrono::steady_clock::duration uptime) noexcept {
    if (WIFSIGNALED(status))
        return {.kind = Exit::Kind::signaled, .value = WTERMSIG(status), .uptime = uptime};
    return {.kind = Exit::Kind::exited, .value = WEXITSTATUS(status), .uptime = uptime};
}

bool is_ending(std::string_view process_status) noexcept {
    // PID (NAME) STATE PPID PGRP SESSION TTY TPGID FLAGS ...; a name may hold anything, ")" too.
    constexpr int fields_before_flags = 6;
    constexpr unsigned exiting = 0x4; // PF_EXITING of linux/sched.h
    auto const name_end = process_status.rfind(')');
    if (name_end == std::string_view::npos) return false;
    auto rest = process_status.substr(name_end + 1);
    for (int field = 0; field <= fields_before_flags; ++field) {
        auto const blank = rest.find(' ');
        if (blank == std::string_view::npos) return false;
        rest.remove_prefix(blank + 1);
    }
    unsigned flags = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), flags);
    return (flags & exiting) != 0;
}

std::string to_text(Exit const& exit) {
    if (exit.kind == Exit::Kind::exited) return fmt::format("exited with {}", exit.value);
    auto const* const name = ::sigabbrev_np(exit.value);
    return name != nullptr ? fmt::format("killed by SIG{}", name)
                           : fmt::format("killed by signal {}", exit.value);
}

} // namespace continuo::child
