#include "supervisor/child/exit.hpp"

#include <fmt/format.h>

#include <string.h>
#include <sys/wait.h>

namespace continuo::child {

Exit decode_wait_status(int status, std::chrono::steady_clock::duration uptime) noexcept {
    if (WIFSIGNALED(status))
        return {.kind = Exit::Kind::signaled, .value = WTERMSIG(status), .uptime = uptime};
    return {.kind = Exit::Kind::exited, .value = WEXITSTATUS(status), .uptime = uptime};
}

std::string to_text(Exit const& exit) {
    if (exit.kind == Exit::Kind::exited) return fmt::format("exited with {}", exit.value);
    auto const* const name = ::sigabbrev_np(exit.value);
    return name != nullptr ? fmt::format("killed by SIG{}", name)
                           : fmt::format("killed by signal {}", exit.value);
}

} // namespace continuo::child
