#include "supervisor/child/restart_policy.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace continuo::child::restart_policy_test {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

SteadyTime const start{1h};
constexpr double middle = 0.5; // of the jitter: the delay as it is

/// Limits that nothing reaches, so that the delays are seen alone.
config::RestartLimits patient() {
    return {.burst = 1000, .limit = 1000};
}

std::vector<milliseconds> delays(RestartPolicy& policy, int deaths, bool ready) {
    std::vector<milliseconds> result;
    for (int i = 0; i < deaths; ++i) {
        if (ready) policy.on_ready(start);
        result.push_back(policy.on_exit(start, middle).delay);
    }
    return result;
}

using Delays = std::vector<milliseconds>;

TEST_CASE("restart policy: one that never got ready waits longer each time") {
    RestartPolicy policy(patient());
    CHECK(delays(policy, 9, /*ready=*/false) ==
          Delays{250ms, 500ms, 1s, 2s, 4s, 8s, 16s, 30s, 30s});
}

TEST_CASE("restart policy: one that was ready starts at once the first time, then waits") {
    RestartPolicy policy(patient());
    CHECK(delays(policy, 9, /*ready=*/true) == Delays{0ms, 250ms, 500ms, 1s, 2s, 4s, 8s, 16s, 30s});
}

TEST_CASE("restart policy: whether it got ready again does not shorten the row, nor lengthen it") {
    RestartPolicy policy(patient());
    CHECK(delays(policy, 1, /*ready=*/true) == Delays{0ms});
    CHECK(delays(policy, 2, /*ready=*/false) == Delays{250ms, 500ms});
    CHECK(delays(policy, 2, /*ready=*/true) == Delays{1s, 2s});
}

TEST_CASE("restart policy: a bad start takes nobody the restart at once") {
    RestartPolicy policy(patient());
    CHECK(delays(policy, 1, /*ready=*/false) == Delays{250ms});
    CHECK(delays(policy, 2, /*ready=*/true) == Delays{0ms, 500ms});
}

TEST_CASE("restart policy: the keys of the config set the row") {
    auto limits = patient();
    limits.first_delay = 10ms;
    limits.max_delay = 25ms;
    RestartPolicy policy(limits);
    CHECK(delays(policy, 4, /*ready=*/false) == Delays{10ms, 20ms, 25ms, 25ms});
}

TEST_CASE("restart policy: jitter spreads a delay by a fifth either way") {
    CHECK(RestartPolicy(patient()).on_exit(start, 0).delay == 200ms);
    CHECK(RestartPolicy(patient()).on_exit(start, 0.5).delay == 250ms);
    auto const longest = RestartPolicy(patient()).on_exit(start, 0.9999).delay;
    CHECK(longest > 298ms);
    CHECK(longest <= 300ms);
}

TEST_CASE("restart policy: ready for long enough, the row starts anew") {
    RestartPolicy policy(patient());
    (void)delays(policy, 5, /*ready=*/true);
    policy.on_ready(start);
    SUBCASE("just not long enough") {
        CHECK(policy.on_exit(start + 60s - 1ms, middle).delay == 4s);
    }
    SUBCASE("long enough") {
        policy.on_ready(start + 59s); // it was ready before: this says nothing new
        CHECK(policy.on_exit(start + 60s, middle).delay == 0ms);
        CHECK(policy.on_exit(start + 60s, middle).delay == 250ms);
    }
}

TEST_CASE("restart policy: up for long without ever being ready is no reason to forget") {
    RestartPolicy policy(patient());
    (void)policy.on_exit(start, middle);
    CHECK(policy.on_exit(start + 24h, middle).delay == 500ms);
}

TEST_CASE("restart policy: more than the burst within its window: give way") {
    RestartPolicy policy({});
    for (unsigned death = 1; death <= 5; ++death) {
        auto const verdict = policy.on_exit(start + death * 1s, middle);
        CHECK(verdict.restarts_in_window == death);
        CHECK_FALSE(verdict.give_way);
    }
    auto const sixth = policy.on_exit(start + 6s, middle);
    CHECK(sixth.give_way);
    CHECK_FALSE(sixth.slow);
    CHECK(sixth.restarts_in_window == 6);
    // A minute later the first ones count no more.
    auto const later = policy.on_exit(start + 62s + 1ms, middle);
    CHECK(later.restarts_in_window == 5);
    CHECK_FALSE(later.give_way);
}

TEST_CASE("restart policy: more than the limit within its window: slow, and said once") {
    RestartPolicy policy({});
    for (int death = 1; death <= 20; ++death)
        CHECK_FALSE(policy.on_exit(start + death * 29s, middle).slow);
    auto const crossing = policy.on_exit(start + 600s, middle);
    CHECK(crossing.slow);
    CHECK(crossing.slowed_down);
    CHECK(to_text(crossing, {}) ==
          "died more than 20 times in 600 s: tried every 30000 ms from now on");
    for (int hour = 1; hour < 48; ++hour) { // it never ends
        auto const later = policy.on_exit(start + hour * 1h, middle);
        CHECK(later.slow);
        CHECK_FALSE(later.slowed_down);
        CHECK(later.delay == 30s);
        CHECK(to_text(later, {}) == "restart in 30000 ms (1 in the last 60 s)");
    }
}

TEST_CASE("restart policy: slow is every max_delay, until it was ready for long enough") {
    RestartPolicy policy({.limit = 1});
    CHECK(policy.on_exit(start, middle).delay == 250ms);
    CHECK(policy.on_exit(start, middle).delay == 30s);
    policy.on_ready(start);
    auto const stable = policy.on_exit(start + 700s, middle);
    CHECK_FALSE(stable.slow);
    CHECK(stable.delay == 0ms);
    CHECK(policy.on_exit(start + 700s, middle).slowed_down);
}

TEST_CASE("restart policy: the same number of deaths spread wider makes nobody slow") {
    RestartPolicy policy({});
    for (int death = 0; death < 200; ++death)
        CHECK_FALSE(policy.on_exit(start + death * 31s, middle).slow);
}

TEST_CASE("restart policy: a burst window longer than the limit's is looked at whole") {
    RestartPolicy policy({.burst = 2, .burst_window = 100s, .limit = 1000, .limit_window = 1s});
    (void)policy.on_exit(start, middle);
    (void)policy.on_exit(start + 50s, middle);
    CHECK(policy.on_exit(start + 100s, middle).give_way);
}

} // namespace continuo::child::restart_policy_test
