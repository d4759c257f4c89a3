#include "core/os/capture.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <chrono>

namespace continuo::os::capture_test {

using namespace std::chrono_literals;

TEST_CASE("capture: both outputs and the exit code") {
    auto const result = capture({"sh", "-c", "echo out; echo err >&2; exit 3"}, 10s);
    REQUIRE(result.has_value());
    CHECK(result->output == "out\n");
    CHECK(result->errors == "err\n");
    CHECK(result->exit_code == 3);
}

TEST_CASE("capture: a signal reads as a shell says it") {
    CHECK(capture({"sh", "-c", "kill -9 $$"}, 10s)->exit_code == 137);
}

TEST_CASE("capture: a missing program is an error at once") {
    auto const result = capture({"/nonexistent/program"}, 10s);
    REQUIRE(result.has_error());
    CHECK(result.error().code.value() == ENOENT);
}

TEST_CASE("capture: what does not end in time is killed, with all it started") {
    auto const begin = std::chrono::steady_clock::now();
    auto const result = capture({"sh", "-c", "sleep 100 & sleep 100"}, 50ms);
    REQUIRE(result.has_error());
    CHECK(result.error().code.value() == ETIMEDOUT);
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("capture: one that closes its outputs is still waited for") {
    auto const result = capture({"sh", "-c", "exec >&- 2>&-; sleep 0.05; exit 4"}, 10s);
    REQUIRE(result.has_value());
    CHECK(result->exit_code == 4);
}

TEST_CASE("capture: nobody fills our memory") {
    auto const result = capture({"sh", "-c", "cat /dev/zero"}, 10s);
    REQUIRE(result.has_error());
    CHECK(result.error().code == Errc::out_of_range);
}

} // namespace continuo::os::capture_test
