// Real small programs for the tests of children, and what is known of processes from outside.
#pragma once

#include "core/os/pipe.hpp"
#include "supervisor/child/child.hpp"
#include "tests/support/wait_until.hpp"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <string>
#include <vector>

namespace continuo::child {

/// A pipe of the test's.
class TestPipe {
public:
    int reader() const { return ends_.reader.get(); }
    int writer() const { return ends_.writer.get(); }
    void close_writer() { ends_.writer.close(); }
    /// Everything until its writers have closed it (ours is closed here).
    std::string read_all();

private:
    os::Pipe ends_{os::make_pipe().value()};
};

/// A program looked up in PATH.
workers::Command program(std::string name, std::vector<std::string> arguments = {});
workers::Command shell(std::string script, std::string name = "sh");

/// Blocks for ever without a clock: its stdin is a pipe that nobody writes to.
inline constexpr auto wait_forever = "read line";

/// Whether the process has ended (reaped or not) within 10 s.
bool ends(pid_t pid);
/// Whether we have no child at all, zombies included.
bool has_no_children();
std::size_t open_descriptors();

/// A child with all that it said; its stdin is a pipe that stays open and empty.
struct Running {
    explicit Running(workers::Command const& command);

    bool wait_for_exit() {
        return test::wait_until(loop, [&] { return exit.has_value(); });
    }
    bool wait_for_line(std::string const& line);

    boost::asio::io_context loop;
    TestPipe input;
    TestPipe output;
    std::vector<std::string> lines;
    std::optional<Exit> exit;
    std::unique_ptr<Child> child;
};

} // namespace continuo::child
