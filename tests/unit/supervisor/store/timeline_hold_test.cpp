// Films: segments that are listed before they are due, and a clock that stands still.
#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>

namespace continuo::store::timeline_hold_test {

Driver film(std::chrono::milliseconds lead, std::vector<std::string> variants = {"source"}) {
    auto options = options_for(std::move(variants));
    options.lead = lead;
    options.window = 20;
    Driver driver(std::move(options));
    driver.open("a");
    driver.air("a");
    return driver;
}

/// The segments [first, last) of 4 s each, all at once.
void give(Driver& driver, int first, int last, std::string const& run = "a") {
    for (int i = first; i < last; ++i)
        driver.give_all(run, {.start = i * 4s});
}

double date_of(Driver const& driver, std::size_t index) {
    auto const date = driver.snapshot().segments[index].date;
    return std::chrono::duration<double>(date - wall_at_start).count();
}

TEST_CASE("timeline ahead: segments are listed so long before they are due") {
    auto driver = film(10s);
    give(driver, 0, 6); // due after 0, 4, 8, 12, 16, 20 s
    CHECK(driver.list(0) == "100 101 102");
    driver.pass(1999ms);
    CHECK(driver.list(0) == "100 101 102");
    driver.pass(1ms);
    CHECK(driver.list(0) == "100 101 102 103");
    driver.pass(8s);
    CHECK(driver.list(0) == "100 101 102 103 104 105");
}

TEST_CASE("timeline ahead: dates are those of when they are due") {
    auto ahead = film(10s);
    auto live = film(0s);
    for (auto* const driver : {&ahead, &live}) {
        give(*driver, 0, 6);
        driver->pass(30s);
    }
    for (std::size_t i = 0; i < 6; ++i)
        CHECK(date_of(ahead, i) == date_of(live, i));
}

TEST_CASE("timeline ahead: another run goes on behind what is listed, and its dates do too") {
    auto driver = film(10s);
    give(driver, 0, 6);
    driver.open("b");
    driver.air("b", /*drain=*/false);
    driver.give_all("b", {.start = 100s});
    driver.give_all("b", {.start = 104s});
    CHECK(driver.list(0) == "100 101 102");
    driver.pass(2s);
    CHECK(driver.list(0) == "100 101 102 !103");
    CHECK(date_of(driver, 3) == date_of(driver, 2) + 4);
    driver.pass(4s);
    CHECK(driver.list(0) == "100 101 102 !103 104");
}

TEST_CASE("timeline ahead: a film that is read far ahead is not shown faster for it") {
    auto driver = film(4s);
    give(driver, 0, 40);
    driver.pass(100s);
    CHECK(driver.newest() == 100 + 26); // 4 s ahead of 25 segments after the first
}

TEST_CASE("timeline ahead: what comes too late delays what follows, and dates have no gaps") {
    auto driver = film(10s);
    give(driver, 0, 2);
    driver.pass(30s); // due after 0 and 4 s; nothing since
    give(driver, 2, 6);
    CHECK(driver.timeline().ahead(driver.now()) == 12s);
    CHECK(driver.list(0) == "100 101 102 103 104");
    driver.pass(2s);
    CHECK(driver.list(0) == "100 101 102 103 104 105");
    for (std::size_t i = 1; i < 6; ++i)
        CHECK(date_of(driver, i) == date_of(driver, i - 1) + 4);
}

TEST_CASE("timeline ahead: a run that follows late leaves no gap in the dates, either") {
    auto driver = film(10s);
    give(driver, 0, 2);
    driver.pass(30s);
    driver.open("b");
    driver.air("b");
    driver.close("a", /*tail_counts=*/false);
    driver.give_all("b", {.start = 8s});
    CHECK(driver.list(0) == "100 101 !102");
    CHECK(date_of(driver, 2) == date_of(driver, 1) + 4);
}

TEST_CASE("timeline broken off: what waits is gone, and what comes next is due as it comes") {
    auto driver = film(10s);
    give(driver, 0, 9);
    CHECK(driver.list(0) == "100 101 102");
    CHECK(driver.timeline().ahead(driver.now()) == 32s);
    driver.timeline().break_off();
    CHECK(driver.timeline().ahead(driver.now()) == 0s);
    driver.pass(20s);
    CHECK(driver.list(0) == "100 101 102");
    driver.open("b");
    driver.air("b");
    give(driver, 100, 109, "b");
    CHECK(driver.list(0) == "100 101 102 !103 104 105");
    CHECK(date_of(driver, 3) == date_of(driver, 2) + 4);
    CHECK(driver.timeline().place_of(103)->start == 400 * Ticks90k{90'000});
    CHECK_FALSE(driver.timeline().place_of(106));
    CHECK_FALSE(driver.timeline().place_of(99));
    driver.pass(4s);
    CHECK(driver.list(0) == "100 101 102 !103 104 105 106");
}

TEST_CASE("timeline finished: the torn tail is the last segment") {
    auto driver = film(10s);
    give(driver, 0, 1);
    driver.give_all("a", {.start = 4s, .duration = 1s, .end = contract::SegmentEnd::input});
    CHECK(driver.list(0) == "100");
    driver.timeline().finish("a");
    driver.close("a", /*tail_counts=*/true);
    driver.timeline().finish("nobody");
    driver.step();
    CHECK(driver.list(0) == "100 101");
    CHECK(driver.timeline().waiting() == 0s);
    CHECK(driver.timeline().last_due() == driver.now() + 1s);
}

TEST_CASE("timeline: what waits is counted, of the run that follows too") {
    auto driver = film(0s);
    CHECK(driver.timeline().waiting() == 0s);
    give(driver, 0, 4);
    CHECK(driver.timeline().waiting() == 12s);
    driver.open("b");
    give(driver, 0, 1, "b");
    CHECK(driver.timeline().waiting() == 12s);
    driver.air("b");
    CHECK(driver.timeline().waiting() == 16s);
    driver.pass(4s);
    CHECK(driver.timeline().waiting() == 12s);
}

TEST_CASE("timeline held: nothing is listed, nothing is due, and nobody is late") {
    auto driver = film(0s, {"source", "720p"});
    give(driver, 0, 3);
    driver.pass(1s);
    driver.timeline().hold(driver.now());
    CHECK(driver.timeline().is_held());
    CHECK_FALSE(driver.timeline().next_deadline());
    driver.pass(600s);
    CHECK(driver.list(0) == "100");
    driver.give("a", 0, {.start = 12s});
    CHECK(driver.list(0) == "100");
    driver.timeline().release(driver.now());
    CHECK_FALSE(driver.timeline().is_held());
    driver.step();
    CHECK(driver.list(0) == "100");
    driver.pass(2999ms);
    CHECK(driver.list(0) == "100");
    driver.pass(1ms);
    CHECK(driver.list(0) == "100 101");
    CHECK(driver.list(1) == "100 101");
    CHECK(driver.take_notes().empty());
}

TEST_CASE("timeline held: dates go on as if it had never been, over a discontinuity too") {
    auto driver = film(0s);
    give(driver, 0, 2);
    driver.timeline().hold(driver.now());
    driver.pass(60s);
    driver.timeline().release(driver.now());
    driver.pass(4s);
    driver.open("b");
    driver.air("b");
    driver.close("a", /*tail_counts=*/false);
    driver.give_all("b", {.start = 50s});
    driver.pass(4s);
    CHECK(driver.list(0) == "100 101 !102");
    CHECK(date_of(driver, 1) == date_of(driver, 0) + 4);
    CHECK(date_of(driver, 2) == date_of(driver, 0) + 8);
}

TEST_CASE("timeline held: twice is once, and released without being held is nothing") {
    auto driver = film(0s);
    driver.timeline().release(driver.now());
    give(driver, 0, 2);
    driver.timeline().hold(driver.now());
    driver.pass(10s);
    driver.timeline().hold(driver.now());
    driver.pass(10s);
    driver.timeline().release(driver.now());
    driver.timeline().release(driver.now());
    driver.pass(3999ms);
    CHECK(driver.list(0) == "100");
    driver.pass(1ms);
    CHECK(driver.list(0) == "100 101");
}

} // namespace continuo::store::timeline_hold_test
