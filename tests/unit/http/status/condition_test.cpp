#include "http/status/condition.hpp"
#include "tests/support/sample_snapshot.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace condition_test {

using namespace continuo;
using namespace std::chrono_literals;
using test::sample_snapshot;

constexpr status::SteadyTime grown{1000s};

status::Condition condition_of(contract::ChannelSnapshot snapshot, std::chrono::nanoseconds age) {
    return status::condition_of(
        {.snapshot = std::make_shared<contract::ChannelSnapshot const>(std::move(snapshot)),
         .grown = grown},
        grown + age);
}

TEST_CASE("condition: without a snapshot a channel is starting") {
    CHECK(status::condition_of({}, grown) ==
          status::Condition{false, "starting", "nothing has been published yet"});
}

TEST_CASE("condition: without segments it is what its snapshot says, and not on air") {
    auto snapshot = sample_snapshot(0);
    snapshot.state.state = "starting";
    snapshot.state.note = "no keyframe for 30 s";
    CHECK(condition_of(snapshot, 0s) ==
          status::Condition{false, "starting", "no keyframe for 30 s"});
}

TEST_CASE("condition: on air as long as the list grows, a slate included") {
    auto snapshot = sample_snapshot(8);
    CHECK(condition_of(snapshot, 0s) == status::Condition{true, "on air", ""});
    CHECK(condition_of(snapshot, 18s).on_air);
    snapshot.state.state = "slate";
    CHECK(condition_of(snapshot, 0s).on_air);
}

TEST_CASE("condition: a list that does not grow is stalled, whatever it says of itself") {
    auto const snapshot = sample_snapshot(8);
    CHECK(condition_of(snapshot, 42s) ==
          status::Condition{false, "stalled", "nothing new for 42 s"});
}

TEST_CASE("condition: failed, stopped and ended channels are not on air") {
    auto snapshot = sample_snapshot(8);
    for (std::string const state : {"failed", "stopped"}) {
        snapshot.state.state = state;
        CHECK(condition_of(snapshot, 0s) == status::Condition{false, state, ""});
    }
    snapshot.ended = true;
    CHECK(condition_of(snapshot, 1h).state == "ended");
}

TEST_CASE("condition: the newest number is the variant's own") {
    auto snapshot = sample_snapshot(8);
    snapshot.segments[7].files[1].clear();
    CHECK(status::newest_number(snapshot, 0) == 107u);
    CHECK(status::newest_number(snapshot, 1) == 106u);
    CHECK(!status::newest_number(sample_snapshot(0), 0));
}

} // namespace condition_test
