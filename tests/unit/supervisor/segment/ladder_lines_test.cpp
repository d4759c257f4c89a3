#include "supervisor/segment/ladder_lines.hpp"

#include <doctest/doctest.h>

namespace ladder_lines_test {

using namespace continuo;
using segment::LadderLines;

constexpr Ticks90k second{90'000};

contract::SegmentLine line(Ticks90k start, bool discontinuity = false) {
    contract::SegmentLine line;
    line.start = wrapped(start);
    line.duration = 2 * second;
    line.discontinuity = discontinuity;
    return line;
}

contract::SegmentLine following(Ticks90k boundary, Ticks90k late = {}) {
    auto made = line(boundary + late);
    made.duration = 2 * second - late;
    made.boundary = wrapped(boundary);
    return made;
}

TEST_CASE("ladder lines: a follower's segment waits for the leader's, and is as long as that") {
    LadderLines lines(2);
    CHECK(lines.add({1, following(10 * second, Ticks90k{900}), "1/a"}).empty());
    auto const ready = lines.add({0, line(10 * second), "0/a"});
    REQUIRE(ready.size() == 2);
    CHECK(ready[0].member == 0);
    CHECK(ready[1].member == 1);
    CHECK(ready[1].path == "1/a");
    CHECK(ready[1].line.start == 10 * second);
    CHECK(ready[1].line.duration == 2 * second);
    CHECK(lines.count(0) == 1);
    CHECK(lines.count(1) == 1);
}

TEST_CASE("ladder lines: where the input is not continuous the clock goes on") {
    LadderLines lines(2);
    lines.add({0, line(10 * second), "0/a"});
    auto back = line(4 * second, /*discontinuity=*/true);
    back.cues.push_back({.time = 3 * second, .section = {}});
    auto const ready = lines.add({0, back, "0/b"});
    REQUIRE(ready.size() == 1);
    CHECK(ready[0].line.start == 12 * second);
    CHECK(ready[0].line.cues[0].time == 11 * second);
    lines.add({1, following(10 * second), "1/a"});
    auto const followed = lines.add({1, following(4 * second), "1/b"});
    REQUIRE(followed.size() == 1);
    CHECK(followed[0].line.start == 12 * second);
}

TEST_CASE("ladder lines: the same times in every lap belong to their own lap") {
    LadderLines lines(2);
    for (int lap = 0; lap < 3; ++lap) {
        lines.add({0, line(second, lap > 0), "0"});
        lines.add({0, line(3 * second), "0"});
    }
    for (int lap = 0; lap < 3; ++lap) {
        auto const start = second + lap * 4 * second;
        CHECK(lines.add({1, following(second), "1"}).at(0).line.start == start);
        CHECK(lines.add({1, following(3 * second), "1"}).at(0).line.start == start + 2 * second);
    }
}

TEST_CASE("ladder lines: what a leader lost is a gap in the clock, and siblings' segments go") {
    LadderLines lines(2);
    lines.add({0, line(10 * second), "0/a"});
    CHECK(lines.add({0, line(14 * second), "0/b"}).at(0).line.start == 14 * second);
    CHECK(lines.add({1, following(10 * second), "1/a"}).size() == 1);
    CHECK(lines.add({1, following(12 * second), "1/x"}).empty());
    CHECK(lines.add({1, following(14 * second), "1/b"}).size() == 1);
}

TEST_CASE("ladder lines: the clock goes on over its wrap") {
    LadderLines lines(1);
    lines.add({0, line(clock_turn - second), "0/a"});
    auto const ready = lines.add({0, line(clock_turn + second), "0/b"});
    CHECK(ready.at(0).line.start == second);
}

TEST_CASE("ladder lines: strangers do not pile up") {
    LadderLines lines(2);
    for (int i = 0; i < 1000; ++i)
        lines.add({1, following(i * second), "1"});
    lines.add({0, line(5000 * second), "0"});
    CHECK(lines.add({1, following(5000 * second), "1"}).size() == 1);
}

} // namespace ladder_lines_test
