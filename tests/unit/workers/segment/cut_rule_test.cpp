#include "workers/segment/cut_rule.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace cut_rule_test {

using namespace continuo;
using namespace continuo::segment;
using contract::SegmentEnd;

constexpr Ticks90k second{90'000};
constexpr Ticks90k frame{3600};

/// Segments of 4 s, 6 s at most; the latest keyframe begins the segment at 0, GOPs are 2 s long.
CutRule rule_with(bool leads, bool short_first = false) {
    CutRule rule({.segment_time = 4 * second,
                  .target_duration = 6 * second,
                  .grid = timeline::Grid{.origin = -second, .period = 4 * second},
                  .leads = leads,
                  .short_first = short_first});
    (void)rule.open_segment(Ticks90k(0));
    rule.begin_gop(Ticks90k(0), Ticks90k(0));
    return rule;
}

CutRule::Verdict verdict_at(CutRule& rule, Ticks90k pts, bool keyframe) {
    Picture const picture{.pts = pts, .dts = pts, .keyframe = keyframe, .parameters = {}};
    return rule.at({.picture = picture, .media_time = pts, .picture_length = frame, .length = pts});
}

TEST_CASE("cut rule: every kind of picture at every kind of place") {
    struct Row {
        char const* name;
        bool leads;
        bool keyframe;
        Ticks90k pts;
        std::optional<SegmentEnd> end;
        bool decided{false};
    };
    Ticks90k const in_cell = 2 * second;
    Ticks90k const next_cell = 4 * second;
    Ticks90k const cue = Ticks90k(90'000);
    Ticks90k const overlong = Ticks90k(93'600);
    Ticks90k const full = 6 * second;
    Row const rows[] = {
        {"follower, key, same cell", false, true, in_cell, {}},
        {"follower, key, next cell", false, true, next_cell, SegmentEnd::grid},
        {"follower, key, cue", false, true, cue, SegmentEnd::cut},
        {"follower, key, overlong cut", false, true, overlong, SegmentEnd::cut},
        {"follower, no key, next cell", false, false, next_cell, {}},
        {"follower, no key, cue", false, false, cue, {}},
        {"follower, no key, overlong cut", false, false, overlong, SegmentEnd::overlong},
        {"follower, no key, full", false, false, full, {}},
        {"leader, key, same cell", true, true, in_cell, {}},
        {"leader, key, next cell", true, true, next_cell, SegmentEnd::grid},
        {"leader, key, cue", true, true, cue, SegmentEnd::cut},
        {"leader, key, overlong cut", true, true, overlong, SegmentEnd::cut},
        {"leader, no key, next cell", true, false, next_cell, {}},
        {"leader, no key, cue", true, false, cue, {}},
        {"leader, no key, overlong cut", true, false, overlong, SegmentEnd::overlong},
        {"leader, no key, full", true, false, full, SegmentEnd::overlong, true},
    };
    for (auto const& row : rows) {
        CAPTURE(row.name);
        auto rule = rule_with(row.leads);
        rule.add_cut({.pts = cue});
        rule.add_cut({.pts = overlong, .overlong = true});
        auto const verdict = verdict_at(rule, row.pts, row.keyframe);
        CHECK(verdict.end == row.end);
        CHECK(verdict.decided.has_value() == row.decided);
        if (verdict.decided)
            CHECK(*verdict.decided == contract::Cut{.pts = row.pts, .overlong = true});
    }
}

TEST_CASE("cut rule: without a grid only cuts count") {
    CutRule rule(
        {.segment_time = 4 * second, .target_duration = 6 * second, .grid = {}, .leads = true});
    (void)rule.open_segment(Ticks90k(0));
    rule.begin_gop(Ticks90k(0), Ticks90k(0));
    rule.add_cut({.pts = 2 * second});
    CHECK_FALSE(verdict_at(rule, 20 * second, /*keyframe=*/true).end);
    CHECK_FALSE(verdict_at(rule, 20 * second, /*keyframe=*/false).end);
    CHECK(verdict_at(rule, 2 * second, /*keyframe=*/true).end == SegmentEnd::cut);
}

TEST_CASE("cut rule: a leader ends the first segment with its first GOP when asked to, the second "
          "not") {
    auto rule = rule_with(/*leads=*/true, /*short_first=*/true);
    auto const first = verdict_at(rule, second, /*keyframe=*/true);
    CHECK(first.end == SegmentEnd::cut);
    CHECK(first.decided);
    (void)rule.open_segment(second);
    rule.begin_gop(second, second);
    CHECK_FALSE(verdict_at(rule, 2 * second, /*keyframe=*/true).end);
}

TEST_CASE("cut rule: a segment does not wait for another GOP as long as the longest of late") {
    auto rule = rule_with(/*leads=*/true);
    rule.begin_gop(Ticks90k(0), 4 * second); // the one before took four seconds
    auto const verdict = verdict_at(rule, 5 * second / 2, /*keyframe=*/true);
    CHECK(verdict.end == SegmentEnd::cut);
    CHECK(verdict.decided);
}

TEST_CASE("cut rule: the cues of a place are given once, those of a cut long past never") {
    CutRule rule({.segment_time = 4 * second, .target_duration = 6 * second, .grid = {}});
    timeline::Cue const out{.event_id = 1, .section = "out"};
    timeline::Cue const in{.kind = timeline::Cue::Kind::in, .event_id = 1, .section = "in"};
    rule.add_cut({.pts = second, .cue = in});
    rule.add_cut({.pts = second, .cue = out});
    rule.add_cut({.pts = 2 * second, .cue = out});
    CHECK(rule.open_segment(second) == std::vector{in, out});
    CHECK(rule.open_segment(second).empty());
    (void)rule.open_segment(4000 * second);
    CHECK(rule.open_segment(2 * second).empty());
}

TEST_CASE("cut rule: a new stretch knows neither grid nor cuts") {
    auto rule = rule_with(/*leads=*/true);
    rule.add_cut({.pts = second});
    rule.begin_stretch();
    CHECK_FALSE(rule.has_grid());
    CHECK_FALSE(verdict_at(rule, second, /*keyframe=*/true).end);
}

} // namespace cut_rule_test
