#include "supervisor/child/exit.hpp"

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/wait.h>

#include <string_view>

namespace continuo::child::exit_test {

using namespace std::chrono_literals;

Exit exited(int code) {
    return decode_wait_status(W_EXITCODE(code, 0), 3s);
}

Exit killed(int signal) {
    return decode_wait_status(W_EXITCODE(0, signal), 3s);
}

TEST_CASE("exit: an exit code and a signal of the same number are told apart") {
    CHECK(exited(9).kind == Exit::Kind::exited);
    CHECK(exited(9).value == 9);
    CHECK(killed(9).kind == Exit::Kind::signaled);
    CHECK(killed(9).value == 9);
    CHECK(exited(9).uptime == 3s);
    CHECK(killed(9).uptime == 3s);
}

TEST_CASE("exit: only an exit with 0 is clean") {
    CHECK(exited(0).clean());
    CHECK_FALSE(exited(1).clean());
    CHECK_FALSE(exited(255).clean());
    CHECK_FALSE(killed(SIGTERM).clean());
}

TEST_CASE("exit: a core dump changes nothing") {
    auto const exit = decode_wait_status(W_EXITCODE(0, SIGSEGV) | WCOREFLAG, 0s);
    CHECK(exit.kind == Exit::Kind::signaled);
    CHECK(exit.value == SIGSEGV);
}

TEST_CASE("exit: in words") {
    CHECK(to_text(exited(0)) == "exited with 0");
    CHECK(to_text(exited(127)) == "exited with 127");
    CHECK(to_text(killed(SIGKILL)) == "killed by SIGKILL");
    CHECK(to_text(killed(SIGSEGV)) == "killed by SIGSEGV");
    CHECK(to_text(killed(40)) == "killed by signal 40");
}

TEST_CASE("exit: a process that the kernel takes down says so in its status") {
    CHECK(is_ending("42 (sh) Z 1 42 42 0 -1 4228108 120"));
    CHECK(is_ending("42 (sh) R 1 42 42 0 -1 4 120")); // before its pipes are closed
    CHECK_FALSE(is_ending("42 (sh) S 1 42 42 0 -1 4194304 120"));
    CHECK_FALSE(is_ending("42 (a) Z 1 1 1 1 1 4 (b) S 1 42 42 0 -1 4194304 120"));
}

TEST_CASE("exit: what is cut short, or no status at all, says nothing") {
    std::string_view const status = "42 (sh) Z 1 42 42 0 -1 4";
    REQUIRE(is_ending(status));
    for (std::size_t length = 0; length < status.size(); ++length)
        CHECK_FALSE(is_ending(status.substr(0, length)));
    CHECK_FALSE(is_ending(") ) ) ) ) ) ) )"));
}

} // namespace continuo::child::exit_test
