// How children end: asked, killed, destroyed, orphaned.
#include "supervisor/child/child.hpp"
#include "tests/unit/supervisor/child/running.hpp"

#include <doctest/doctest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>

namespace continuo::child::child_end_test {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

TEST_CASE("child: it leads its own session and group") {
    Running running(shell(wait_forever));
    auto const pid = running.child->pid();
    CHECK(::getsid(pid) == pid);
    CHECK(::getpgid(pid) == pid);
}

TEST_CASE("child: asked to stop it dies of TERM, or ends in its own way") {
    Running plain(shell(wait_forever));
    plain.child->stop();
    REQUIRE(plain.wait_for_exit());
    CHECK(to_text(*plain.exit) == "killed by SIGTERM");

    Running tidy(shell("trap 'echo bye >&2; exit 3' TERM; echo up >&2; read line"));
    REQUIRE(tidy.wait_for_line("up"));
    tidy.child->stop();
    tidy.child->stop(); // once is enough
    REQUIRE(tidy.wait_for_exit());
    CHECK(to_text(*tidy.exit) == "exited with 3");
    CHECK(tidy.child->last_words() == "bye");
}

TEST_CASE("child: one that ignores TERM is killed 1.3 s after it was asked") {
    Running running(shell("trap '' TERM; echo up >&2; read line"));
    REQUIRE(running.wait_for_line("up"));
    auto const asked = steady_clock::now();
    running.child->stop();
    REQUIRE(running.wait_for_exit());
    CHECK(to_text(*running.exit) == "killed by SIGKILL");
    CHECK(steady_clock::now() - asked >= 1300ms);
    CHECK(steady_clock::now() - asked < 3s); // 1.5 s, and what a busy machine adds
}

TEST_CASE("child: one that needs a second TERM gets it before KILL") {
    Running running(shell("trap 'trap - TERM' TERM; echo up >&2; while :; do read line; done"));
    REQUIRE(running.wait_for_line("up"));
    running.child->stop();
    REQUIRE(running.wait_for_exit());
    CHECK(to_text(*running.exit) == "killed by SIGTERM");
}

TEST_CASE("child: one that was stopped by SIGSTOP is ended all the same") {
    for (auto const* const script :
         {"echo up >&2; read line", "trap '' TERM; echo up >&2; read line"}) {
        CAPTURE(script);
        Running running(shell(script));
        REQUIRE(running.wait_for_line("up"));
        auto const pid = running.child->pid();
        ::kill(pid, SIGSTOP);
        siginfo_t info{};
        REQUIRE(::waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WNOWAIT) == 0);
        running.child->stop();
        REQUIRE(running.wait_for_exit());
        CHECK(running.exit->kind == Exit::Kind::signaled);
    }
}

TEST_CASE("child: when it dies, what is left of its group goes with it") {
    Running running(shell("tail -f /dev/null & echo $! >&2; read line"));
    REQUIRE(test::wait_until(running.loop, [&] { return !running.lines.empty(); }));
    auto const grandchild = std::stoi(running.lines[0]);
    ::kill(running.child->pid(), SIGKILL); // the leader alone
    REQUIRE(running.wait_for_exit());
    CHECK(ends(grandchild));
}

TEST_CASE("child: killed, its whole group is") {
    Running running(shell("tail -f /dev/null & echo $! >&2; wait"));
    REQUIRE(test::wait_until(running.loop, [&] { return !running.lines.empty(); }));
    auto const grandchild = std::stoi(running.lines[0]);
    running.child->kill();
    CHECK(ends(grandchild));
    REQUIRE(running.wait_for_exit());
    CHECK(to_text(*running.exit) == "killed by SIGKILL");
}

TEST_CASE("child: destroyed while it runs, it is killed and reaped, and says nothing more") {
    auto const descriptors = open_descriptors();
    {
        Running running(shell("trap '' TERM; echo up >&2; tail -f /dev/null"));
        REQUIRE(running.wait_for_line("up"));
        auto const pid = running.child->pid();
        running.child.reset();
        CHECK(ends(pid));
        CHECK(has_no_children());
        running.loop.restart();
        running.loop.run(); // ends: nothing waits any more
        CHECK_FALSE(running.exit);
    }
    CHECK(open_descriptors() == descriptors);
}

TEST_CASE("child: its owner may destroy it when it ends") {
    boost::asio::io_context loop;
    std::unique_ptr<Child> child;
    bool ended = false;
    auto spawned = Child::spawn(loop.get_executor(), shell("exit 0"), {},
                                {.on_line = nullptr, .on_exit = [&](Exit const&) {
                                     child.reset();
                                     ended = true;
                                 }});
    REQUIRE(spawned.has_value());
    child = *std::move(spawned);
    CHECK(test::wait_until(loop, [&] { return ended; }));
    CHECK(has_no_children());
}

TEST_CASE("child: asked to stop after its end it stays ended") {
    Running running(shell("exit 0"));
    REQUIRE(running.wait_for_exit());
    running.child->stop();
    running.child->kill();
    CHECK(running.child->exit()->clean());
}

TEST_CASE("child: many starts leave no descriptor and no zombie") {
    auto const descriptors = open_descriptors();
    for (int i = 0; i < 50; ++i) {
        Running running(program("true"));
        REQUIRE(running.wait_for_exit());
    }
    CHECK(open_descriptors() == descriptors);
    CHECK(has_no_children());
}

/// Whether a child, started like `command`, is gone once the process that started it is.
bool dies_with_its_parent(workers::Command const& command) {
    TestPipe pipe;
    auto const parent = ::fork();
    if (parent == 0) {
        boost::asio::io_context loop;
        auto const child = Child::spawn(loop.get_executor(), command, {}, {});
        auto const pid = child ? (*child)->pid() : 0;
        (void)!::write(pipe.writer(), &pid, sizeof pid);
        for (;;)
            ::pause();
    }
    pid_t pid = 0;
    REQUIRE(::read(pipe.reader(), &pid, sizeof pid) == sizeof pid);
    REQUIRE(pid > 0);
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    return ends(pid);
}

TEST_CASE("child: it dies with the process that started it, as another user, too") {
    auto command = program("tail", {"-f", "/dev/null"});
    CHECK(dies_with_its_parent(command));
    command.confinement = workers::Confinement{
        .memory_bytes = 1ull << 30, .cpu_time = std::chrono::seconds{60}, .file_bytes = 4096};
    CHECK(dies_with_its_parent(command));
}

TEST_CASE("child: that it is over is known before it is reaped") {
    Running running(shell(wait_forever));
    CHECK_FALSE(running.child->is_over());
    ::kill(running.child->pid(), SIGKILL);
    REQUIRE(ends(running.child->pid()));
    CHECK(running.child->is_over());
    CHECK_FALSE(running.child->exit());
    REQUIRE(running.wait_for_exit());
    CHECK(running.child->is_over());
}

} // namespace continuo::child::child_end_test
