#include "supervisor/watch/session_fsm.hpp"

#include <doctest/doctest.h>

#include <map>
#include <utility>

namespace continuo::sessions {
namespace {

constexpr auto opening = Phase::opening;
constexpr auto opening_held = Phase::opening_held;
constexpr auto playing = Phase::playing;
constexpr auto paused = Phase::paused;
constexpr auto ended = Phase::ended;
constexpr auto failed = Phase::failed;
constexpr auto closed = Phase::closed;

/// All that changes something, or is refused.
std::map<std::pair<Phase, Event>, Step> const expected_steps{
    {{opening, Event::ready}, {playing, Act::none}},
    {{opening, Event::over}, {ended, Act::none}},
    {{opening, Event::died}, {failed, Act::none}},
    {{opening, Event::begin}, {opening, Act::begin}},
    {{opening, Event::pause}, {opening_held, Act::hold}},
    {{opening, Event::lost}, {closed, Act::end}},
    {{opening, Event::close}, {closed, Act::end}},
    {{opening_held, Event::ready}, {paused, Act::none}},
    {{opening_held, Event::over}, {ended, Act::none}},
    {{opening_held, Event::died}, {failed, Act::none}},
    {{opening_held, Event::begin}, {opening_held, Act::begin}},
    {{opening_held, Event::resume}, {opening, Act::release}},
    {{opening_held, Event::lost}, {closed, Act::end}},
    {{opening_held, Event::close}, {closed, Act::end}},
    {{playing, Event::over}, {ended, Act::none}},
    {{playing, Event::died}, {failed, Act::none}},
    {{playing, Event::begin}, {opening, Act::begin}},
    {{playing, Event::pause}, {paused, Act::hold}},
    {{playing, Event::lost}, {closed, Act::end}},
    {{playing, Event::close}, {closed, Act::end}},
    {{paused, Event::died}, {failed, Act::none}},
    {{paused, Event::begin}, {opening_held, Act::begin}},
    {{paused, Event::resume}, {playing, Act::release}},
    {{paused, Event::lost}, {closed, Act::end}},
    {{paused, Event::close}, {closed, Act::end}},
    {{ended, Event::begin}, {opening, Act::begin}},
    {{ended, Event::pause}, {ended, Act::refuse}},
    {{ended, Event::resume}, {ended, Act::refuse}},
    {{ended, Event::close}, {closed, Act::end}},
    {{failed, Event::begin}, {opening, Act::begin}},
    {{failed, Event::pause}, {failed, Act::refuse}},
    {{failed, Event::resume}, {failed, Act::refuse}},
    {{failed, Event::close}, {closed, Act::end}},
    {{closed, Event::begin}, {closed, Act::refuse}},
    {{closed, Event::pause}, {closed, Act::refuse}},
    {{closed, Event::resume}, {closed, Act::refuse}},
};

TEST_CASE("session fsm: every event in every phase does what the table says, and no more") {
    for (auto const phase : phases)
        for (auto const event : events) {
            CAPTURE(static_cast<int>(phase));
            CAPTURE(static_cast<int>(event));
            auto const found = expected_steps.find({phase, event});
            Step const expected =
                found == expected_steps.end() ? Step{phase, Act::none} : found->second;
            CHECK(step(phase, event) == expected);
        }
}

TEST_CASE("session fsm: nothing leads out of closed, and what ends stops its processes") {
    for (auto const event : events)
        CHECK(step(closed, event).next == closed);
    for (auto const phase : phases)
        for (auto const event : events) {
            auto const taken = step(phase, event);
            CHECK((taken.act == Act::end) == (phase != closed && taken.next == closed));
            if (taken.act == Act::refuse) CHECK(taken.next == phase);
        }
}

TEST_CASE("session fsm: viewers are told of a session that opens in one way") {
    using Shown = contract::WatchState::Phase;
    CHECK(shown(opening) == Shown::opening);
    CHECK(shown(opening_held) == Shown::opening);
    CHECK(shown(playing) == Shown::playing);
    CHECK(shown(paused) == Shown::paused);
    CHECK(shown(ended) == Shown::ended);
    CHECK(shown(failed) == Shown::failed);
    CHECK(shown(closed) == Shown::closed);
}

} // namespace
} // namespace continuo::sessions
