#include "supervisor/child/pipeline.hpp"
#include "tests/unit/supervisor/child/running.hpp"

#include <doctest/doctest.h>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace continuo::child::pipeline_test {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

/// A pipeline whose head reads a pipe that stays open and empty.
struct Joined {
    explicit Joined(std::vector<workers::Command> const& commands) {
        auto started = Pipeline::start(
            loop.get_executor(), commands, input.reader(),
            {.on_line = [this](std::string const& child,
                               std::string const& line) { lines.push_back(child + ": " + line); },
             .on_end = [this](PipelineExit const& how) { exit = how; }});
        REQUIRE(started.has_value());
        pipeline = *std::move(started);
    }

    bool said(std::string const& line) const {
        return std::find(lines.begin(), lines.end(), line) != lines.end();
    }
    bool wait_for_line(std::string const& line) {
        return test::wait_until(loop, [&] { return said(line); });
    }
    bool wait_for_end() {
        return test::wait_until(loop, [&] { return exit.has_value(); });
    }
    std::string end_of(std::size_t member) const { return to_text(exit->members[member].exit); }

    boost::asio::io_context loop;
    TestPipe input;
    std::vector<std::string> lines;
    std::optional<PipelineExit> exit;
    std::unique_ptr<Pipeline> pipeline;
};

TEST_CASE("pipeline: what the head writes comes out at the tail") {
    Joined joined({shell("echo one; echo two", "head"), shell("sed s/^/x/", "middle"),
                   shell("cat >&2", "tail")});
    REQUIRE(joined.wait_for_end());
    CHECK(joined.lines == std::vector<std::string>{"tail: xone", "tail: xtwo"});
    CHECK(joined.exit->clean());
    CHECK_FALSE(joined.exit->requested);
    CHECK(joined.exit->members.size() == 3);
    CHECK(joined.pipeline->pids().empty());
    CHECK(has_no_children());
}

TEST_CASE("pipeline: the head reads what it was given") {
    TestPipe input;
    (void)!::write(input.writer(), "given\n", 6);
    input.close_writer();
    boost::asio::io_context loop;
    std::vector<std::string> lines;
    bool ended = false;
    auto const pipeline =
        Pipeline::start(loop.get_executor(), {shell("cat"), shell("cat >&2")}, input.reader(),
                        {.on_line = [&](auto const&, auto const& line) { lines.push_back(line); },
                         .on_end = [&](PipelineExit const&) { ended = true; }});
    REQUIRE(pipeline.has_value());
    REQUIRE(test::wait_until(loop, [&] { return ended; }));
    CHECK(lines == std::vector<std::string>{"given"});
}

TEST_CASE("pipeline: when the head is killed the rest drains") {
    Joined joined({shell("echo data; echo up >&2; read line", "head"),
                   shell("cat >&2; echo drained >&2", "tail")});
    REQUIRE(joined.wait_for_line("tail: data"));
    ::kill(joined.pipeline->pids().front(), SIGKILL);
    REQUIRE(joined.wait_for_end());
    CHECK(joined.said("tail: drained"));
    CHECK(joined.exit->first_ended == 0);
    CHECK(joined.end_of(0) == "killed by SIGKILL");
    CHECK(joined.end_of(1) == "exited with 0");
    CHECK_FALSE(joined.exit->clean());
}

TEST_CASE("pipeline: a tail that ended well before its head did is not the cause") {
    Joined joined({shell("echo up >&2; read line; exec >&-; read line; exit 3", "head"),
                   shell("echo up >&2; cat", "tail")});
    REQUIRE(joined.wait_for_line("head: up"));
    REQUIRE(joined.wait_for_line("tail: up"));
    auto const pids = joined.pipeline->pids();
    REQUIRE(pids.size() == 2);
    // Both end while the loop is elsewhere, and the tail's end is the first that it is told.
    REQUIRE(::write(joined.input.writer(), "\n", 1) == 1);
    REQUIRE(ends(pids[1]));
    joined.input.close_writer();
    REQUIRE(ends(pids[0]));
    REQUIRE(joined.wait_for_end());
    CHECK(joined.exit->first_ended == 0);
    CHECK(joined.end_of(0) == "exited with 3");
    CHECK(joined.end_of(1) == "exited with 0");
}

TEST_CASE("pipeline: when the tail is killed the head is, at once") {
    Joined joined({shell("trap '' TERM PIPE; echo up >&2; read line", "head"),
                   shell("echo up >&2; cat", "tail")});
    REQUIRE(joined.wait_for_line("head: up"));
    REQUIRE(joined.wait_for_line("tail: up"));
    auto const killed = steady_clock::now();
    ::kill(joined.pipeline->pids().back(), SIGKILL);
    REQUIRE(joined.wait_for_end());
    CHECK(joined.end_of(0) == "killed by SIGKILL");
    CHECK(joined.exit->first_ended == 1);
    CHECK(steady_clock::now() - killed < 2s); // the drain's deadline is 2.5 s
}

TEST_CASE("pipeline: when one in the middle dies, those before it are killed, those behind drain") {
    Joined joined({shell("trap '' PIPE; echo up >&2; read line", "head"),
                   shell("echo data; echo up >&2; cat", "middle"),
                   shell("cat >&2; echo drained >&2", "tail")});
    REQUIRE(joined.wait_for_line("tail: data"));
    REQUIRE(joined.wait_for_line("head: up"));
    ::kill(joined.pipeline->pids()[1], SIGSEGV);
    REQUIRE(joined.wait_for_end());
    CHECK(joined.end_of(0) == "killed by SIGKILL");
    CHECK(joined.end_of(2) == "exited with 0");
    CHECK(joined.exit->first_ended == 1);
    CHECK(joined.exit->describe().starts_with("middle["));
    CHECK(joined.exit->describe().find("killed by SIGSEGV after 0 s") != std::string::npos);
}

TEST_CASE("pipeline: who does not drain has 2.5 s for it") {
    Joined joined({shell("exit 1", "head"), shell("tail -f /dev/null", "tail")});
    auto const started = steady_clock::now();
    REQUIRE(joined.wait_for_end());
    CHECK(joined.end_of(1) == "killed by SIGKILL");
    CHECK(steady_clock::now() - started >= 2s);
    CHECK(steady_clock::now() - started < 6s);
}

TEST_CASE("pipeline: stopped at its head, the rest drains") {
    Joined joined({shell("echo data; read line", "head"),
                   shell("trap '' TERM; cat >&2; echo drained >&2", "tail")});
    REQUIRE(joined.wait_for_line("tail: data"));
    joined.pipeline->stop();
    REQUIRE(joined.wait_for_end());
    CHECK(joined.said("tail: drained"));
    CHECK(joined.exit->requested);
    CHECK(joined.end_of(0) == "killed by SIGTERM");
    CHECK(joined.end_of(1) == "exited with 0");
}

TEST_CASE("pipeline: stopped, nobody is left after 1.4 s") {
    Joined joined({shell("trap '' TERM; echo up >&2; read line", "head"),
                   shell("trap '' TERM; echo up >&2; tail -f /dev/null", "tail")});
    REQUIRE(joined.wait_for_line("head: up"));
    REQUIRE(joined.wait_for_line("tail: up"));
    auto const asked = steady_clock::now();
    joined.pipeline->stop();
    joined.pipeline->stop();
    REQUIRE(joined.wait_for_end());
    CHECK(joined.end_of(0) == "killed by SIGKILL");
    CHECK(joined.end_of(1) == "killed by SIGKILL");
    CHECK(steady_clock::now() - asked < 3s); // 1.4 s, and what a busy machine adds
    CHECK(has_no_children());
}

TEST_CASE("pipeline: killed, all its members are") {
    Joined joined({shell(wait_forever, "head"), shell("tail -f /dev/null", "tail")});
    CHECK(joined.pipeline->pids().size() == 2);
    joined.pipeline->kill();
    REQUIRE(joined.wait_for_end());
    CHECK(joined.end_of(0) == "killed by SIGKILL");
    CHECK(joined.end_of(1) == "killed by SIGKILL");
    CHECK_FALSE(joined.exit->requested);
}

TEST_CASE("pipeline: if a member can't be started nothing runs") {
    auto const descriptors = open_descriptors();
    for (std::size_t missing = 0; missing < 3; ++missing) {
        boost::asio::io_context loop;
        std::vector<workers::Command> commands(3, shell("trap '' TERM PIPE; tail -f /dev/null"));
        commands[missing] = program("/nonexistent/x");
        auto const pipeline = Pipeline::start(loop.get_executor(), commands, std::nullopt, {});
        REQUIRE(pipeline.has_error());
        CHECK(pipeline.error().code.value() == ENOENT);
        CHECK(has_no_children());
    }
    CHECK(open_descriptors() == descriptors);
}

TEST_CASE("pipeline: destroyed, all its members are killed and nothing is said") {
    auto const descriptors = open_descriptors();
    {
        Joined joined({shell("echo up >&2; read line", "head"),
                       shell("trap '' TERM; tail -f /dev/null", "tail")});
        REQUIRE(joined.wait_for_line("head: up"));
        joined.pipeline.reset();
        CHECK(has_no_children());
        joined.loop.restart();
        joined.loop.run();
        CHECK_FALSE(joined.exit);
    }
    CHECK(open_descriptors() == descriptors);
}

TEST_CASE("pipeline: its owner may destroy it when it ends") {
    boost::asio::io_context loop;
    std::unique_ptr<Pipeline> pipeline;
    bool ended = false;
    auto started =
        Pipeline::start(loop.get_executor(), {shell("exit 0"), shell("cat")}, std::nullopt,
                        {.on_line = nullptr, .on_end = [&](PipelineExit const&) {
                             pipeline.reset();
                             ended = true;
                         }});
    REQUIRE(started.has_value());
    pipeline = *std::move(started);
    CHECK(test::wait_until(loop, [&] { return ended; }));
    CHECK(has_no_children());
}

PipelineExit::Member member(std::string name, pid_t pid, Exit exit, std::string last_words = {}) {
    return {.name = std::move(name), .pid = pid, .exit = exit, .last_words = std::move(last_words)};
}

constexpr Exit clean{.kind = Exit::Kind::exited, .value = 0, .uptime = 312s};
constexpr Exit failed{.kind = Exit::Kind::exited, .value = 1, .uptime = 312s};
constexpr Exit segfault{.kind = Exit::Kind::signaled, .value = SIGSEGV, .uptime = 312s};

constexpr Exit broken_pipe{.kind = Exit::Kind::signaled, .value = SIGPIPE, .uptime = 312s};

TEST_CASE(
    "pipeline: the cause is the member from which the others follow, whoever is noticed first") {
    struct Row {
        std::vector<Exit> exits;
        std::vector<bool> over;
        std::size_t noticed;
        std::size_t cause;
    };
    for (auto const& row : std::vector<Row>{
             {{segfault, clean}, {true, false}, 0, 0},
             {{segfault, clean}, {true, true}, 1, 0},  // drained before anybody looked
             {{segfault, clean}, {false, true}, 1, 1}, // the head was killed by us
             {{clean, clean}, {true, true}, 1, 0},
             {{clean, segfault}, {true, true}, 0, 0},
             {{clean, segfault}, {true, true}, 1, 1},
             {{failed, segfault}, {true, true}, 1, 1},
             {{broken_pipe, segfault}, {true, true}, 0, 1}, // the head lost its reader
             {{broken_pipe, segfault}, {true, true}, 1, 1},
             {{broken_pipe, clean}, {true, true}, 0, 1}, // the tail ended by itself
             {{broken_pipe, clean}, {true, true}, 1, 1},
             {{broken_pipe, clean}, {true, false}, 0, 0}, // its stdout was closed otherwise
             {{segfault, clean, clean}, {true, true, true}, 2, 0},
             {{segfault, clean, clean}, {true, false, true}, 2, 2}, // a whole one in between
             {{broken_pipe, segfault, clean}, {true, true, true}, 2, 1},
             {{broken_pipe, segfault, clean}, {true, true, true}, 0, 1},
             {{broken_pipe, broken_pipe, clean}, {true, true, true}, 0, 2},
             {{clean, clean, broken_pipe}, {true, true, true}, 2, 2},
         }) {
        CAPTURE(row.noticed);
        CAPTURE(row.exits.size());
        CHECK(cause_of(row.exits, row.over, row.noticed) == row.cause);
    }
}

TEST_CASE("pipeline: its end is told by the member that ended first, with its last words") {
    PipelineExit const exit{.members = {member("ffmpeg", 4711, failed, "[error] no such host"),
                                        member("continuo-segment", 4712, clean, "bye")},
                            .first_ended = 0};
    CHECK(exit.describe() == "ffmpeg[4711] exited with 1 after 312 s: [error] no such host");
}

TEST_CASE("pipeline: a clean end that followed from another's failure is told by that") {
    PipelineExit const exit{
        .members = {member("ffmpeg", 4711, clean), member("continuo-segment", 4712, segfault)},
        .first_ended = 0};
    CHECK(exit.describe() == "continuo-segment[4712] killed by SIGSEGV after 312 s");
}

TEST_CASE("pipeline: a clean end is told without words") {
    PipelineExit const exit{.members = {member("ffmpeg", 4711, clean, "frame=1")},
                            .first_ended = 0};
    CHECK(exit.clean());
    CHECK(exit.describe() == "ffmpeg[4711] exited with 0 after 312 s");
}

TEST_CASE("pipeline: the last one writes where it is told to") {
    boost::asio::io_context loop;
    TestPipe output;
    TestPipe third;
    TestPipe fourth;
    bool ended = false;
    auto const pipeline = Pipeline::start(
        loop.get_executor(), {shell("echo a"), shell("cat; echo b >&3; echo c >&4")}, std::nullopt,
        {.on_line = nullptr, .on_end = [&](PipelineExit const& exit) { ended = exit.clean(); }},
        output.writer(), {third.writer(), fourth.writer()});
    REQUIRE(pipeline.has_value());
    REQUIRE(test::wait_until(loop, [&] { return ended; }));
    CHECK(output.read_all() == "a\n");
    CHECK(third.read_all() == "b\n");
    CHECK(fourth.read_all() == "c\n");
}

TEST_CASE("pipeline: more outputs than a child may have are refused, and nobody is left") {
    boost::asio::io_context loop;
    auto const pipeline =
        Pipeline::start(loop.get_executor(), {shell(wait_forever), shell(wait_forever)},
                        std::nullopt, {}, std::nullopt, FurtherOutputs(14, STDERR_FILENO));
    CHECK(pipeline.has_error());
    CHECK(has_no_children());
}

} // namespace continuo::child::pipeline_test
