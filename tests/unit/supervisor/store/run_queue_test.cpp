#include "supervisor/store/run_queue.hpp"

#include <doctest/doctest.h>

namespace continuo::store::run_queue_test {

using namespace std::chrono_literals;

SteadyTime const arrival{1000s};
constexpr auto patience = 7500ms;

contract::SegmentLine line(Ticks90k start, Ticks90k duration = 4s,
                           contract::SegmentEnd end = contract::SegmentEnd::grid) {
    contract::SegmentLine result;
    result.name = "000000.ts";
    result.start = wrapped(start);
    result.duration = duration;
    result.end = end;
    return result;
}

contract::SegmentLine torn(Ticks90k start, Ticks90k duration) {
    return line(start, duration, contract::SegmentEnd::input);
}

File file(std::string path) {
    return {.path = std::move(path), .bytes = 1};
}

std::vector<std::string> paths(std::vector<File> const& files) {
    std::vector<std::string> result;
    for (auto const& each : files)
        result.push_back(each.path);
    return result;
}

using Paths = std::vector<std::string>;

TEST_CASE("run queue: entries are identified by their start and complete when all have it") {
    RunQueue queue("a", {true, true});
    CHECK(queue.empty());
    CHECK_FALSE(queue.ready_at(patience));
    CHECK_FALSE(queue.is_ready(arrival + 1h, patience));
    CHECK(queue.add(0, line(0s), file("x0"), arrival) == Taken::opened);
    CHECK_FALSE(queue.is_ready(arrival, patience));
    CHECK(queue.ready_at(patience) == arrival + patience);
    CHECK(queue.add(1, line(0s), file("y0"), arrival + 1s) == Taken::joined);
    CHECK(queue.is_ready(arrival + 1s, patience));
    CHECK(queue.front().arrived == arrival);
    auto const entry = queue.take_front();
    CHECK(paths(entry.files) == Paths{"x0", "y0"});
    CHECK(queue.empty());
    CHECK(queue.end() == Ticks90k{4s});
}

TEST_CASE("run queue: an entry waits for what is expected, and for patience at most") {
    RunQueue queue("a", {true, true, false});
    queue.add(0, line(0s), file("x0"), arrival);
    CHECK_FALSE(queue.is_ready(arrival + patience - 1ms, patience));
    CHECK(queue.is_ready(arrival + patience, patience));
    queue.set_expected(1, false);
    CHECK_FALSE(queue.expects(1));
    CHECK(queue.is_ready(arrival, patience));
    CHECK(queue.ready_at(patience) == arrival);
}

TEST_CASE("run queue: a variant's lines come in order, what begins before its end is late") {
    RunQueue queue("a", {true, true});
    CHECK_FALSE(queue.taken_until(0));
    queue.add(0, line(0s), file("x0"), arrival);
    CHECK(queue.taken_until(0) == Ticks90k{4s});
    CHECK(queue.add(0, line(0s), file("x1"), arrival) == Taken::late);
    CHECK(queue.add(0, line(3s), file("x2"), arrival) == Taken::late);
    CHECK(queue.add(0, line(4s), file("x3"), arrival) == Taken::opened);
    CHECK_FALSE(queue.taken_until(1));
}

TEST_CASE("run queue: a start that no sibling has is misaligned") {
    RunQueue queue("a", {true, true});
    queue.add(0, line(0s), file("x0"), arrival);
    CHECK(queue.add(1, line(2s), file("y0"), arrival) == Taken::misaligned);
    CHECK_FALSE(queue.taken_until(1));
    CHECK(queue.add(1, line(0s), file("y1"), arrival) == Taken::joined);
}

TEST_CASE("run queue: what joined on the list counts as taken") {
    RunQueue queue("a", {true, true});
    queue.add(0, line(0s), file("x0"), arrival);
    (void)queue.take_front();
    queue.note_taken(1, 4s);
    CHECK(queue.taken_until(1) == Ticks90k{4s});
    queue.note_taken(1, 2s);
    CHECK(queue.taken_until(1) == Ticks90k{4s});
    CHECK(queue.add(1, line(0s), file("y0"), arrival) == Taken::late);
}

TEST_CASE("run queue: starts are unwrapped beyond the 33-bit clock") {
    RunQueue queue("a", {true});
    auto const start = clock_turn - Ticks90k{4s};
    queue.add(0, line(start), file("x0"), arrival);
    CHECK(queue.unwrap(Ticks90k{0}) == clock_turn);
    CHECK(queue.add(0, line(start + 4s), file("x1"), arrival) == Taken::opened);
    CHECK(queue.entries().back().start == clock_turn);
    CHECK(queue.end() == clock_turn + Ticks90k{4s});
}

TEST_CASE("run queue: a run that goes on from another drops what that one had") {
    RunQueue queue("b", {true});
    queue.continue_from(clock_turn + Ticks90k{4s}, "a");
    CHECK(queue.not_before() == clock_turn + Ticks90k{4s});
    CHECK(queue.follows() == "a");
    CHECK(queue.unwrap(Ticks90k{4s}) == clock_turn + Ticks90k{4s});
    CHECK(queue.add(0, line(2s), file("x0"), arrival) == Taken::late);
    CHECK(queue.add(0, line(clock_turn - Ticks90k{1s}), file("x1"), arrival) == Taken::late);
    CHECK(queue.add(0, line(4s), file("x2"), arrival) == Taken::opened);
    CHECK(queue.front().start == clock_turn + Ticks90k{4s});
}

TEST_CASE("run queue: once its clock is its own nothing is too early") {
    RunQueue queue("b", {true});
    queue.continue_from(1000s, "a");
    queue.restart_clock();
    CHECK_FALSE(queue.not_before());
    CHECK(queue.follows().empty());
    CHECK(queue.add(0, line(2s), file("x0"), arrival) == Taken::opened);
    CHECK(queue.front().start == Ticks90k{2s});
}

TEST_CASE("run queue: what begins before a time is dropped, now and later") {
    RunQueue queue("a", {true, true});
    queue.add(0, line(0s), file("x0"), arrival);
    queue.add(1, line(0s), file("y0"), arrival);
    queue.add(0, line(4s), file("x1"), arrival);
    queue.add(0, line(8s), file("x2"), arrival);
    CHECK(paths(queue.drop_before(8s)) == Paths{"x0", "y0", "x1"});
    CHECK(queue.front().start == Ticks90k{8s});
    CHECK(queue.add(1, line(4s), file("y1"), arrival) == Taken::late);
    CHECK(queue.add(1, line(8s), file("y2"), arrival) == Taken::joined);
}

TEST_CASE("run queue: the torn last ones are held as one entry of the longest duration") {
    RunQueue queue("a", {true, true, true});
    CHECK_FALSE(queue.tail());
    queue.add(0, line(0s), file("x0"), arrival);
    CHECK(queue.add(0, torn(4s, 1900ms), file("x1"), arrival) == Taken::held);
    CHECK(queue.add(1, torn(4s, 2s), file("y1"), arrival) == Taken::held);
    CHECK(queue.end() == Ticks90k{4s});
    CHECK(queue.taken_until(0) == Ticks90k{4s});
    auto const tail = queue.tail();
    REQUIRE(tail);
    CHECK(tail->start == Ticks90k{4s});
    CHECK(tail->duration == Ticks90k{2s});
    CHECK(paths(tail->files) == Paths{"x1", "y1", ""});
    CHECK(queue.entries().size() == 1);
}

TEST_CASE("run queue: a tail inside of what is complete elsewhere is no tail") {
    RunQueue queue("a", {true, true});
    queue.add(0, line(0s), file("x0"), arrival);
    queue.add(1, torn(0s, 3s), file("y0"), arrival);
    CHECK_FALSE(queue.tail());
    queue.add(0, torn(4s, 1s), file("x1"), arrival);
    CHECK(paths(queue.tail()->files) == Paths{"x1", ""});
}

TEST_CASE("run queue: a tail that ends long before its sibling's is left out") {
    RunQueue queue("a", {true, true, true});
    queue.add(0, torn(4s, 1s), file("x0"), arrival);
    queue.add(1, torn(4s, 2s), file("y0"), arrival);
    queue.add(2, torn(4s, 1700ms), file("z0"), arrival);
    CHECK(queue.tail()->duration == Ticks90k{2s});
    CHECK(paths(queue.tail()->files) == Paths{"", "y0", ""});
    queue.adopt_tail(2s);
    CHECK_FALSE_MESSAGE(queue.tail(), "it is no tail of what follows");
    CHECK(paths(queue.clear()) == Paths{"x0", "z0", "y0"});
}

TEST_CASE("run queue: an adopted tail is an ordinary entry at the end") {
    RunQueue queue("a", {true, true});
    queue.add(0, line(0s), file("x0"), arrival);
    queue.add(0, torn(4s, 1s), file("x1"), arrival);
    queue.adopt_tail(1500ms);
    CHECK_FALSE(queue.tail());
    CHECK(queue.entries().size() == 2);
    CHECK(queue.entries().back().duration == Ticks90k{1500ms});
    CHECK(queue.end() == Ticks90k{5500ms});
    CHECK(queue.taken_until(0) == Ticks90k{5500ms});
    CHECK_FALSE(queue.taken_until(1));
    queue.adopt_tail(1s); // there is none any more
    CHECK(queue.entries().size() == 2);
}

TEST_CASE("run queue: tails are dropped one by one or all") {
    RunQueue queue("a", {true, true});
    queue.add(0, torn(4s, 1s), file("x1"), arrival);
    queue.add(1, torn(4s, 1s), file("y1"), arrival);
    CHECK(paths(queue.drop_tail(1)) == Paths{"y1"});
    CHECK(queue.drop_tail(1).empty());
    CHECK(paths(queue.drop_tails()) == Paths{"x1"});
    CHECK_FALSE(queue.tail());
}

TEST_CASE("run queue: cleared, it names every file that it had") {
    RunQueue queue("a", {true, true});
    queue.add(0, line(0s), file("x0"), arrival);
    queue.add(1, line(0s), file("y0"), arrival);
    queue.add(0, line(4s), file("x1"), arrival);
    queue.add(1, torn(4s, 1s), file("y1"), arrival);
    CHECK(paths(queue.clear()) == Paths{"y1", "x0", "y0", "x1"});
    CHECK(queue.empty());
    CHECK(queue.clear().empty());
}

TEST_CASE("run queue: closed is closed") {
    RunQueue queue("a", {true});
    CHECK_FALSE(queue.closed());
    queue.close();
    CHECK(queue.closed());
    CHECK(queue.name() == "a");
}

} // namespace continuo::store::run_queue_test
