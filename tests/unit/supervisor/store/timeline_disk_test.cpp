// Window, files that stay for late readers, budget.
#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>

namespace continuo::store::timeline_disk_test {

Driver on_air(TimelineOptions options, Resume resume = {.next_number = 100}) {
    Driver driver(std::move(options), std::move(resume));
    driver.open("a");
    driver.air("a");
    return driver;
}

TEST_CASE("timeline: the list keeps the window, and three target durations at least") {
    auto driver = on_air(options_for({"source"}));
    driver.play("a", 0, 10);
    CHECK(driver.list(0) == "105 106 107 108 109");

    auto options = options_for({"source"});
    options.window = 2;
    auto narrow = on_air(options);
    narrow.play("a", 0, 10);
    CHECK(narrow.list(0) == "105 106 107 108 109"); // 18 s are four and a half segments
}

TEST_CASE("timeline: the discontinuity sequence counts the tags that have left the list") {
    auto driver = on_air(options_for({"source"}));
    driver.play("a", 0, 2);
    driver.timeline().mark_restart("a", 0);
    driver.play("a", 2, 6);
    CHECK(driver.list(0) == "101 !102 103 104 105");
    CHECK(driver.snapshot().discontinuity_sequence == 0);
    CHECK(driver.timeline().discontinuity_sequence_at_end() == 1);
    driver.play("a", 6, 7);
    CHECK(driver.list(0) == "!102 103 104 105 106");
    CHECK(driver.snapshot().discontinuity_sequence == 0);
    driver.play("a", 7, 8);
    CHECK(driver.list(0) == "103 104 105 106 107");
    CHECK(driver.snapshot().discontinuity_sequence == 1);
    CHECK(driver.timeline().discontinuity_sequence_at_end() == 1);
}

TEST_CASE("timeline: what a late variant's list still has is kept") {
    auto driver = on_air(options_for({"source", "720p"}));
    driver.play("a", 0, 5);
    driver.give("a", 0, {.start = 20s});
    CHECK(driver.list(0) == "101 102 103 104 105");
    CHECK(driver.list(1) == "100 101 102 103 104");
    CHECK(driver.is_live("source/a/000000.ts"));
    CHECK(driver.snapshot().segments.front().number == 100);
}

TEST_CASE("timeline: a file stays for its own and the longest list's duration after removal") {
    auto driver = on_air(options_for({"source"}));
    driver.play("a", 0, 5);
    driver.give("a", 0, {.start = 20s}); // number 100 leaves a list of six
    CHECK(driver.list(0) == "101 102 103 104 105");
    driver.pass(4s + 24s - 1ms);
    CHECK(driver.is_live("source/a/000000.ts"));
    driver.pass(1ms);
    CHECK_FALSE(driver.is_live("source/a/000000.ts"));
    CHECK(driver.is_live("source/a/000001.ts"));
}

TEST_CASE("timeline: a stand-in's file goes once, with its own variant's") {
    auto driver = on_air(options_for({"source", "720p"}));
    driver.give_all("a", {.start = 0s});
    driver.pass(4s);
    driver.give("a", 0, {.start = 4s});
    for (int i = 2; i < 30; ++i) {
        driver.give_all("a", {.start = i * 4s});
        driver.pass(4s);
    }
    CHECK_FALSE(driver.is_live("source/a/000001.ts"));
}

TEST_CASE("timeline: over budget the kept files go first, oldest first") {
    auto options = options_for({"source"});
    options.budget_bytes = 7500;
    auto driver = on_air(options);
    driver.play("a", 0, 7);
    CHECK(driver.live_files() == 7); // five listed, two kept
    CHECK(driver.take_notes().empty());
    driver.play("a", 7, 8);
    CHECK(driver.list(0) == "103 104 105 106 107");
    CHECK(driver.live_files() == 7);
    CHECK_FALSE(driver.is_live("source/a/000000.ts"));
    CHECK(driver.is_live("source/a/000001.ts"));
    CHECK(driver.take_notes().size() == 1);
}

TEST_CASE("timeline: the budget counts what lies beside a segment, the bandwidth does not") {
    auto options = options_for({"source"});
    options.budget_bytes = 7500;
    auto driver = on_air(options);
    for (int i = 0; i < 8; ++i) {
        driver.give("a", 0, {.start = i * 4s, .bytes = 400, .bytes_beside = 600});
        driver.pass(4s);
    }
    CHECK(driver.live_files() == 7);
    CHECK_FALSE(driver.is_live("source/a/000000.ts"));
    CHECK(driver.snapshot().variants[0].average_bandwidth_bps == 800);
}

TEST_CASE("timeline: then the list gets shorter, and that is noted once") {
    auto options = options_for({"source"});
    options.budget_bytes = 3500;
    auto driver = on_air(options);
    driver.play("a", 0, 3);
    driver.timeline().mark_restart("a", 0);
    driver.play("a", 3, 4);
    CHECK(driver.list(0) == "101 102 !103");
    driver.play("a", 4, 20);
    CHECK(driver.list(0) == "117 118 119");
    CHECK(driver.snapshot().discontinuity_sequence == 1);
    CHECK(driver.live_files() == 3);
    CHECK(driver.take_notes().size() == 1);
}

TEST_CASE("timeline: segments of changing size around the budget are noted once, too") {
    auto options = options_for({"source"});
    options.budget_bytes = 7000;
    auto driver = on_air(options);
    for (int i = 0; i < 60; ++i) {
        driver.give("a", 0, {.start = i * 4s, .bytes = i % 7 == 0 ? 3000u : 300u});
        driver.pass(4s);
    }
    CHECK(driver.take_notes().size() == 1);
}

TEST_CASE("timeline: however small the budget, the newest segment is listed") {
    auto options = options_for({"source"});
    options.budget_bytes = 1;
    auto driver = on_air(options);
    driver.play("a", 0, 5);
    CHECK(driver.list(0) == "104");
    CHECK(driver.live_files() == 1);
}

TEST_CASE("timeline: the budget takes no variant its last segment") {
    auto options = options_for({"source", "720p"});
    options.budget_bytes = 2500;
    auto driver = on_air(options);
    driver.play("a", 0, 2);
    driver.give("a", 0, {.start = 8s});
    CHECK(driver.list(1) == "101");
    driver.pass(1s);
    driver.give("a", 1, {.start = 8s});
    CHECK(driver.list(1) == "102");
}

TEST_CASE("timeline: a directory is in use while anything of it waits, is listed, torn or kept") {
    auto driver = on_air(options_for({"source"}));
    CHECK_FALSE(driver.timeline().uses("source/a/"));
    driver.open("b");
    driver.give("b", 0, {.start = 0s});
    CHECK(driver.timeline().uses("source/b/"));
    CHECK_FALSE(driver.timeline().uses("source/bb/"));
    driver.close("b", false);
    CHECK_FALSE(driver.timeline().uses("source/b/"));

    driver.give("a", 0, {.start = 0s, .duration = 1s, .end = contract::SegmentEnd::input});
    CHECK(driver.timeline().uses("source/a/"));
    driver.timeline().mark_restart("a", 0);
    CHECK_FALSE(driver.timeline().uses("source/a/"));

    driver.give("a", 0, {.start = 0s});
    CHECK(driver.timeline().uses("source/a/"));
    driver.open("c");
    for (int i = 0; i < 6; ++i)
        driver.give("c", 0, {.start = 500s + i * 4s});
    driver.air("c");
    driver.close("a", false);
    driver.pass(24s);
    CHECK(driver.list(0).find("100") == std::string::npos);
    CHECK(driver.timeline().uses("source/a/")); // kept for late readers
    driver.pass(60s);
    CHECK_FALSE(driver.timeline().uses("source/a/"));
}

TEST_CASE("timeline: a variant's facts are measured, not configured") {
    Timeline timeline(options_for({"source"}), {.next_number = 1}, Driver::start_of_clock,
                      wall_at_start);
    timeline.open_run("a", {true}, std::nullopt);
    timeline.put_on_air("a", false);
    auto now = Driver::start_of_clock;
    contract::SegmentLine line{
        .name = "000000.ts",
        .start = Ticks90k{0},
        .duration = 4s,
        .bytes = 1'000'000,
        .end = contract::SegmentEnd::grid,
        .discontinuity = false,
        .keyframe = true,
        .video = {.codecs = "avc1.64001f", .width = 1280, .height = 720, .frame_rate = 25},
        .audio_codecs = "mp4a.40.2"};
    auto const add = [&](Ticks90k start, Ticks90k duration, std::uint64_t bytes) {
        line.start = start;
        line.duration = duration;
        line.bytes = bytes;
        timeline.add("a", 0, line, {.path = "source/a/" + line.name, .bytes = bytes}, now);
        now += 10s;
        timeline.advance(now);
    };
    add(0s, 4s, 1'000'000);
    add(4s, 4s, 500'000);
    add(8s, 1s, 1'000'000); // too short to say anything of the peak
    auto const facts = timeline.snapshot().variants[0];
    CHECK(facts.name == "source");
    CHECK(facts.bandwidth_bps == 2'000'000);
    CHECK(facts.average_bandwidth_bps == 20'000'000 / 9);
    CHECK(facts.width == 1280);
    CHECK(facts.height == 720);
    CHECK(facts.frame_rate == 25);
    CHECK(facts.codecs == "avc1.64001f,mp4a.40.2");
}

} // namespace continuo::store::timeline_disk_test
