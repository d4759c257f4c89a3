#include "supervisor/source/backoff.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace continuo::source::backoff_test {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

SteadyTime const start{1h};
constexpr double middle = 0.5;

TEST_CASE("backoff: the delays double from half a second to fifteen") {
    Backoff backoff({});
    std::vector<milliseconds> delays;
    for (int i = 0; i < 8; ++i)
        delays.push_back(backoff.on_down(start, middle));
    CHECK(delays == std::vector<milliseconds>{500ms, 1s, 2s, 4s, 8s, 15s, 15s, 15s});
}

TEST_CASE("backoff: after a million failures the longest delay is what it was") {
    Backoff backoff({});
    for (int i = 0; i < 1'000'000; ++i)
        (void)backoff.on_down(start, middle);
    CHECK(backoff.on_down(start, middle) == 15s);
}

TEST_CASE("backoff: a fifth more or less") {
    Backoff least({});
    CHECK(least.on_down(start, 0.0) == 400ms);
    Backoff most({});
    CHECK(most.on_down(start, 0.999999) == 599ms);
    CHECK(most.on_dismissed(0.0) == 12s);
}

TEST_CASE("backoff: up for long enough, the delays start anew; not before") {
    Backoff backoff({});
    (void)backoff.on_down(start, middle);
    (void)backoff.on_down(start, middle);
    backoff.on_up(start);
    CHECK(backoff.on_down(start + 9'999ms, middle) == 2s);
    backoff.on_up(start);
    CHECK(backoff.on_down(start + 10s, middle) == 500ms);
    CHECK(backoff.on_down(start + 1h, middle) == 1s); // it was not up since
}

TEST_CASE("backoff: a wish of the server's is where doubling starts, now and later") {
    Backoff backoff({});
    backoff.set_first(3s);
    CHECK(backoff.on_down(start, middle) == 3s);
    backoff.set_first(3s); // said again at each connection: it doubles all the same
    CHECK(backoff.on_down(start, middle) == 6s);
    backoff.set_first(2s);
    CHECK(backoff.on_down(start, middle) == 8s);
    CHECK(backoff.on_down(start, middle) == 15s);
    backoff.on_up(start);
    CHECK(backoff.on_down(start + 10s, middle) == 2s);
}

TEST_CASE("backoff: a wish is held within bounds") {
    for (auto const wish : {0ms, 1ms, 100ms, -5ms}) {
        Backoff backoff({});
        backoff.set_first(wish);
        CHECK(backoff.on_down(start, middle) == 100ms);
    }
    for (auto const wish : {milliseconds{15s}, milliseconds{24h}, milliseconds{4'294'967'295}}) {
        Backoff backoff({});
        backoff.set_first(wish);
        CHECK(backoff.on_down(start, middle) == 15s);
        CHECK(backoff.on_down(start, middle) == 15s);
    }
}

TEST_CASE("backoff: dismissed, it waits longest, and is no failure") {
    Backoff backoff({});
    CHECK(backoff.on_dismissed(middle) == 15s);
    CHECK(backoff.on_down(start, middle) == 500ms);
    backoff.on_up(start);
    CHECK(backoff.on_dismissed(middle) == 15s);
    CHECK(backoff.on_down(start + 1h, middle) == 1s);
}

} // namespace continuo::source::backoff_test
