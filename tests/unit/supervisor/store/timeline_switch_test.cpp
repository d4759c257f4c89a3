// From one run to another and back: what waits, what is left out, where the marks are.
#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>

namespace continuo::store::timeline_switch_test {

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

/// "a" is on air since its first second, in segments of 4 s, and its pictures were made 10 s before
/// they are listed.
Driver dated() {
    Driver driver(options_for({"source"}));
    driver.open("a");
    driver.air("a");
    driver.timeline().set_made("a", {.pts = 0s, .date = wall_at_start - 14s});
    driver.play("a", 0, 3);
    return driver;
}

/// A run on another clock whose first picture was made `later` than what "a" has shown.
void open_dated(Driver& driver, std::string const& run, std::chrono::milliseconds later) {
    auto const shown = wall_at_start - 14s + 12s;
    driver.open(run);
    driver.timeline().set_made(run, {.pts = 500s, .date = shown + later});
}

TEST_CASE("switch: where the next stream has to begin is what follows the list at a boundary") {
    auto driver = dated();
    auto const shown = wall_at_start - 2s;
    auto const last_boundary = driver.now() - 4s;
    auto const at = [&](std::chrono::milliseconds later) {
        return driver.timeline().made_next(last_boundary + later);
    };
    CHECK(at(0s) == shown);
    CHECK(at(3999ms) == shown);
    CHECK(at(4s) == shown + 4s);
    CHECK(at(7999ms) == shown + 4s);
    CHECK(at(8s) == shown + 8s);
    driver.give("a", 0, {.start = 12s, .duration = 2s});
    CHECK(at(2s) == shown + 2s);
    CHECK(at(4s) == shown + 4s); // what is not there yet is taken to be as long as the last one
}

TEST_CASE("switch: without dates there is nothing to wait for") {
    Driver driver(options_for({"source"}));
    driver.open("a");
    driver.air("a");
    driver.play("a", 0, 3);
    CHECK_FALSE(driver.timeline().made_next(driver.now()));
    driver.open("b");
    driver.give("b", 0, {.start = 500s});
    CHECK(driver.timeline().has_reached("b", driver.now()));
}

TEST_CASE("switch: a stream takes over when the list has come to where it begins") {
    auto driver = dated();
    open_dated(driver, "b", 4s);
    driver.give("b", 0, {.start = 500s, .duration = 2s});
    CHECK_FALSE(driver.timeline().has_reached("b", driver.now()));
    driver.play("a", 3, 4);
    CHECK(driver.timeline().has_reached("b", driver.now()));
}

TEST_CASE("switch: a stream does not wait for one that shows nothing more") {
    auto driver = dated();
    open_dated(driver, "b", 4s);
    driver.give("b", 0, {.start = 500s, .duration = 2s});
    SUBCASE("because it has ended") {
        driver.close("a", false);
    }
    SUBCASE("because it stands still") {
        driver.pass(options_for({"source"}).patience());
    }
    CHECK(driver.timeline().has_reached("b", driver.now()));
}

TEST_CASE("switch: what was shown already is left out, as long as something follows it") {
    auto driver = dated();
    open_dated(driver, "b", -6s);
    for (auto start = 500s; start < 508s; start += 2s)
        driver.give("b", 0, {.start = start, .duration = 2s});
    driver.air("b", /*drain=*/false);
    driver.close("a", false);
    driver.pass(20s);
    CHECK(driver.starts() == "0 4 8 506");
}

TEST_CASE("switch: what was shown already is repeated where nothing follows it yet") {
    auto driver = dated();
    open_dated(driver, "b", -6s);
    driver.give("b", 0, {.start = 500s, .duration = 2s});
    driver.air("b", /*drain=*/false);
    driver.close("a", false);
    driver.pass(20s);
    CHECK(driver.starts() == "0 4 8 500");
}

/// `dated`, replaced by "b" for two segments while it goes on behind it.
Driver replaced() {
    auto driver = dated();
    open_dated(driver, "b", 0s);
    for (int i = 0; i < 2; ++i) {
        driver.give("b", 0, {.start = 500s + i * 4s});
        if (i == 0) driver.air("b", /*drain=*/false);
        driver.give("a", 0, {.start = 12s + i * 4s});
        driver.pass(4s);
    }
    return driver;
}

TEST_CASE("switch: a stream that went on behind the one that dies follows it without a hole") {
    auto driver = replaced();
    driver.give("a", 0, {.start = 20s});
    CHECK(driver.timeline().has_news("a", driver.now()));
    driver.close("b", false);
    driver.air("a", /*drain=*/false);
    driver.give("a", 0, {.start = 24s});
    driver.pass(20s);
    CHECK(driver.starts() == "8 500 504 20 24");
    CHECK(driver.list(0) == "102 !103 104 !105 106");
}

TEST_CASE("switch: a stream that has only what was shown, or nothing, has no news") {
    auto driver = replaced();
    CHECK_FALSE(driver.timeline().has_news("a", driver.now()));
    driver.open("empty");
    CHECK_FALSE(driver.timeline().has_news("empty", driver.now()));
    CHECK_FALSE(driver.timeline().has_news("unknown", driver.now()));
    driver.give("empty", 0, {.start = 0s}); // nobody knows when it was made
    CHECK(driver.timeline().has_news("empty", driver.now()));
}

TEST_CASE("switch: dates go on over a jump of the source's clock") {
    auto driver = dated();
    auto const shown = wall_at_start - 2s;
    driver.give("a", 0, {.start = 100s, .discontinuity = true});
    driver.pass(4s);
    CHECK(driver.timeline().made_next(driver.now()) == shown + 8s);
}

} // namespace continuo::store::timeline_switch_test
