// From one run to another and back: what waits, what is left out, where the marks are.
#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>

namespace continuo::store {
namespace {

TEST_CASE("switch: what waits of the run before is listed first, unless it is not wanted") {
    auto const list_after = [](bool drain) {
        Driver driver(options_for({"source"}));
        driver.open("a");
        driver.air("a");
        driver.give("a", 0, {.start = 0s});
        driver.give("a", 0, {.start = 4s});
        driver.give("a", 0, {.start = 8s});
        driver.open("b");
        driver.give("b", 0, {.start = 500s});
        driver.air("b", drain);
        driver.close("a", false);
        driver.pass(20s);
        return driver.starts();
    };
    CHECK(list_after(/*drain=*/true) == "0 4 8 500");
    CHECK(list_after(/*drain=*/false) == "0 500");
}

TEST_CASE("switch: a run that comes back before the slate has shown anything just goes on") {
    Driver driver(options_for({"source"}));
    driver.open("a");
    driver.air("a");
    driver.give("a", 0, {.start = 0s});
    driver.pass(8s);
    driver.open("slate");
    driver.air("slate");
    driver.give("a", 0, {.start = 4s});
    driver.air("a", /*drain=*/false);
    driver.close("slate", false);
    driver.give("a", 0, {.start = 8s});
    driver.pass(20s);
    CHECK(driver.list(0) == "100 101 102");
}

TEST_CASE("switch: a run that was to go on air is drained like any other when the next one is") {
    auto options = options_for({"source"});
    options.window = 10;
    Driver driver(options);
    driver.open("a");
    driver.air("a");
    for (auto start = 0s; start < 12s; start += 4s)
        driver.give("a", 0, {.start = start});
    driver.open("b");
    driver.give("b", 0, {.start = 50'000s});
    driver.give("b", 0, {.start = 50'004s});
    driver.air("b");
    driver.close("a", false);
    driver.open("c");
    driver.give("c", 0, {.start = 900s});
    driver.air("c");
    driver.close("b", false);
    driver.pass(60s);
    CHECK(driver.starts() == "0 4 8 50000 50004 900");
    CHECK(driver.list(0) == "100 101 102 !103 104 !105");
    CHECK(driver.listed_at(0, 105).count() == doctest::Approx(20));
}

TEST_CASE("switch: a run that was to go on air and never delivered is passed over") {
    Driver driver(options_for({"source"}));
    driver.open("a");
    driver.air("a");
    driver.give("a", 0, {.start = 0s});
    driver.give("a", 0, {.start = 4s});
    driver.open("slate");
    driver.air("slate");
    driver.open("b");
    driver.give("b", 0, {.start = 500s});
    driver.air("b");
    driver.close("slate", false);
    driver.close("a", false);
    driver.pass(20s);
    CHECK(driver.list(0) == "100 101 !102");
}

TEST_CASE("switch: a run that is taken off before it was listed leaves no trace") {
    Driver driver(options_for({"source"}));
    driver.open("a");
    driver.air("a");
    driver.give("a", 0, {.start = 0s});
    driver.give("a", 0, {.start = 4s});
    driver.open("b");
    driver.give("b", 0, {.start = 500s});
    driver.air("b");
    driver.air("a");
    driver.close("b", false);
    driver.give("a", 0, {.start = 8s});
    driver.pass(20s);
    CHECK(driver.starts() == "0 4 8");
    CHECK(driver.list(0) == "100 101 102");
    CHECK_FALSE(driver.is_live("source/b/000000.ts"));
}

TEST_CASE("switch: a run that comes back after the slate is one discontinuity") {
    Driver driver(options_for({"source"}));
    driver.open("a");
    driver.air("a");
    driver.give("a", 0, {.start = 0s});
    driver.pass(8s);
    driver.open("slate");
    driver.give("slate", 0, {.start = 0s});
    driver.air("slate");
    driver.give("a", 0, {.start = 4s});
    driver.air("a", /*drain=*/false);
    driver.pass(20s);
    CHECK(driver.list(0) == "100 !101 !102");
}

} // namespace
} // namespace continuo::store
