#include "core/dash/rules/segments.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace continuo::dash::rules {
namespace {

using namespace std::chrono_literals;

constexpr WallTime start{1'767'225'600s};

/// One representation, of segments of 2 s by number.
struct Paper {
    Paper() {
        mpd.is_live = true;
        mpd.availability_start = std::chrono::floor<milliseconds>(start);
        mpd.buffer_depth = 10s;
        mpd.periods.resize(1);
        mpd.periods[0].start = 100s;
        mpd.periods[0].representations.resize(1);
        addressing().duration = 180'000;
        addressing().timescale = 90'000;
        addressing().start_number = 7;
        addressing().presentation_time_offset = 45;
    }
    dash::SegmentTemplate& addressing() { return mpd.periods[0].representations[0].addressing; }
    Strand strand() const { return {mpd, mpd.periods[0], mpd.periods[0].representations[0]}; }
    std::vector<Segment> at(WallTime now, std::size_t most = 1000) const {
        return strand().segments(now, most).value();
    }

    Presentation mpd;
};

} // namespace

TEST_CASE("segments: numbers follow from the clock") {
    Paper paper;
    CHECK(paper.at(start + 101'999ms).empty());
    CHECK(paper.at(start + 102s) ==
          std::vector<Segment>{{.number = 7, .time = 45, .duration = 180'000}});
    auto const buffer = paper.at(start + 200s);
    REQUIRE(buffer.size() == 5); // what ended more than 10 s ago has left
    CHECK(buffer.front() == Segment{.number = 52, .time = 45 + 45 * 180'000, .duration = 180'000});
    CHECK(paper.at(start + 200s, 2).front().number == 55);
    paper.mpd.periods[0].representations[0].ahead = 500ms;
    CHECK(paper.at(start + 201'500ms).back().number == 57);
    CHECK(paper.strand().available_from(buffer.front()) == start + 191'500ms);
    CHECK(paper.strand().available_until(buffer.front()) == start + 204s);
}

TEST_CASE("segments: a period ends, and so do its numbers") {
    Paper paper;
    paper.mpd.periods[0].duration = 5s;
    CHECK(paper.at(start + 106s).size() == 3); // the last is cut off
    CHECK(paper.strand().next_of({.number = 8, .time = 180'045, .duration = 180'000}));
    CHECK_FALSE(paper.strand().next_of({.number = 9, .time = 360'045, .duration = 180'000}));
    paper.addressing().end_number = 8;
    CHECK(paper.at(start + 106s).size() == 2);
    paper.mpd.is_live = false;
    CHECK(paper.at({}).size() == 2);
    CHECK(paper.at({}, 1).front().number == 7);
}

TEST_CASE("segments: a timeline says it all, of a live presentation and of another") {
    Paper paper;
    paper.addressing().timeline = {{.start = 90'045, .duration = 90'000, .repeat = 1}};
    auto const segments = paper.at({});
    REQUIRE(segments.size() == 2);
    CHECK(segments[1] == Segment{.number = 8, .time = 180'045, .duration = 90'000});
    CHECK(paper.strand().start_of(segments[1]) == start + 102s);
    CHECK(paper.strand().end_of(segments[1]) == start + 103s);
}

TEST_CASE("segments: what is left of a period behind a timeline may be too little for one") {
    Paper paper;
    paper.addressing().timeline = {{.start = 45, .duration = 179'000, .repeat = 0}};
    auto const last = paper.at({}).back();
    paper.mpd.periods[0].duration = 2s;
    CHECK_FALSE(paper.strand().next_of(last));
    paper.mpd.periods[0].duration = 3s;
    CHECK(paper.strand().next_of(last));
}

TEST_CASE("segments: times are exact, and absurd ones no overflow") {
    Paper paper;
    paper.addressing().timescale = 3;
    CHECK(paper.strand().start_of({.number = 0, .time = 46, .duration = 1}) ==
          start + 100s + 333'333us);
    for (auto const time : {std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()}) {
        paper.addressing().presentation_time_offset = ~time;
        Segment const segment{.number = ~0ull, .time = time, .duration = ~0ull};
        (void)paper.strand().available_until(segment);
        (void)paper.strand().next_of(segment);
        (void)paper.at(start + 24h * 365'000);
    }
}

} // namespace continuo::dash::rules
