// Children joined by pipes, as one unit: judged by all its members' ends, stopped at its head so
// that the rest drains.
#pragma once

#include "supervisor/child/child.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace continuo::child {

/// How each member ended, head first.
struct PipelineExit {
    struct Member {
        std::string name;
        pid_t pid{};
        Exit exit;
        std::string last_words;
    };
    std::vector<Member> members;
    std::size_t first_ended{}; ///< `cause_of`: the culprit, unless all is clean
    bool requested{false};     ///< we stopped it

    bool clean() const;
    /// The culprit was ended by a signal.
    bool is_killed() const;
    /// "ffmpeg[4711] killed by SIGSEGV after 312 s: last words".
    std::string describe() const;
};

/// The member from whose end those of the others followed. Ends come in the order in which they are
/// noticed; on a busy machine several do at once, and not in the order in which they happened.
/// `noticed`: the member whose end was noticed first; `over`: who was over by then. Pure.
std::size_t cause_of(std::vector<Exit> const& exits, std::vector<bool> const& over,
                     std::size_t noticed);

struct PipelineHandlers {
    std::function<void(std::string const& child, std::string const& line)> on_line;
    std::function<void(PipelineExit const& exit)> on_end; ///< once, when the last member has ended
};

/// Owned by whoever started it; destroying it kills what still runs.
/// When a member ends by itself, those before it are killed (nobody reads them), those behind it
/// drain and have 2.5 s for it.
class Pipeline {
public:
    /// `input`, `output`: the head's stdin and the last one's stdout, /dev/null if absent; they
    /// stay the caller's. Errors: as `Child::spawn`; nothing is left running then.
    static Result<std::unique_ptr<Pipeline>>
    start(asio::any_io_executor executor, std::vector<workers::Command> const& commands,
          std::optional<int> input, PipelineHandlers handlers, std::optional<int> output = {},
          FurtherOutputs const& further = {});
    Pipeline(Pipeline const&) = delete;
    Pipeline& operator=(Pipeline const&) = delete;
    ~Pipeline();

    /// Stops the head; 1.4 s later nobody is left.
    void stop();
    /// KILL to all, now; `on_end` comes as usual.
    void kill();
    /// To the last member, if it runs.
    void signal_last(int number);
    std::vector<pid_t> pids() const; ///< of members that run
    /// The newest line of the first member that said anything; empty when none did.
    std::string last_words() const;

private:
    struct State;
    explicit Pipeline(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

} // namespace continuo::child
