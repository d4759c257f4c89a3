// Where our two programs say that they are ready: the socket that sd_notify(3) writes to.
#pragma once

#include "core/base/result.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>

namespace continuo::cli {

/// Owned by `continuo run`.
class Readiness {
public:
    static Result<std::unique_ptr<Readiness>> open(boost::asio::any_io_executor executor);
    Readiness(Readiness const&) = delete;
    Readiness& operator=(Readiness const&) = delete;
    ~Readiness();

    /// From now on `on_ready` is called on the loop with the pid of each process that says READY=1.
    void listen(std::function<void(pid_t)> on_ready);

    /// For a child's environment: "NOTIFY_SOCKET=@...".
    std::string const& variable() const;

private:
    struct State;
    explicit Readiness(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

} // namespace continuo::cli
