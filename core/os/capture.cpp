#include "core/os/capture.hpp"

#include "core/os/pipe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>

namespace continuo::os {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_output = std::size_t{1} << 20; // bytes

Error failed_with(int code, std::string const& what) {
    return {{code, boost::system::generic_category()}, what};
}

/// posix_spawnp's two argument objects, freed together.
struct SpawnPlan {
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};

    SpawnPlan(int output, int errors) {
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    }
    SpawnPlan(SpawnPlan const&) = delete;
    SpawnPlan& operator=(SpawnPlan const&) = delete;
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
};

Result<pid_t> spawn(std::vector<std::string> const& command, int output, int errors) {
    std::vector<char*> arguments;
    for (auto const& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str())); // exec's signature predates const
    arguments.push_back(nullptr);
    SpawnPlan const plan(output, errors);
    pid_t pid{};
    auto const code = ::posix_spawnp(&pid, arguments.front(), &plan.actions, &plan.attributes,
                                     arguments.data(), environ);
    if (code != 0) return failed_with(code, command.front());
    return pid;
}

/// The C library's own wrapper has C++ linkage by mistake (2.36) and does not link.
int pidfd_of(pid_t pid) {
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

/// A started program; gone for certain when this is.
class Running {
public:
    explicit Running(pid_t pid) : pid_(pid), ended_(pidfd_of(pid)) {}
    Running(Running const&) = delete;
    Running& operator=(Running const&) = delete;
    ~Running() {
        if (pid_ == 0) return;
        ::kill(-pid_, SIGKILL);
        (void)reap();
    }

    int ended() const { return ended_.get(); }
    int reap() {
        int status{};
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

private:
    pid_t pid_;
    Descriptor ended_;
};

/// Reads what is there; closes at the end of it. False once there is too much.
bool drain(Descriptor& reader, std::string& into) {
    std::array<char, 16 * 1024> buffer{};
    auto const count = ::read(reader.get(), buffer.data(), buffer.size());
    if (count > 0)
        into.append(buffer.data(), static_cast<std::size_t>(count));
    else if (count == 0 || errno != EINTR)
        reader.close();
    return into.size() <= most_output;
}

int milliseconds_until(Clock::time_point deadline) {
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

} // namespace

Result<Captured> capture(std::vector<std::string> const& command,
                         std::chrono::milliseconds deadline) {
    auto const until = Clock::now() + deadline;
    auto output = make_pipe();
    if (!output) return output.error();
    auto errors = make_pipe();
    if (!errors) return errors.error();
    auto const pid = spawn(command, output->writer.get(), errors->writer.get());
    if (!pid) return pid.error();
    Running running(*pid);
    output->writer.close();
    errors->writer.close();

    Captured captured;
    for (;;) {
        // Its end is asked for last: a closed pipe is no end yet, and a descriptor of -1 is passed
        // over.
        auto const all_read = output->reader.get() < 0 && errors->reader.get() < 0;
        std::array<pollfd, 3> events{{{output->reader.get(), POLLIN, 0},
                                      {errors->reader.get(), POLLIN, 0},
                                      {all_read ? running.ended() : -1, POLLIN, 0}}};
        auto const ready = ::poll(events.data(), events.size(), milliseconds_until(until));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return failed_with(ETIMEDOUT, command.front());
        if (events[2].revents != 0) break;
        if ((events[0].revents != 0 && !drain(output->reader, captured.output)) ||
            (events[1].revents != 0 && !drain(errors->reader, captured.errors)))
            return fail(Errc::out_of_range, command.front() + " says too much");
    }
    captured.exit_code = running.reap();
    return captured;
}

} // namespace continuo::os
