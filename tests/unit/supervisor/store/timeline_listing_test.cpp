// Numbers, pace and dates.
#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>

namespace continuo::store::timeline_listing_test {

/// One variant, its run "a" on air.
Driver single() {
    Driver driver(options_for({"source"}));
    driver.open("a");
    driver.air("a");
    return driver;
}

Driver pair() {
    Driver driver(options_for({"source", "720p"}));
    driver.open("a");
    driver.air("a");
    return driver;
}

double date_of(Driver const& driver, std::size_t index) {
    auto const date = driver.snapshot().segments[index].date;
    return std::chrono::duration<double>(date - wall_at_start).count();
}

TEST_CASE("timeline: nothing is listed before anything is there") {
    auto driver = single();
    driver.pass(60s);
    CHECK(driver.list(0) == "");
    CHECK(driver.timeline().next_number() == 100);
    CHECK_FALSE(driver.timeline().next_deadline());
}

TEST_CASE("timeline: numbers begin where the channel goes on, without a discontinuity") {
    auto driver = single();
    driver.give("a", 0, {.start = 0s});
    CHECK(driver.list(0) == "100");
    driver.pass(4s);
    driver.give("a", 0, {.start = 4s});
    CHECK(driver.list(0) == "100 101");
    CHECK(driver.snapshot().segments[1].run == "a");
    CHECK(driver.snapshot().segments[1].files[0] == "source/a/000001.ts");
}

TEST_CASE("timeline: a run that is not on air is not listed") {
    auto driver = single();
    driver.open("b");
    driver.give("b", 0, {.start = 0s});
    driver.pass(60s);
    CHECK(driver.list(0) == "");
    CHECK(driver.timeline().is_ready("b", driver.now()));
    CHECK_FALSE(driver.timeline().is_ready("a", driver.now()));
    CHECK_FALSE(driver.timeline().is_ready("nobody", driver.now()));
}

TEST_CASE("timeline: the first number waits for all variants") {
    auto driver = pair();
    driver.give("a", 0, {.start = 0s});
    driver.pass(3s);
    CHECK(driver.list(0) == "");
    CHECK_FALSE(driver.timeline().is_ready("a", driver.now()));
    driver.give("a", 1, {.start = 0s});
    CHECK(driver.list(0) == "100");
    CHECK(driver.list(1) == "100");
}

TEST_CASE("timeline: ... but no longer than viewers may wait") {
    auto driver = pair();
    driver.give("a", 0, {.start = 0s});
    driver.pass(7499ms);
    CHECK(driver.list(0) == "");
    driver.pass(1ms);
    CHECK(driver.list(0) == "100");
    CHECK(driver.list(1) == "100*");
}

TEST_CASE("timeline: a burst comes out at the pace of real time") {
    auto driver = single();
    for (auto start = 0s; start < 20s; start += 4s)
        driver.give("a", 0, {.start = start});
    driver.pass(3999ms);
    CHECK(driver.list(0) == "100");
    driver.pass(20s);
    for (std::uint64_t number = 100; number < 105; ++number)
        CHECK(driver.listed_at(0, number).count() ==
              doctest::Approx(4.0 * static_cast<double>(number - 100)));
}

TEST_CASE("timeline: each segment is listed its own duration after the one before") {
    auto driver = single();
    driver.give("a", 0, {.start = 0s, .duration = 4s});
    driver.give("a", 0, {.start = 4s, .duration = 1s});
    driver.give("a", 0, {.start = 5s, .duration = 5s});
    driver.pass(20s);
    CHECK(driver.listed_at(0, 101).count() == doctest::Approx(1));
    CHECK(driver.listed_at(0, 102).count() == doctest::Approx(6));
}

TEST_CASE("timeline: what comes late is listed at once, and the delay is made good") {
    auto driver = single();
    driver.give("a", 0, {.start = 0s});
    driver.pass(10s);
    driver.give("a", 0, {.start = 4s});
    driver.give("a", 0, {.start = 8s});
    driver.give("a", 0, {.start = 12s});
    CHECK(driver.list(0) == "100 101 102");
    driver.pass(10s);
    CHECK(driver.listed_at(0, 103).count() == doctest::Approx(12));
}

TEST_CASE("timeline: a delay that serves nobody is slowly pulled in") {
    auto driver = single();
    // Four segments at once, then real time: 12 s more than needed wait in the queue.
    for (int i = 0; i < 3; ++i)
        driver.give("a", 0, {.start = i * 4s});
    double arrived = 0;
    for (int i = 3; i < 80; ++i) {
        driver.give("a", 0, {.start = i * 4s});
        arrived = driver.clock().count();
        driver.pass(4s);
    }
    driver.pass(20s);
    auto const delay = driver.listed_at(0, 179).count() - arrived;
    CHECK(delay < 7.5);
    CHECK(delay > 4);
    for (std::uint64_t number = 101; number < 180; ++number)
        CHECK((driver.listed_at(0, number) - driver.listed_at(0, number - 1)).count() > 2);
}

TEST_CASE("timeline: content missing in every variant is one discontinuity") {
    auto driver = pair();
    driver.give_all("a", {.start = 0s});
    driver.give_all("a", {.start = 8s});
    driver.pass(8s);
    CHECK(driver.list(0) == "100 !101");
    CHECK(driver.list(1) == "100 !101");
}

TEST_CASE("timeline: a gap of rounding is none") {
    auto driver = single();
    driver.give("a", 0, {.start = 0s});
    driver.give("a", 0, {.start = 4s + 50ms});
    driver.give("a", 0, {.start = 8s + 101ms});
    driver.pass(20s);
    CHECK(driver.list(0) == "100 101 !102");
}

TEST_CASE("timeline: a jump of the source's time keeps nobody waiting") {
    auto driver = single();
    driver.give("a", 0, {.start = 0s});
    driver.give("a", 0, {.start = 3600s, .discontinuity = true});
    driver.give("a", 0, {.start = 3604s});
    driver.pass(4s);
    CHECK(driver.list(0) == "100 !101");
    driver.pass(4s);
    CHECK(driver.list(0) == "100 !101 102");
}

TEST_CASE("timeline: after a gap the pace holds for what comes too early") {
    auto driver = single();
    driver.give("a", 0, {.start = 0s});
    driver.pass(12s);
    driver.give("a", 0, {.start = 12s});
    driver.give("a", 0, {.start = 16s});
    CHECK(driver.list(0) == "100 !101");
    driver.pass(4s);
    CHECK(driver.list(0) == "100 !101 102");
}

TEST_CASE("timeline: a run's clock goes on over the 33-bit wrap") {
    auto driver = pair();
    auto const start = clock_turn - Ticks90k{4s};
    driver.give_all("a", {.start = start});
    driver.give_all("a", {.start = start + 4s});
    driver.give_all("a", {.start = start + 8s});
    driver.pass(8s);
    CHECK(driver.list(0) == "100 101 102");
    CHECK(driver.list(1) == "100 101 102");
    CHECK(driver.snapshot().segments[1].start == Ticks90k{0});
    CHECK(driver.snapshot().segments[2].start == Ticks90k{4s});
    CHECK(driver.timeline().taken_until("a", 1) == Ticks90k{8s});
}

TEST_CASE("timeline: the first date is the wall clock at which its media began") {
    auto driver = single();
    driver.pass(30s);
    driver.give("a", 0, {.start = 0s});
    CHECK(date_of(driver, 0) == doctest::Approx(26));
}

TEST_CASE("timeline: dates advance by the durations, without drift") {
    auto driver = single();
    Ticks90k const duration{180'181}; // 2.00201111... s: no whole number of microseconds
    Ticks90k start{};
    for (int i = 0; i < 400; ++i) {
        driver.give("a", 0, {.start = start, .duration = duration});
        driver.pass(std::chrono::ceil<std::chrono::nanoseconds>(duration));
        start += duration;
    }
    auto const snapshot = driver.snapshot();
    auto const& last = snapshot.segments.back();
    auto const media = seconds_of(last.start);
    auto const first_date = -seconds_of(duration);
    CHECK(std::chrono::duration<double>(last.date - wall_at_start).count() ==
          doctest::Approx(first_date + media).epsilon(1e-9));
}

TEST_CASE("timeline: lateness does not move dates; the next discontinuity brings them forward") {
    auto driver = single();
    driver.give("a", 0, {.start = 0s});
    driver.pass(14s);
    driver.give("a", 0, {.start = 4s});
    CHECK(date_of(driver, 1) == doctest::Approx(0));
    driver.timeline().mark_restart("a", 0);
    driver.pass(4s);
    driver.give("a", 0, {.start = 8s});
    CHECK(driver.list(0) == "100 101 !102");
    CHECK(date_of(driver, 2) == doctest::Approx(14));
}

TEST_CASE("timeline: a discontinuity does not move dates that are right, nor ever back") {
    auto driver = single();
    for (int i = 0; i < 3; ++i)
        driver.give("a", 0, {.start = i * 4s});
    driver.timeline().mark_restart("a", 0);
    driver.pass(8s);
    CHECK(driver.list(0) == "100 !101 102");
    CHECK(date_of(driver, 1) == doctest::Approx(0));
    CHECK(date_of(driver, 2) == doctest::Approx(4));
}

} // namespace continuo::store::timeline_listing_test
