// One of the two programs that `continuo run` keeps alive.
#pragma once

#include "core/base/result.hpp"
#include "supervisor/child/child.hpp"
#include "supervisor/child/restart_policy.hpp"
#include "workers/command.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>

namespace spdlog {
class logger;
}

namespace continuo::cli {

/// Started again whenever it dies, until `stop`. What it logs is logged on under its own name.
class Program {
public:
    struct Handlers {
        /// It ended after `stop`, or it can't work at all: `code` is its exit code.
        std::function<void(int code)> on_end;
    };

    Program(boost::asio::any_io_executor executor, workers::Command command, Handlers handlers);
    ~Program();

    /// Errors: errno of the start.
    Result<> start();
    /// The process with this pid said that it is ready; others are not our concern.
    void on_ready(pid_t pid);
    bool is_ready() const { return is_ready_; }
    bool was_ever_ready() const { return was_ever_ready_; }

    void signal(int number) const;
    /// TERM, and KILL once `grace` is over; `on_end` follows, at once when it is not running.
    void stop(std::chrono::milliseconds grace);
    void kill();

private:
    void on_exit(child::Exit const& exit);
    void restart(child::Exit const& exit);
    void end(int code);

    workers::Command command_;
    Handlers handlers_;
    std::shared_ptr<spdlog::logger> logger_;
    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_; // for the next start, then for the KILL
    child::RestartPolicy policy_;
    std::unique_ptr<child::Child> child_;
    bool is_ready_{false};
    bool was_ever_ready_{false};
    bool stopping_{false};
};

} // namespace continuo::cli
