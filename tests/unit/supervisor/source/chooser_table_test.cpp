// Every state x every event, a row each; how the states are reached is part of the test.
#include "supervisor/source/chooser.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::source::chooser_table_test {

using namespace std::chrono_literals;

SteadyTime const start{1h};
constexpr auto delay = 2s;
constexpr std::size_t watched = 0; // of two sources

Ended died(std::chrono::milliseconds after = delay) {
    return {.delay = after};
}

/// A chooser whose first source is in `state`, with nothing else moved.
Chooser in(State state) {
    Chooser chooser(2, 30s);
    if (state == State::idle) return chooser;
    (void)chooser.decide(start);
    switch (state) {
    case State::idle:
    case State::starting: break;
    case State::ready: chooser.on_ready(watched); break;
    case State::waiting:
        chooser.on_ready(watched);
        chooser.on_ended(watched, died(), start);
        break;
    case State::finished: chooser.on_ended(watched, {.finished = true}, start); break;
    case State::failed: chooser.on_ended(watched, {.failed = true}, start); break;
    }
    return chooser;
}

enum class Event : std::uint8_t {
    ready,
    stalled,
    ended,
    ended_giving_way,
    ended_finished,
    ended_failed,
    decide_too_early,
    decide,
    reset,
};

Orders apply(Chooser& chooser, Event event) {
    switch (event) {
    case Event::ready: chooser.on_ready(watched); break;
    case Event::stalled: chooser.on_stalled(watched); break;
    case Event::ended: chooser.on_ended(watched, died(), start); break;
    case Event::ended_giving_way:
        chooser.on_ended(watched, {.delay = delay, .give_way = true}, start);
        break;
    case Event::ended_finished: chooser.on_ended(watched, {.finished = true}, start); break;
    case Event::ended_failed: chooser.on_ended(watched, {.failed = true}, start); break;
    case Event::decide_too_early: return chooser.decide(start + delay - 1ms);
    case Event::decide: return chooser.decide(start + delay);
    case Event::reset: chooser.reset(); break;
    }
    return {};
}

struct Row {
    State before;
    Event event;
    State after;
    bool starts{false};      ///< the event itself orders the start
    bool next_starts{false}; ///< the next source is tried then
};

std::vector<Row> const table{
    {State::idle, Event::ready, State::idle},
    {State::idle, Event::stalled, State::idle},
    {State::idle, Event::ended, State::idle},
    {State::idle, Event::ended_giving_way, State::idle},
    {State::idle, Event::ended_finished, State::idle},
    {State::idle, Event::ended_failed, State::idle},
    {State::idle, Event::decide_too_early, State::starting, /*starts=*/true},
    {State::idle, Event::decide, State::starting, /*starts=*/true},
    {State::idle, Event::reset, State::idle},

    {State::starting, Event::ready, State::ready},
    {State::starting, Event::stalled, State::starting, false, /*next_starts=*/true},
    {State::starting, Event::ended, State::waiting, false, /*next_starts=*/true},
    {State::starting, Event::ended_giving_way, State::waiting, false, /*next_starts=*/true},
    {State::starting, Event::ended_finished, State::finished, false, /*next_starts=*/true},
    {State::starting, Event::ended_failed, State::failed, false, /*next_starts=*/true},
    {State::starting, Event::decide_too_early, State::starting},
    {State::starting, Event::decide, State::starting},
    {State::starting, Event::reset, State::starting},

    {State::ready, Event::ready, State::ready},
    {State::ready, Event::stalled, State::starting, false, /*next_starts=*/true},
    {State::ready, Event::ended, State::waiting},
    {State::ready, Event::ended_giving_way, State::waiting, false, /*next_starts=*/true},
    {State::ready, Event::ended_finished, State::finished, false, /*next_starts=*/true},
    {State::ready, Event::ended_failed, State::failed, false, /*next_starts=*/true},
    {State::ready, Event::decide_too_early, State::ready},
    {State::ready, Event::decide, State::ready},
    {State::ready, Event::reset, State::ready},

    {State::waiting, Event::ready, State::waiting},
    {State::waiting, Event::stalled, State::waiting},
    {State::waiting, Event::ended, State::waiting},
    {State::waiting, Event::ended_giving_way, State::waiting},
    {State::waiting, Event::ended_finished, State::waiting},
    {State::waiting, Event::ended_failed, State::waiting},
    {State::waiting, Event::decide_too_early, State::waiting},
    {State::waiting, Event::decide, State::starting, /*starts=*/true},
    {State::waiting, Event::reset, State::idle},

    {State::finished, Event::ready, State::finished, false, /*next_starts=*/true},
    {State::finished, Event::stalled, State::finished, false, /*next_starts=*/true},
    {State::finished, Event::ended, State::finished, false, /*next_starts=*/true},
    {State::finished, Event::ended_giving_way, State::finished, false, /*next_starts=*/true},
    {State::finished, Event::ended_finished, State::finished, false, /*next_starts=*/true},
    {State::finished, Event::ended_failed, State::finished, false, /*next_starts=*/true},
    {State::finished, Event::decide_too_early, State::finished, false, /*next_starts=*/true},
    {State::finished, Event::decide, State::finished, false, /*next_starts=*/true},
    {State::finished, Event::reset, State::idle},

    {State::failed, Event::ready, State::failed, false, /*next_starts=*/true},
    {State::failed, Event::stalled, State::failed, false, /*next_starts=*/true},
    {State::failed, Event::ended, State::failed, false, /*next_starts=*/true},
    {State::failed, Event::ended_giving_way, State::failed, false, /*next_starts=*/true},
    {State::failed, Event::ended_finished, State::failed, false, /*next_starts=*/true},
    {State::failed, Event::ended_failed, State::failed, false, /*next_starts=*/true},
    {State::failed, Event::decide_too_early, State::failed, false, /*next_starts=*/true},
    {State::failed, Event::decide, State::failed, false, /*next_starts=*/true},
    {State::failed, Event::reset, State::idle},
};

bool contains(std::vector<std::size_t> const& list, std::size_t source) {
    for (auto const entry : list)
        if (entry == source) return true;
    return false;
}

TEST_CASE("chooser: each state answers each event as the table says") {
    REQUIRE(table.size() == 6 * 9);
    for (auto const& row : table) {
        CAPTURE(static_cast<int>(row.before));
        CAPTURE(static_cast<int>(row.event));
        auto chooser = in(row.before);
        REQUIRE(chooser.state(watched) == row.before);
        auto const orders = apply(chooser, row.event);
        CHECK(chooser.state(watched) == row.after);
        CHECK(contains(orders.start, watched) == row.starts);
        CHECK_FALSE(contains(orders.stop, watched));
        // Asked at the same instant, so that no waiting comes in between.
        auto const later = chooser.decide(start);
        CHECK((contains(orders.start, 1) || contains(later.start, 1)) == row.next_starts);
    }
}

TEST_CASE("chooser: only a source that is ready is on air") {
    for (auto const state :
         {State::idle, State::starting, State::waiting, State::finished, State::failed})
        CHECK_FALSE(in(state).best());
    CHECK(in(State::ready).best() == watched);
}

TEST_CASE("chooser: only a source that waits has a time to be looked at again") {
    for (auto const state :
         {State::idle, State::starting, State::ready, State::finished, State::failed})
        CHECK_FALSE(in(state).next_try());
    CHECK(in(State::waiting).next_try() == start + delay);
}

} // namespace continuo::source::chooser_table_test
