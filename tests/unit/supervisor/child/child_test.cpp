// How children are started, and what they find.
#include "supervisor/child/child.hpp"
#include "tests/unit/supervisor/child/running.hpp"

#include <doctest/doctest.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <sstream>

namespace continuo::child::child_test {

std::vector<std::string> words(std::string const& text) {
    std::istringstream stream(text);
    std::vector<std::string> result;
    for (std::string word; stream >> word;)
        result.push_back(word);
    std::sort(result.begin(), result.end());
    return result;
}

/// What a program writes to its stdout until it ends.
std::string output_of(workers::Command const& command) {
    Running running(command);
    REQUIRE(running.wait_for_exit());
    return running.output.read_all();
}

TEST_CASE("child: a missing program is an error at once, and leaves nothing behind") {
    boost::asio::io_context loop;
    auto const descriptors = open_descriptors();
    auto const child = Child::spawn(loop.get_executor(), program("/nonexistent/x"), {}, {});
    REQUIRE(child.has_error());
    CHECK(child.error().code.value() == ENOENT);
    CHECK(child.error().context.find("/nonexistent/x") != std::string::npos);
    CHECK(has_no_children());
    CHECK(open_descriptors() == descriptors);
}

TEST_CASE("child: what may not be executed is an error at once") {
    boost::asio::io_context loop;
    auto const child = Child::spawn(loop.get_executor(), program("/etc/passwd"), {}, {});
    REQUIRE(child.has_error());
    CHECK(child.error().code.value() == EACCES);
    CHECK(has_no_children());
}

TEST_CASE("child: an exit code and a signal are told apart") {
    Running exits(shell("exit 9"));
    REQUIRE(exits.wait_for_exit());
    CHECK(to_text(*exits.exit) == "exited with 9");
    CHECK(exits.child->exit()->value == 9);

    Running dies(shell("kill -9 $$"));
    REQUIRE(dies.wait_for_exit());
    CHECK(to_text(*dies.exit) == "killed by SIGKILL");
    CHECK(has_no_children());
}

TEST_CASE("child: found in PATH by its name") {
    Running running(program("true"));
    REQUIRE(running.wait_for_exit());
    CHECK(running.exit->clean());
    CHECK(running.child->name() == "true");
}

TEST_CASE("child: arguments are handed on as they are") {
    CHECK(output_of(program("printf", {"%s|", "a b", "$HOME", "*", "", "\"'"})) ==
          "a b|$HOME|*||\"'|");
}

TEST_CASE("child: all that it said on stderr is handed on before its end") {
    Running running(shell("for i in 1 2 3; do echo line $i >&2; done; exit 1"));
    REQUIRE(running.wait_for_exit());
    CHECK(running.lines == std::vector<std::string>{"line 1", "line 2", "line 3"});
    CHECK(running.child->last_words() == "line 3");
}

TEST_CASE("child: last words need no end of line") {
    Running running(shell("printf 'out of memory' >&2; exit 1"));
    REQUIRE(running.wait_for_exit());
    CHECK(running.lines == std::vector<std::string>{"out of memory"});
    CHECK(running.child->last_words() == "out of memory");
}

TEST_CASE("child: more than a pipe holds, said in its last moment, is not lost") {
    Running running(shell("i=0; while [ $i -lt 3000 ]; do echo a line of some length $i; "
                          "i=$((i+1)); done >&2"));
    REQUIRE(running.wait_for_exit());
    CHECK(running.lines.size() == 3000);
}

TEST_CASE("child: a grandchild that holds stderr open is not waited for") {
    Running running(shell("setsid tail -f /dev/null & echo $! >&2; exit 0"));
    REQUIRE(running.wait_for_exit());
    REQUIRE(running.lines.size() == 1);
    auto const grandchild = std::stoi(running.lines[0]);
    ::kill(grandchild, SIGKILL);
    CHECK(ends(grandchild));
}

TEST_CASE("child: what it says of URLs is handed on without credentials") {
    Running running(shell("echo 'rtmp://me:secret@host/app: refused' >&2; exit 1"));
    REQUIRE(running.wait_for_exit());
    CHECK(running.child->last_words() == "rtmp://***@host/app: refused");
}

TEST_CASE("child: without descriptors of ours it reads nothing and writes nowhere") {
    boost::asio::io_context loop;
    std::optional<Exit> exit;
    std::vector<std::string> lines;
    auto const child =
        Child::spawn(loop.get_executor(),
                     shell("cat; echo to nobody; in=$(readlink /proc/$$/fd/0); "
                           "out=$(readlink /proc/$$/fd/1); echo $in >&2; echo $out >&2"),
                     {},
                     {.on_line = [&](std::string const& line) { lines.push_back(line); },
                      .on_exit = [&](Exit const& how) { exit = how; }});
    REQUIRE(child.has_value());
    REQUIRE(test::wait_until(loop, [&] { return exit.has_value(); }));
    CHECK(exit->clean());
    CHECK(lines == std::vector<std::string>{"/dev/null", "/dev/null"});
}

workers::Command confined(std::string script) {
    auto made = shell(std::move(script));
    made.confinement = workers::Confinement{
        .memory_bytes = 1ull << 30, .cpu_time = std::chrono::seconds{7}, .file_bytes = 4096};
    return made;
}

TEST_CASE("child confined: it has the limits that it is given, and may not raise them") {
    CHECK(output_of(confined("ulimit -v; ulimit -Hv; ulimit -t; ulimit -n; ulimit -c; "
                             "ulimit -v unlimited 2>/dev/null || echo refused")) ==
          "1048576\n1048576\n7\n256\n0\nrefused\n");
    CHECK(output_of(confined("grep NoNewPrivs /proc/self/status")) == "NoNewPrivs:\t1\n");
    CHECK(output_of(shell("ulimit -v")) == "unlimited\n");
}

TEST_CASE("child confined: where we are root it is nobody, in no group of ours") {
    auto const user = output_of(confined("id -u; id -G"));
    if (::geteuid() == 0)
        CHECK(user == output_of(shell("id -u nobody; id -G nobody")));
    else
        CHECK(user == output_of(shell("id -u; id -G")));
}

TEST_CASE("child confined: too much memory or time are its end") {
    Running eats(confined("exec head -c 2000000000 /dev/zero | tail -n 1"));
    REQUIRE(eats.wait_for_exit());
    CHECK_FALSE(eats.exit->clean());
    auto lazy = confined("while :; do :; done");
    lazy.confinement->cpu_time = std::chrono::seconds{1};
    Running spins(lazy);
    REQUIRE(spins.wait_for_exit());
    CHECK(to_text(*spins.exit) == "killed by SIGKILL"); // the hard limit is the soft one
}

TEST_CASE("child: nothing but 0 to 2 is open in it") {
    std::vector<int> inherited;
    for (int i = 0; i < 5; ++i)
        inherited.push_back(::dup(STDERR_FILENO)); // not close-on-exec
    auto const listed = output_of(program("ls", {"-1", "/proc/self/fd"}));
    for (auto const fd : inherited)
        ::close(fd);
    CHECK(words(listed) == std::vector<std::string>{"0", "1", "2", "3"}); // 3: the directory itself
}

TEST_CASE("child: its descriptors may lie where its own are going to") {
    // The test's stdin becomes its stdout and the other way round, as far as numbers go.
    TestPipe pipe;
    int const saved = ::dup(STDIN_FILENO);
    REQUIRE(::dup2(pipe.writer(), STDIN_FILENO) == STDIN_FILENO);
    boost::asio::io_context loop;
    std::optional<Exit> exit;
    auto const child = Child::spawn(
        loop.get_executor(), shell("echo through"), {.input = {}, .output = STDIN_FILENO},
        {.on_line = nullptr, .on_exit = [&](Exit const& how) { exit = how; }});
    REQUIRE(::dup2(saved, STDIN_FILENO) == STDIN_FILENO);
    ::close(saved);
    REQUIRE(child.has_value());
    CHECK(pipe.read_all() == "through\n");
    CHECK(test::wait_until(loop, [&] { return exit.has_value(); }));
}

TEST_CASE("child: its environment is PATH, LANG and its own") {
    ::setenv("TEST_SECRET", "x", 1);
    auto command = program("env");
    command.environment = {"MINE=1"};
    auto const listed = output_of(command);
    ::unsetenv("TEST_SECRET");
    CHECK(words(listed) == std::vector<std::string>{"AV_LOG_FORCE_NOCOLOR=1", "LANG=C", "MINE=1",
                                                    std::string("PATH=") + ::getenv("PATH")});
}

TEST_CASE("child: signals that we ignore or block are none of its") {
    auto* const before = ::signal(SIGPIPE, SIG_IGN);
    sigset_t blocked;
    sigset_t old;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &blocked, &old);
    auto const status = output_of(program("grep", {"-E", "Sig(Blk|Ign)", "/proc/self/status"}));
    ::sigprocmask(SIG_SETMASK, &old, nullptr);
    ::signal(SIGPIPE, before);
    CHECK(words(status) ==
          std::vector<std::string>{"0000000000000000", "0000000000000000", "SigBlk:", "SigIgn:"});
}

TEST_CASE("child: its niceness is added to ours, and it dumps no core") {
    auto const ours = ::getpriority(PRIO_PROCESS, 0);
    auto const expected = std::min(ours + 5, 19);
    auto command = shell("nice; ulimit -c");
    command.nice = 5;
    CHECK(output_of(command) == std::to_string(expected) + "\n0\n");
}

} // namespace continuo::child::child_test
