// Breaks on the list: what the cues of a ladder's lines become, also over crashes and seams.
#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace continuo::store::timeline_breaks_test {

using timeline::BreakMark;
using timeline::Cue;

Cue out(Ticks90k time, std::optional<Ticks90k> planned = std::nullopt) {
    return {.kind = Cue::Kind::out,
            .event_id = 7,
            .time = time,
            .planned = planned,
            .auto_return = planned.has_value(),
            .section = "out"};
}

Cue in(Ticks90k time) {
    return {.kind = Cue::Kind::in, .event_id = 7, .time = time, .section = "in"};
}

Driver on_air(TimelineOptions options, Resume resume = {.next_number = 100}) {
    Driver driver(std::move(options), std::move(resume));
    driver.open("a");
    driver.air("a");
    return driver;
}

void play_one(Driver& driver, std::string const& run, int index, std::vector<Cue> cues) {
    driver.give_all(run, {.start = index * 4s, .cues = std::move(cues)});
    driver.pass(4s);
}

/// "100 101< 102= !103>": OUT, CONT, IN, and discontinuities.
std::string marks(contract::ChannelSnapshot const& snapshot) {
    std::string text;
    for (auto const& segment : snapshot.segments) {
        text += fmt::format("{}{}{}", text.empty() ? "" : " ", segment.discontinuity ? "!" : "",
                            segment.number);
        for (auto const& mark : segment.breaks)
            text += mark.kind == BreakMark::Kind::out    ? '<'
                    : mark.kind == BreakMark::Kind::cont ? '='
                                                         : '>';
    }
    return text;
}

TEST_CASE("timeline: a break has its marks in the number's only snapshot, for all variants") {
    auto driver = on_air(options_for({"source", "720p"}));
    play_one(driver, "a", 0, {});
    CHECK_FALSE(driver.timeline().open_break());
    play_one(driver, "a", 1, {out(Ticks90k{3s})});
    play_one(driver, "a", 2, {});
    auto const open = driver.timeline().open_break();
    REQUIRE(open);
    CHECK(open->kind == BreakMark::Kind::cont);
    CHECK(open->elapsed == Ticks90k{8s});
    CHECK(driver.timeline().newest_end() == Ticks90k{12s});
    driver.give_all("a", {.start = 12s}); // waits for its time
    CHECK(driver.timeline().open_break()->elapsed == Ticks90k{12s});
    CHECK(driver.timeline().newest_end() == Ticks90k{16s});
    driver.give_all("a", {.start = 16s, .cues = {in(Ticks90k{15s})}});
    CHECK_FALSE(driver.timeline().open_break());
    driver.pass(8s);
    CHECK(marks(driver.snapshot()) == "100 101< 102= 103= 104>");
    CHECK_FALSE(driver.timeline().open_break());
    auto const segments = driver.snapshot().segments;
    CHECK(segments[1].breaks[0].first_number == 101);
    CHECK(segments[1].breaks[0].start_date == segments[1].date - 1s);
    CHECK(segments[4].breaks[0].end_date == segments[4].date - 1s);
    auto const told = driver.timeline().take_listed_cues();
    REQUIRE(told.size() == 2);
    CHECK(told[0].number == 101);
    CHECK(told[1].number == 104);
    CHECK(told[1].cues == std::vector{in(Ticks90k{15s})});
    CHECK(told[1].marks == segments[4].breaks);
    CHECK(driver.timeline().take_listed_cues().empty());
    CHECK(driver.take_notes().empty());
}

TEST_CASE("timeline: what any variant tells is listed, and that they differ is noted") {
    auto driver = on_air(options_for({"source", "720p"}));
    driver.give_all("a", {.start = 0s});
    driver.give("a", 0, {.start = 4s}); // it waits for its time
    driver.give("a", 1, {.start = 4s, .cues = {out(Ticks90k{4s})}});
    driver.pass(8s);
    CHECK(marks(driver.snapshot()) == "100 101<");
    CHECK(driver.take_notes().size() == 1);
    driver.give("a", 0, {.start = 8s, .cues = {in(Ticks90k{8s})}});
    driver.pass(3s); // the sibling's comes when the number is listed
    CHECK(marks(driver.snapshot()) == "100 101< 102>");
    driver.give("a", 1, {.start = 8s});
    CHECK(driver.take_notes().size() == 1);
    CHECK(marks(driver.snapshot()) == "100 101< 102>");
}

TEST_CASE("timeline: discontinuities at breaks only where they are asked for, and no date moves") {
    auto options = options_for({"source"});
    options.cue_discontinuity = true;
    auto driver = on_air(options);
    play_one(driver, "a", 0, {});
    driver.give_all("a", {.start = 4s, .cues = {out(Ticks90k{4s}, Ticks90k{6s})}});
    driver.pass(10s); // late: the wall clock is ahead of the dates
    for (int index = 2; index < 5; ++index)
        play_one(driver, "a", index, {});
    CHECK(marks(driver.snapshot()) == "100 !101< 102= !103> 104");
    auto const& segments = driver.snapshot().segments;
    CHECK(segments[4].date == segments[0].date + 16s);
}

TEST_CASE("timeline: killed inside of a break it goes on with the same break") {
    for (auto const* const scenario : {"in band", "auto return"}) {
        CAPTURE(scenario);
        auto const returns = std::string_view(scenario) == "auto return";
        auto before = on_air(options_for({"source"}));
        play_one(before, "a", 0, {});
        play_one(before, "a", 1,
                 {out(Ticks90k{4s}, returns ? std::optional(Ticks90k{12s}) : std::nullopt)});
        play_one(before, "a", 2, {});
        auto const snapshot = before.snapshot();

        Driver after(options_for({"source"}),
                     {.next_number = 103, .discontinuity = true, .segments = snapshot.segments});
        REQUIRE(after.timeline().open_break());
        CHECK(after.timeline().open_break()->first_number == 101);
        after.open("b");
        after.air("b");
        play_one(after, "b", 7, {});
        play_one(after, "b", 8, returns ? std::vector<Cue>{} : std::vector{in(Ticks90k{32s})});
        play_one(after, "b", 9, {});
        CHECK(marks(after.snapshot()) == "101< 102= !103= 104> 105");
        CHECK(after.snapshot().segments[3].breaks[0].first_number == 101);
        CHECK(after.timeline().take_listed_cues().size() == 1); // the OUT was told before
    }
}

TEST_CASE("timeline: the cue of a torn tail is kept, whoever delivers it again") {
    for (auto const restart : {Ticks90k{4s}, Ticks90k{8s}}) { // whole again, or behind the tail
        auto driver = on_air(options_for({"source"}));
        play_one(driver, "a", 0, {});
        driver.give("a", 0,
                    {.start = 4s,
                     .duration = 3900ms,
                     .end = contract::SegmentEnd::input,
                     .cues = {out(Ticks90k{4s})}});
        driver.close("a", /*tail_counts=*/true);
        CHECK(driver.timeline().awaits([](Cue const& cue) { return cue.event_id == 7; }));
        CHECK_FALSE(driver.timeline().awaits([](Cue const& cue) { return cue.event_id == 8; }));
        driver.open("b", Reached{.run = "a", .end = 4s});
        driver.air("b");
        driver.give_all("b", {.start = restart});
        driver.pass(8s);
        driver.give_all("b", {.start = restart + Ticks90k{4s}});
        driver.pass(8s);
        CHECK(marks(driver.snapshot()).starts_with("100 "));
        CHECK(marks(driver.snapshot()).find("101< ") != std::string::npos);
        CHECK_FALSE(driver.timeline().awaits([](Cue const&) { return true; }));
        CHECK(driver.take_notes().empty());
    }
}

} // namespace continuo::store::timeline_breaks_test
