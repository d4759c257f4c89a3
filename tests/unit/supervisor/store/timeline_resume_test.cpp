// Going on after a crash, a stop or a reboot.
#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>

namespace continuo::store::timeline_resume_test {

Driver on_air(TimelineOptions options, Resume resume) {
    Driver driver(std::move(options), std::move(resume));
    driver.open("a");
    driver.air("a");
    return driver;
}

contract::TimelineSegment listed(std::uint64_t number, std::vector<std::string> files,
                                 bool discontinuity = false) {
    return {.number = number,
            .start = Ticks90k{4s} * static_cast<std::int64_t>(number),
            .duration = 4s,
            .date = wall_at_start - std::chrono::seconds{60} +
                    std::chrono::seconds{4} * static_cast<std::int64_t>(number),
            .discontinuity = discontinuity,
            .run = "before",
            .files = std::move(files)};
}

TEST_CASE("timeline: after a crash list, numbers and dates go on, with one discontinuity") {
    Resume resume{.next_number = 103,
                  .discontinuity_sequence = 7,
                  .discontinuity = true,
                  .segments = {listed(100, {"source/z/0.ts", "720p/z/0.ts"}),
                               listed(101, {"source/z/1.ts", "720p/z/1.ts"}, true),
                               listed(102, {"source/z/2.ts", "720p/z/2.ts"})},
                  .sizes = {{"source/z/0.ts", 10},
                            {"720p/z/0.ts", 11},
                            {"source/z/1.ts", 12},
                            {"720p/z/1.ts", 13},
                            {"source/z/2.ts", 14},
                            {"720p/z/2.ts", 15}}};
    auto driver = on_air(options_for({"source", "720p"}), resume);
    CHECK(driver.list(0) == "100 !101 102");
    CHECK(driver.snapshot().segments == resume.segments);
    CHECK(driver.timeline().held_bytes() == 75);
    CHECK(driver.timeline().uses("source/z/"));
    driver.play("a", 0, 2);
    CHECK(driver.list(1) == "100 !101 102 !103 104");
    driver.play("a", 2, 5);
    CHECK(driver.list(1) == "!103 104 105 106 107");
    CHECK(driver.snapshot().discontinuity_sequence == 8);
    driver.pass(60s);
    CHECK_FALSE(driver.is_live("source/z/0.ts"));
    CHECK_FALSE(driver.is_live("720p/z/2.ts"));
    CHECK_FALSE(driver.timeline().uses("source/z/"));
}

TEST_CASE("timeline: after a crash a restart without restart_discontinuity is still one") {
    auto options = options_for({"source"});
    options.restart_discontinuity = false;
    auto driver = on_air(options, {.next_number = 101,
                                   .discontinuity = true,
                                   .segments = {listed(100, {"source/z/0.ts"})},
                                   .sizes = {{"source/z/0.ts", 1}}});
    driver.play("a", 0, 2);
    CHECK(driver.list(0) == "100 !101 102");
}

TEST_CASE("timeline: a variant that lacked something at the crash gets a sibling's") {
    auto driver =
        on_air(options_for({"source", "720p"}),
               {.next_number = 102,
                .discontinuity = true,
                .segments = {listed(100, {"source/z/0.ts", "720p/z/0.ts"}),
                             listed(101, {"source/z/1.ts", ""})},
                .sizes = {{"source/z/0.ts", 1}, {"720p/z/0.ts", 1}, {"source/z/1.ts", 1}}});
    CHECK(driver.list(1) == "100 101*");
}

TEST_CASE("timeline: a file that two variants list counts once and goes once") {
    auto driver = on_air(options_for({"source", "720p", "576p"}),
                         {.next_number = 102,
                          .discontinuity = true,
                          .segments = {listed(100, {"720p/z/0.ts", "720p/z/0.ts", "720p/z/0.ts"}),
                                       // of a variant that is no longer configured
                                       listed(101, {"old/z/1.ts", "old/z/1.ts", "old/z/1.ts"})},
                          .sizes = {{"720p/z/0.ts", 100}, {"old/z/1.ts", 30}}});
    CHECK(driver.timeline().held_bytes() == 130);
    driver.play("a", 0, 30);
    CHECK_FALSE(driver.is_live("720p/z/0.ts"));
    CHECK_FALSE(driver.is_live("old/z/1.ts"));
}

TEST_CASE("timeline: where only numbers survived the first segment bears the mark") {
    auto driver = on_air(options_for({"source"}),
                         {.next_number = 5000, .discontinuity_sequence = 9, .discontinuity = true});
    driver.play("a", 0, 2);
    CHECK(driver.list(0) == "!5000 5001");
    CHECK(driver.snapshot().discontinuity_sequence == 9);
}

TEST_CASE("timeline: leftovers stay as long as a player may ask for them") {
    auto driver = on_air(options_for({"source"}), {.next_number = 101,
                                                   .discontinuity = true,
                                                   .segments = {listed(100, {"source/z/1.ts"})},
                                                   .sizes = {{"source/z/1.ts", 1}},
                                                   .leftovers = {{"source/z/0.ts", 50}}});
    CHECK(driver.timeline().held_bytes() == 51);
    CHECK(driver.timeline().uses("source/z/"));
    driver.pass(10s - 1ms); // the list's 4 s and a target duration
    CHECK(driver.is_live("source/z/0.ts"));
    driver.pass(1ms);
    CHECK_FALSE(driver.is_live("source/z/0.ts"));
}

} // namespace continuo::store::timeline_resume_test
