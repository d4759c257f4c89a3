#include "core/hls/rules/media_rules.hpp"

#include <doctest/doctest.h>

#include <deque>

namespace media_rules_test {

using namespace continuo;
using namespace continuo::hls;
using namespace continuo::hls::rules;

/// A run of segments of 4 s whose media really lasts `real` ticks each.
struct Run {
    explicit Run(Ticks90k real, std::size_t count = 60) {
        for (std::size_t i = 0; i < count; ++i) {
            listed.emplace_back().duration = Ticks90k{360'000};
            auto& fact = facts.emplace_back();
            fact.start = wrapped(real * static_cast<std::int64_t>(i));
            fact.span = real;
            fact.frame = Ticks90k{3'600};
            segments.push_back({.number = i, .listed = &listed.back(), .facts = &fact});
        }
    }
    std::deque<MediaSegment> listed;
    std::deque<SegmentFacts> facts;
    std::vector<MeasuredSegment> segments;
};

TEST_CASE("media rules: errors within a millisecond each may not sum up to more than a frame") {
    Run const run{Ticks90k{360'080}};
    CHECK(check_neighbours(run.segments[0], run.segments[1], 3).empty());
    auto const remarks = check_sums(run.segments, 3);
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0] == Remark{4, Weight::broken,
                               "EXTINF has summed up to -40.9 ms off the media at segment 46"});
}

TEST_CASE("media rules: sums begin anew at a discontinuity and at a hole") {
    Run run{Ticks90k{360'080}};
    run.listed[20].discontinuity = true;
    run.segments.erase(run.segments.begin() + 40);
    CHECK(check_sums(run.segments, 3).empty());
}

TEST_CASE("media rules: durations of whole seconds are not measured finer than that") {
    Run const run{Ticks90k{380'000}};
    CHECK(check_neighbours(run.segments[0], run.segments[1], 2).empty());
    CHECK(check_sums(run.segments, 2).empty());
    CHECK_FALSE(check_neighbours(run.segments[0], run.segments[1], 3).empty());
}

TEST_CASE("media rules: the last segment's duration fits its pictures within one of them") {
    Run const exact{Ticks90k{356'400}};
    CHECK(check_last(exact.segments.back(), 3).empty());
    Run const short_by_two{Ticks90k{352'800}};
    auto const remarks = check_last(short_by_two.segments.back(), 3);
    REQUIRE(remarks.size() == 1);
    CHECK(remarks[0].evidence ==
          "EXTINF of segment 59 is 4.000000, its media lasts 3.920000 s (+80.0 ms)");
}

} // namespace media_rules_test
