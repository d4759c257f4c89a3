#include "tests/unit/supervisor/child/running.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace continuo::child {

std::string TestPipe::read_all() {
    close_writer();
    std::string text;
    std::array<char, 4096> bytes{};
    for (;;) {
        auto const count = ::read(reader(), bytes.data(), bytes.size());
        if (count <= 0) return text;
        text.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

workers::Command program(std::string name, std::vector<std::string> arguments) {
    return {.name = name, .executable = name, .arguments = std::move(arguments)};
}

workers::Command shell(std::string script, std::string name) {
    return {
        .name = std::move(name), .executable = "/bin/sh", .arguments = {"-c", std::move(script)}};
}

bool ends(pid_t pid) {
    auto const pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
    if (pidfd < 0) return errno == ESRCH;
    pollfd event{.fd = pidfd, .events = POLLIN, .revents = 0};
    auto const ready = ::poll(&event, 1, 10'000);
    ::close(pidfd);
    return ready == 1;
}

bool has_no_children() {
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD;
}

std::size_t open_descriptors() {
    namespace fs = std::filesystem;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator{}));
}

Running::Running(workers::Command const& command) {
    auto spawned = Child::spawn(
        loop.get_executor(), command, {.input = input.reader(), .output = output.writer()},
        {.on_line = [this](std::string const& line) { lines.push_back(line); },
         .on_exit = [this](Exit const& how) { exit = how; }});
    if (!spawned) throw std::runtime_error(to_text(spawned.error()));
    child = *std::move(spawned);
}

bool Running::wait_for_line(std::string const& line) {
    return test::wait_until(
        loop, [&] { return std::find(lines.begin(), lines.end(), line) != lines.end(); });
}

} // namespace continuo::child
