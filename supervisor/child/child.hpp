// One child process: started, listened to, stopped, reaped. Whether it is started again is decided
// elsewhere.
#pragma once

#include "core/base/result.hpp"
#include "supervisor/child/exit.hpp"
#include "workers/command.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace continuo::child {

namespace asio = boost::asio;

/// Become the child's 3 and so on.
using FurtherOutputs = std::vector<int>;

/// Descriptors that become the child's 0 and 1; /dev/null where there is none. They stay the
/// caller's.
struct Stdio {
    std::optional<int> input{};
    std::optional<int> output{};
    FurtherOutputs further{};
};

/// Called on the loop; never from within `spawn`, `stop` or `kill`.
struct Handlers {
    std::function<void(std::string const& line)>
        on_line; ///< what it says on stderr, credentials left out
    std::function<void(Exit const& exit)>
        on_exit; ///< once; the child is reaped and all its lines were handed on
};

/// Move-only by pointer; destroying a running child kills its process group and reaps it.
/// The child leads its own session, dies with the thread that spawned it (PR_SET_PDEATHSIG: spawn
/// from the main thread only), inherits no descriptor but 0 to 2 and `further`, and finds PATH and
/// LANG=C in its environment beside the command's own.
class Child {
public:
    /// Errors: errno of fork or pipe, or of the child's exec: a missing program is an error here,
    /// not an exit later.
    static Result<std::unique_ptr<Child>> spawn(asio::any_io_executor executor,
                                                workers::Command const& command, Stdio stdio,
                                                Handlers handlers);
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;
    ~Child();

    pid_t pid() const;
    std::string const& name() const;
    std::optional<Exit> const& exit() const;
    /// It has ended, or is just about to; known before `exit` is.
    bool is_over() const;
    /// The line that tells best why it died; empty when it said nothing.
    std::string last_words() const;

    /// TERM, 0.3 s, TERM (a reader that is blocked on the network needs it), 1.0 s, KILL; CONT
    /// along, for one that is stopped.
    void stop();
    /// KILL to the process group, now.
    void kill();

private:
    struct State;
    explicit Child(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

} // namespace continuo::child
