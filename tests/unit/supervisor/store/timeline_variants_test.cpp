// Variants that are late, lack something, fall behind, are restarted.
#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>

namespace continuo::store::timeline_variants_test {

/// Three variants, run "a" on air, number 100 listed in all.
Driver ladder(TimelineOptions options = options_for({"source", "720p", "576p"})) {
    Driver driver(std::move(options));
    driver.open("a");
    driver.air("a");
    driver.give_all("a", {.start = 0s});
    return driver;
}

std::string file_of(Driver const& driver, std::uint64_t number, std::size_t variant) {
    auto const snapshot = driver.snapshot();
    return snapshot.segments[number - snapshot.segments.front().number].files[variant];
}

TEST_CASE("timeline: a late variant's list grows when its segment comes") {
    auto driver = ladder();
    driver.pass(4s);
    driver.give("a", 0, {.start = 4s});
    CHECK(driver.list(0) == "100 101");
    CHECK(driver.list(1) == "100");
    driver.pass(1s);
    CHECK(driver.give("a", 1, {.start = 4s}) == Taken::joined);
    CHECK(driver.list(1) == "100 101");
    CHECK(driver.listed_at(1, 101).count() == doctest::Approx(5));
    CHECK(driver.list(2) == "100");
}

TEST_CASE("timeline: a variant that once began a segment without a keyframe is known for it") {
    auto driver = ladder();
    driver.give_all("a", {.start = 4s, .end = contract::SegmentEnd::overlong});
    driver.give("a", 1, {.start = 8s, .keyframe = false});
    driver.play("a", 3, 20);
    auto const variants = driver.snapshot().variants;
    CHECK(variants[0].independent_segments);
    CHECK_FALSE(variants[1].independent_segments);
    Driver const later(driver.timeline().options(), {.next_number = 200, .variants = variants});
    CHECK_FALSE(later.snapshot().variants[1].independent_segments);
}

TEST_CASE("timeline: variants may come in any order, numbers follow the time") {
    auto driver = ladder();
    CHECK(driver.give("a", 2, {.start = 4s}) == Taken::opened);
    CHECK(driver.give("a", 2, {.start = 8s}) == Taken::opened);
    CHECK(driver.give("a", 0, {.start = 4s}) == Taken::joined);
    CHECK(driver.give("a", 1, {.start = 4s}) == Taken::joined);
    CHECK(driver.give("a", 1, {.start = 8s}) == Taken::joined);
    CHECK(driver.give("a", 0, {.start = 8s}) == Taken::joined);
    driver.pass(8s);
    for (std::size_t variant = 0; variant < 3; ++variant)
        CHECK(driver.list(variant) == "100 101 102");
    CHECK(driver.snapshot().segments[2].start == Ticks90k{8s});
}

TEST_CASE("timeline: what was taken already is dropped and unlinked") {
    auto driver = ladder();
    driver.give("a", 0, {.start = 4s});
    auto const files = driver.live_files();
    CHECK(driver.give("a", 0, {.start = 4s}) == Taken::late);
    CHECK(driver.live_files() == files);
    CHECK_FALSE(driver.is_live("source/a/000002.ts"));
    CHECK(driver.take_notes().empty());
}

TEST_CASE("timeline: what begins where no sibling does is dropped, unlinked and noted") {
    auto driver = ladder();
    driver.give("a", 0, {.start = 4s});
    CHECK(driver.give("a", 1, {.start = 5s}) == Taken::misaligned);
    CHECK_FALSE(driver.is_live("720p/a/000001.ts"));
    auto const notes = driver.take_notes();
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find("variant \"720p\"") != std::string::npos);
}

TEST_CASE("timeline: a file of a run that nobody knows is unlinked") {
    auto driver = ladder();
    CHECK(driver.give("nobody", 0, {.start = 4s}) == Taken::late);
    CHECK_FALSE(driver.is_live("source/nobody/000000.ts"));
}

TEST_CASE("timeline: a hole is filled by the nearest sibling, untagged, as soon as it is one") {
    auto driver = ladder();
    driver.pass(4s);
    driver.give("a", 0, {.start = 4s});
    driver.give("a", 2, {.start = 4s});
    CHECK(driver.list(1) == "100");
    driver.give("a", 1, {.start = 8s}); // waits in the queue still
    CHECK(driver.list(1) == "100 101*");
    CHECK(file_of(driver, 101, 1) == "576p/a/000001.ts");
    driver.pass(4s);
    CHECK(driver.list(1) == "100 101* 102");
    CHECK(driver.take_notes().empty());
}

TEST_CASE("timeline: the last variant's nearest sibling is the one above it") {
    auto driver = ladder();
    driver.pass(4s);
    driver.give("a", 0, {.start = 4s});
    driver.give("a", 1, {.start = 4s});
    driver.give("a", 2, {.start = 8s});
    CHECK(file_of(driver, 101, 2) == "720p/a/000001.ts");
}

TEST_CASE("timeline: a stand-in's own stand-in is nobody's: the file is a real sibling's") {
    auto driver = ladder();
    driver.pass(4s);
    driver.give("a", 0, {.start = 4s});
    driver.give("a", 1, {.start = 8s});
    driver.give("a", 2, {.start = 8s});
    CHECK(file_of(driver, 101, 1) == "source/a/000001.ts");
    CHECK(file_of(driver, 101, 2) == "source/a/000001.ts");
}

TEST_CASE("timeline: a variant that is behind is stood in for until it is back, and noted once") {
    auto driver = ladder();
    for (int i = 1; i <= 3; ++i) {
        driver.pass(i == 1 ? 4s : 3s);
        driver.give("a", 0, {.start = i * 4s});
        driver.give("a", 2, {.start = i * 4s});
        if (i == 1) CHECK(driver.list(1) == "100");
        driver.pass(1s);
    }
    CHECK(driver.list(1) == "100 101* 102* 103*");
    CHECK(driver.listed_at(1, 101).count() == doctest::Approx(7.5));
    auto const notes = driver.take_notes();
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find("from number 101") != std::string::npos);

    SUBCASE("what it has of the past is dropped") {
        driver.give("a", 1, {.start = 4s});
        driver.give("a", 1, {.start = 8s});
        CHECK_FALSE(driver.is_live("720p/a/000001.ts"));
        CHECK_FALSE(driver.is_live("720p/a/000002.ts"));
        CHECK(driver.list(1) == "100 101* 102* 103*");
    }
    SUBCASE("it is asked to go on behind what was listed for it") {
        CHECK(driver.timeline().taken_until("a", 1) == Ticks90k{16s});
    }
    SUBCASE("its next segment in time is its own again") {
        driver.give_all("a", {.start = 16s});
        driver.pass(4s);
        CHECK(driver.list(1) == "100 101* 102* 103* 104");
        CHECK(driver.take_notes().empty());
    }
}

TEST_CASE("timeline: a variant that is behind again is noted again") {
    auto driver = ladder();
    for (int i = 1; i <= 2; ++i) {
        driver.pass(4s);
        driver.give("a", 0, {.start = i * 4s});
        driver.give("a", 2, {.start = i * 4s});
    }
    CHECK(driver.take_notes().size() == 1);
    driver.give_all("a", {.start = 12s});
    driver.pass(4s);
    for (int i = 4; i <= 6; ++i) {
        driver.give("a", 0, {.start = i * 4s});
        driver.give("a", 2, {.start = i * 4s});
        driver.pass(4s);
    }
    CHECK(driver.take_notes().size() == 1);
}

TEST_CASE("timeline: a variant that the run does not make is stood in for without a word") {
    Driver driver(options_for({"source", "1080p"}));
    driver.open("a");
    driver.timeline().set_expected("a", 1, false);
    driver.air("a");
    driver.give("a", 0, {.start = 0s});
    CHECK(driver.list(0) == "100");
    CHECK(driver.list(1) == "100*");
    driver.give("a", 0, {.start = 4s});
    driver.pass(4s);
    CHECK(driver.list(1) == "100* 101*");
    CHECK(driver.take_notes().empty());
}

TEST_CASE("timeline: a restart is one discontinuity at the first number that nobody has listed") {
    auto driver = ladder();
    driver.pass(4s);
    driver.give("a", 0, {.start = 4s});
    driver.give("a", 2, {.start = 4s});
    driver.timeline().mark_restart("a", 1);
    driver.give("a", 1, {.start = 4s}); // listed already by its siblings: no tag
    driver.give_all("a", {.start = 8s});
    driver.give_all("a", {.start = 12s});
    driver.pass(8s);
    for (std::size_t variant = 0; variant < 3; ++variant)
        CHECK(driver.list(variant) == "100 101 !102 103");
}

TEST_CASE("timeline: restarts before the same number are one discontinuity") {
    auto driver = ladder();
    driver.timeline().mark_restart("a", 1);
    driver.timeline().mark_restart("a", 2);
    driver.timeline().mark_restart("a", 1);
    driver.give_all("a", {.start = 4s});
    driver.give_all("a", {.start = 8s});
    driver.pass(8s);
    CHECK(driver.list(1) == "100 !101 102");
}

TEST_CASE("timeline: without restart_discontinuity a restart leaves no mark") {
    auto options = options_for({"source", "720p", "576p"});
    options.restart_discontinuity = false;
    auto driver = ladder(options);
    driver.timeline().mark_restart("a", 1);
    driver.give_all("a", {.start = 4s});
    driver.pass(4s);
    CHECK(driver.list(1) == "100 101");
}

TEST_CASE("timeline: a restart in a run that is not on air leaves no mark") {
    auto driver = ladder();
    driver.open("b");
    driver.timeline().mark_restart("b", 1);
    driver.give_all("a", {.start = 4s});
    driver.pass(4s);
    CHECK(driver.list(1) == "100 101");
}

TEST_CASE("timeline: a restart in the run to come marks its boundary, not what is drained before") {
    auto driver = ladder();
    driver.give_all("a", {.start = 4s});
    driver.open("b");
    driver.give_all("b", {.start = 500s});
    driver.air("b");
    driver.timeline().mark_restart("b", 1);
    driver.give_all("b", {.start = 504s});
    driver.pass(12s);
    CHECK(driver.list(0) == "100 101 !102 103");
}

TEST_CASE("timeline: the torn segment of a killed variant is dropped when it is restarted") {
    auto driver = ladder();
    CHECK(driver.give("a", 1, {.start = 4s, .duration = 1s, .end = contract::SegmentEnd::input}) ==
          Taken::held);
    CHECK(driver.is_live("720p/a/000001.ts"));
    CHECK(driver.timeline().taken_until("a", 1) == Ticks90k{4s});
    driver.timeline().mark_restart("a", 1);
    driver.step();
    CHECK_FALSE(driver.is_live("720p/a/000001.ts"));
    driver.give_all("a", {.start = 4s});
    driver.pass(4s);
    CHECK(driver.list(1) == "100 !101");
}

TEST_CASE("timeline: of two torn segments of a variant the newer is held") {
    auto driver = ladder();
    driver.give("a", 1, {.start = 4s, .duration = 1s, .end = contract::SegmentEnd::input});
    driver.give("a", 1, {.start = 4s, .duration = 2s, .end = contract::SegmentEnd::input});
    CHECK_FALSE(driver.is_live("720p/a/000001.ts"));
    CHECK(driver.is_live("720p/a/000002.ts"));
}

TEST_CASE("timeline: a child goes on where its variant was taken until") {
    auto driver = ladder();
    CHECK(driver.timeline().taken_until("a", 0) == Ticks90k{4s});
    CHECK_FALSE(driver.timeline().taken_until("nobody", 0));
    driver.open("b");
    CHECK_FALSE(driver.timeline().taken_until("b", 0));
    CHECK(driver.timeline().end_of("a")->end == Ticks90k{4s});
    CHECK_FALSE(driver.timeline().end_of("b"));
    CHECK_FALSE(driver.timeline().end_of("nobody"));
}

} // namespace continuo::store::timeline_variants_test
