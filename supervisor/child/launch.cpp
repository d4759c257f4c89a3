#include "supervisor/child/launch.hpp"

#include "core/os/pipe.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace continuo::child {
namespace {

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> out;
    for (auto& string : strings)
        out.push_back(string.data());
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> argument_list(workers::Command const& command) {
    std::vector<std::string> list{command.executable};
    list.insert(list.end(), command.arguments.begin(), command.arguments.end());
    return list;
}

std::vector<std::string> environment_list(workers::Command const& command) {
    auto const* const path = std::getenv("PATH");
    std::vector<std::string> list{std::string("PATH=") +
                                      (path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin"),
                                  "LANG=C", "AV_LOG_FORCE_NOCOLOR=1"};
    // Each thread's own arena would take address space that nobody uses.
    if (command.confinement) list.emplace_back("MALLOC_ARENA_MAX=4");
    list.insert(list.end(), command.environment.begin(), command.environment.end());
    return list;
}

/// 0 to 2 and further outputs of a child.
constexpr std::size_t most_descriptors = 16;

struct User {
    uid_t user{};
    gid_t group{};
};

/// What a confined child is held to, looked up before the fork.
struct Cell {
    std::array<std::pair<int, rlimit>, 4> limits{};
    std::optional<User> user{}; ///< whom it becomes
};

rlimit both(std::uint64_t limit) {
    return {.rlim_cur = limit, .rlim_max = limit};
}

Result<Cell> cell_of(workers::Confinement const& confinement) {
    constexpr std::uint64_t open_files = 256;
    Cell cell{
        .limits = {{{RLIMIT_AS, both(confinement.memory_bytes)},
                    {RLIMIT_CPU, both(static_cast<std::uint64_t>(confinement.cpu_time.count()))},
                    {RLIMIT_FSIZE, both(confinement.file_bytes)},
                    {RLIMIT_NOFILE, both(open_files)}}}};
    if (::geteuid() != 0) return cell;
    auto const* const nobody = ::getpwnam("nobody");
    if (nobody == nullptr || nobody->pw_uid == 0)
        return fail(Errc::not_found, "there is no user \"nobody\" to run it as");
    cell.user = User{.user = nobody->pw_uid, .group = nobody->pw_gid};
    return cell;
}

/// Async-signal-safe. The libraries' calls would tell other threads, of which there are none here.
bool enter(Cell const& cell) {
    for (auto const& [resource, limit] : cell.limits)
        if (::setrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0) return false;
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    if (!cell.user) return true;
    auto const [user, group] = *cell.user;
    return ::syscall(SYS_setgroups, 0, nullptr) == 0 &&
           ::syscall(SYS_setresgid, group, group, group) == 0 &&
           ::syscall(SYS_setresuid, user, user, user) == 0;
}

void die_with(pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The parent may have died before prctl was there to notice.
    if (::getppid() != parent) ::_exit(127);
}

/// What the child does between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(char const* executable, char* const* arguments, char* const* environment,
                         std::span<int const> descriptors, int report, pid_t parent, int nice,
                         Cell const* cell) {
    auto const give_up = [&] {
        int const code = errno;
        (void)!::write(report, &code, sizeof code);
        ::_exit(127);
    };
    ::setsid();
    die_with(parent);

    struct sigaction by_default {};
    by_default.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal)
        ::sigaction(signal, &by_default, nullptr);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    rlimit const no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    if (nice != 0) ::setpriority(PRIO_PROCESS, 0, ::getpriority(PRIO_PROCESS, 0) + nice);

    // Descriptors may lie where others go: lift them before they are laid in place.
    auto const lift = [](int fd) { return ::fcntl(fd, F_DUPFD_CLOEXEC, most_descriptors); };
    report = lift(report);
    std::array<int, most_descriptors> lifted{};
    for (std::size_t target = 0; target < descriptors.size(); ++target)
        lifted[target] = lift(descriptors[target]);
    for (std::size_t target = 0; target < descriptors.size(); ++target)
        if (lifted[target] < 0 || ::dup2(lifted[target], static_cast<int>(target)) < 0) give_up();
    ::syscall(SYS_close_range, static_cast<unsigned>(descriptors.size()), ~0U, CLOSE_RANGE_CLOEXEC);
    if (cell != nullptr) {
        if (!enter(*cell)) give_up();
        die_with(parent); // who becomes another user is not held to it any more
    }
    ::execvpe(executable, arguments, environment);
    give_up();
    ::_exit(127);
}

} // namespace

Result<Launched> launch(workers::Command const& command, Stdio const& stdio) {
    if (stdio.further.size() > most_descriptors - 3)
        return fail(Errc::out_of_range, "too many outputs for " + command.name);
    auto error = os::make_pipe();
    if (!error) return error.error();
    auto report = os::make_pipe();
    if (!report) return report.error();
    os::Descriptor const null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (null.get() < 0) return fail_errno("open \"/dev/null\"");
    ::fcntl(error->reader.get(), F_SETFL, O_NONBLOCK);

    std::optional<Cell> cell;
    if (command.confinement) {
        auto found = cell_of(*command.confinement);
        if (!found) return found.error();
        cell = *std::move(found);
    }
    auto arguments = argument_list(command);
    auto environment = environment_list(command);
    auto const argument_pointers = pointers(arguments);
    auto const environment_pointers = pointers(environment);
    std::vector<int> descriptors{stdio.input.value_or(null.get()),
                                 stdio.output.value_or(null.get()), error->writer.get()};
    descriptors.insert(descriptors.end(), stdio.further.begin(), stdio.further.end());
    pid_t const parent = ::getpid();
    pid_t const pid = ::fork();
    if (pid < 0) return fail_errno("fork for " + command.name);
    if (pid == 0)
        become(command.executable.c_str(), argument_pointers.data(), environment_pointers.data(),
               descriptors, report->writer.get(), parent, command.nice, cell ? &*cell : nullptr);

    // The report pipe closes when exec succeeds: this waits for fork and exec, as vfork would.
    report->writer.close();
    int code = 0;
    ssize_t count;
    do
        count = ::read(report->reader.get(), &code, sizeof code);
    while (count < 0 && errno == EINTR);
    if (count > 0) {
        ::waitpid(pid, nullptr, 0);
        errno = code;
        return fail_errno("start " + command.executable);
    }
    auto const pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U));
    if (pidfd < 0) {
        auto failure = fail_errno("pidfd of " + command.name);
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return failure;
    }
    ::fcntl(pidfd, F_SETFD, FD_CLOEXEC);
    return Launched{.pid = pid, .pidfd = pidfd, .stderr_reader = error->reader.release()};
}

} // namespace continuo::child
