#include "supervisor/channel/break_history.hpp"

#include <doctest/doctest.h>

namespace break_history_test {

using namespace continuo;
using namespace continuo::supervisor;
using namespace std::chrono_literals;
using timeline::BreakMark;

BreakMark mark(BreakMark::Kind kind, std::uint64_t first_number,
               std::optional<Ticks90k> planned = std::nullopt) {
    BreakMark mark{.kind = kind,
                   .out = {.event_id = 7, .planned = planned, .section = {}},
                   .first_number = first_number,
                   .elapsed = Ticks90k{13'440ms},
                   .start_date = timeline::WallTime{1000s}};
    if (kind == BreakMark::Kind::in) mark.end_date = timeline::WallTime{1013s};
    return mark;
}

TEST_CASE("breaks are logged as they begin and end, and the newest stands first") {
    using Kind = BreakMark::Kind;
    BreakHistory history;
    CHECK(history.note(123, mark(Kind::out, 123, Ticks90k{30s})) ==
          "break 7 begins with segment 123 (30 s planned)");
    REQUIRE(history.latest().size() == 1);
    CHECK_FALSE(history.latest()[0].end);
    CHECK(history.note(127, mark(Kind::in, 123, Ticks90k{30s})) ==
          "break 7 ends with segment 127 by itself after 13.4 s");
    CHECK(history.note(127, mark(Kind::out, 127)) ==
          "break 7 begins with segment 127 (until its end is told)");
    auto told = mark(Kind::in, 127);
    told.in = timeline::Cue{.section = {}};
    CHECK(history.note(130, told) == "break 7 ends with segment 130 after 13.4 s");
    REQUIRE(history.latest().size() == 2);
    CHECK(history.latest()[0].first_number == 127);
    CHECK(history.latest()[1] == contract::BreakState{.event_id = 7,
                                                      .first_number = 123,
                                                      .start = timeline::WallTime{1000s},
                                                      .planned = Ticks90k{30s},
                                                      .end = timeline::WallTime{1013s}});
}

TEST_CASE("what an earlier life listed is known, also of a break whose beginning has left") {
    contract::TimelineSegment inside{.number = 130, .run = {}, .files = {}};
    inside.breaks = {mark(BreakMark::Kind::cont, 123)};
    CHECK(BreakHistory({inside}).latest().at(0).first_number == 123);
    inside.breaks = {mark(BreakMark::Kind::in, 123)};
    CHECK(BreakHistory({inside}).latest().at(0).end);
}

TEST_CASE("a break that nobody ends is told a minute after it should have ended") {
    using Kind = BreakMark::Kind;
    BreakHistory history;
    CHECK(history.remark(timeline::WallTime{5000s}).empty());
    (void)history.note(1, mark(Kind::out, 1));
    CHECK(history.remark(timeline::WallTime{5000s}).empty()); // it has no planned end
    (void)history.note(2, mark(Kind::in, 1));
    (void)history.note(2, mark(Kind::out, 2, Ticks90k{30s}));
    CHECK(history.remark(timeline::WallTime{1089s}).empty());
    CHECK(history.remark(timeline::WallTime{1090s}) ==
          "break 7 was planned for 30 s and has not ended; end it with continuo cue --in");
    (void)history.note(9, mark(Kind::in, 2));
    CHECK(history.remark(timeline::WallTime{5000s}).empty());
}

TEST_CASE("ten breaks are remembered") {
    BreakHistory history;
    for (std::uint64_t number = 1; number <= 12; ++number)
        (void)history.note(number, mark(BreakMark::Kind::out, number));
    CHECK(history.latest().size() == 10);
    CHECK(history.latest().front().first_number == 12);
}

} // namespace break_history_test
