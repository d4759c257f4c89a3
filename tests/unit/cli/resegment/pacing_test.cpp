#include "cli/resegment/pacing.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace continuo::cli::resegment::pacing_test {

using namespace std::chrono_literals;
constexpr Ticks90k second{90'000};
constexpr Pacing::Time start{100s};

TEST_CASE("pacing: a segment is due when its media has passed") {
    Pacing pacing(start);
    CHECK(pacing.due(2 * second) == start + 2s);
    pacing.listed(2 * second, start + 2s);
    CHECK(pacing.due(4 * second) == start + 6s);
}

TEST_CASE("pacing: errors are carried over, so that 120 s take 120 s") {
    Pacing pacing(start);
    auto now = start;
    for (int i = 0; i < 60; ++i) {
        now = pacing.due(2 * second) + (i % 3) * 7ms; // timers ring late
        pacing.listed(2 * second, now);
    }
    CHECK(now - start >= 120s);
    CHECK(now - start <= 120s + 14ms);
}

TEST_CASE("pacing: durations that no clock can express add up all the same") {
    Pacing pacing(start);
    constexpr Ticks90k odd{180'181}; // 2.0020111.. s
    auto now = start;
    for (int i = 0; i < 90'000; ++i) {
        now = pacing.due(odd);
        pacing.listed(odd, now);
    }
    CHECK(now - start == 180'181s);
}

TEST_CASE("pacing: what came late is caught up with at double speed") {
    Pacing pacing(start);
    pacing.listed(2 * second, start + 10s); // 8 s late
    CHECK(pacing.due(2 * second) == start + 11s);
    pacing.listed(2 * second, start + 11s);
    CHECK(pacing.due(2 * second) == start + 12s);
    std::vector<Pacing::Time> times;
    auto now = start + 11s;
    while (now < start + 30s) {
        now = pacing.due(2 * second);
        pacing.listed(2 * second, now);
    }
    CHECK(pacing.due(2 * second) - now == 2s); // on time again
}

TEST_CASE("pacing: it tells how long the next one waits, and never less than nothing") {
    Pacing pacing(start);
    pacing.listed(2 * second, start + 2200ms);
    CHECK(pacing.wait(2 * second, start + 2200ms) == 1800ms);
    CHECK(pacing.wait(2 * second, start + 20s) == 0s);
}

} // namespace continuo::cli::resegment::pacing_test
