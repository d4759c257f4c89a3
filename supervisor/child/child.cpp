#include "supervisor/child/child.hpp"

#include "core/os/file.hpp"
#include "supervisor/child/launch.hpp"
#include "supervisor/child/stderr_tail.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace continuo::child {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto second_term_after = 300ms;
constexpr auto kill_after = 1000ms; // counted from the second TERM

} // namespace

/// Kept alive by the handlers that are under way; `Child` only points at it.
struct Child::State : std::enable_shared_from_this<Child::State> {
    State(asio::any_io_executor const& executor, Launched const& launched, std::string name_of,
          Handlers handlers_of)
        : pid(launched.pid)
        , name(std::move(name_of))
        , handlers(std::move(handlers_of))
        , ended(executor, launched.pidfd)
        , errors(executor, launched.stderr_reader)
        , timer(executor) {}

    void watch() {
        wait_for_end();
        wait_for_errors();
    }

    /// Waits without reading: what is said is in the pipe or handed on, never in between, where its
    /// end would overtake it.
    void wait_for_errors() {
        errors.async_wait(asio::posix::stream_descriptor::wait_read,
                          [self = shared_from_this()](boost::system::error_code code) {
                              if (code || self->exit) return;
                              if (self->read_errors() != 0) self->wait_for_errors();
                          });
    }

    /// Hands on some of what is in the pipe: so many bytes; 0 at its end, -1 when it is empty.
    ssize_t read_errors() {
        std::array<char, 4096> bytes{};
        auto const count = ::read(errors.native_handle(), bytes.data(), bytes.size());
        if (count > 0) hand_on(std::string_view(bytes.data(), static_cast<std::size_t>(count)));
        return count;
    }

    void hand_on(std::string_view bytes) {
        for (auto const& line : tail.feed(bytes))
            if (handlers.on_line) handlers.on_line(line);
    }

    void reap() {
        int status = 0;
        if (::waitpid(pid, &status, WNOHANG) != pid) return wait_for_end();
        // Whatever it left in its own group (there should be nothing) goes with it.
        ::kill(-pid, SIGKILL);
        drain_errors();
        exit = decode_wait_status(status, steady_clock::now() - started);
        close();
        // The owner may destroy us from within.
        auto const on_exit = std::exchange(handlers.on_exit, nullptr);
        handlers.on_line = nullptr;
        if (on_exit) on_exit(*exit);
    }

    void wait_for_end() {
        ended.async_wait(asio::posix::stream_descriptor::wait_read,
                         [self = shared_from_this()](boost::system::error_code code) {
                             if (!code) self->reap();
                         });
    }

    /// What is in the pipe already, and that is no more than a pipe holds: a grandchild that keeps
    /// it open is not waited for.
    void drain_errors() {
        constexpr int reads = 64 * 1024 / 4096;
        for (int i = 0; i < reads && read_errors() > 0; ++i) {
        }
        hand_on("\n"); // last words need no end of line
    }

    void close() {
        boost::system::error_code ignored;
        timer.cancel();
        (void)ended.close(ignored);
        (void)errors.close(ignored);
    }

    void signal_group(int number) const {
        if (!exit) ::kill(-pid, number);
    }

    void term(bool last) {
        signal_group(SIGTERM);
        signal_group(SIGCONT);
        timer.expires_after(last ? kill_after : second_term_after);
        timer.async_wait([self = shared_from_this(), last](boost::system::error_code code) {
            if (code || self->exit) return;
            if (last)
                self->signal_group(SIGKILL);
            else
                self->term(/*last=*/true);
        });
    }

    pid_t pid;
    std::string name;
    Handlers handlers;
    asio::posix::stream_descriptor ended;
    asio::posix::stream_descriptor errors;
    asio::steady_timer timer;
    steady_clock::time_point started{steady_clock::now()};
    StderrTail tail;
    std::optional<Exit> exit;
    bool stopping{false};
};

Result<std::unique_ptr<Child>> Child::spawn(asio::any_io_executor executor,
                                            workers::Command const& command, Stdio stdio,
                                            Handlers handlers) {
    auto const launched = launch(command, stdio);
    if (!launched) return launched.error();
    auto state = std::make_shared<State>(executor, *launched, command.name, std::move(handlers));
    state->watch();
    return std::unique_ptr<Child>(new Child(std::move(state)));
}

Child::Child(std::shared_ptr<State> state) : state_(std::move(state)) {}

Child::~Child() {
    state_->handlers = {};
    if (state_->exit) return;
    state_->signal_group(SIGKILL);
    int status = 0;
    ::waitpid(state_->pid, &status, 0);
    state_->exit = decode_wait_status(status, steady_clock::now() - state_->started);
    state_->close();
}

pid_t Child::pid() const {
    return state_->pid;
}

std::string const& Child::name() const {
    return state_->name;
}

std::optional<Exit> const& Child::exit() const {
    return state_->exit;
}

bool Child::is_over() const {
    if (state_->exit) return true;
    auto const status = os::read_file(fmt::format("/proc/{}/stat", state_->pid));
    return status && is_ending(*status);
}

std::string Child::last_words() const {
    return state_->tail.last();
}

void Child::stop() {
    if (!std::exchange(state_->stopping, true) && !state_->exit) state_->term(/*last=*/false);
}

void Child::kill() {
    state_->signal_group(SIGKILL);
}

} // namespace continuo::child
