// How a child ended, decoded once.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace continuo::child {

struct Exit {
    enum class Kind : std::uint8_t { exited, signaled };
    Kind kind{Kind::exited};
    int value{}; ///< exit code, or signal number
    std::chrono::steady_clock::duration uptime{};

    bool clean() const { return kind == Kind::exited && value == 0; }
};

/// From wait(2)'s status word; pure.
Exit decode_wait_status(int status, std::chrono::steady_clock::duration uptime) noexcept;

/// Whether a process with this text in /proc/PID/stat has ended or is about to: from the moment on
/// when the kernel takes it down, so before its pipes close, and before its end can be waited for.
/// false for what is no such text. Pure.
bool is_ending(std::string_view process_status) noexcept;

/// "exited with 1", "killed by SIGSEGV".
std::string to_text(Exit const& exit);

} // namespace continuo::child
