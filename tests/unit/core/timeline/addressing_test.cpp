#include "core/timeline/addressing.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <random>

namespace addressing_test {

using namespace continuo;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using timeline::Availability;
using timeline::IndexRange;
using timeline::SegmentLoop;
using timeline::Verdict;

/// Four segments of 2 s in a loop of 8 s.
SegmentLoop two_seconds() {
    return {90'000, {180'000, 180'000, 180'000, 180'000}};
}

/// When a timeline was published: at its last segment's end, by as much earlier as it is available.
milliseconds published(SegmentLoop const& loop, Availability const& availability) {
    auto const last = window_of(loop, availability).end - 1;
    return milliseconds(timeline::rescaled_up({loop.place_of(last).end, loop.timescale()}, 1000)) -
           availability.ahead;
}

TEST_CASE("a number gives the lap, the segment in it and the media time") {
    auto const loop = two_seconds();
    CHECK(loop.place_of(40) ==
          SegmentLoop::Place{.lap = 10, .segment = 0, .start = 7'200'000, .end = 7'380'000});
    CHECK(loop.place_of(39).segment == 3);
    CHECK(loop.place_of(39).end == 7'200'000);
    CHECK(loop.index_of(loop.place_of(39)) == 39);
}

TEST_CASE("numbers of decades are as exact as the first") {
    SegmentLoop const loop(90'000, {540'000, 540'000}); // 6 s
    CHECK(loop.place_of(232'322'749).start / 90'000 == 1'393'936'494);
}

TEST_CASE("a media time names a segment exactly at its start, and nowhere else") {
    SegmentLoop const loop(30'000, {60'060, 60'060, 40'040}); // 29.97 fps, no whole milliseconds
    for (std::int64_t index : {std::int64_t{0}, std::int64_t{1}, std::int64_t{2}, std::int64_t{3},
                               std::int64_t{1'000'000'000}}) {
        auto const place = loop.place_of(index);
        CHECK(loop.index_at(place.start) == index);
        CHECK(loop.index_at(place.start + 1) == std::nullopt);
        CHECK(loop.index_at(place.end - 1) == std::nullopt);
        CHECK(loop.index_covering(place.end - 1) == index);
    }
    CHECK(loop.index_at(-60'060) == std::nullopt);
    CHECK(loop.index_at(std::numeric_limits<std::int64_t>::max()) == std::nullopt);
}

TEST_CASE("what has begun before an instant doesn't begin at it") {
    SegmentLoop const loop(30'000, {60'060, 60'061}); // 2.002 s, 4.00403 s
    CHECK(loop.begun_before(-1ms) == 0);
    CHECK(loop.begun_before(0ms) == 0);
    CHECK(loop.begun_before(1ms) == 1);
    CHECK(loop.begun_before(2002ms) == 1);
    CHECK(loop.begun_before(2003ms) == 2);
    CHECK(loop.begun_before(4004ms) == 2);
    CHECK(loop.begun_before(4005ms) == 3);
    CHECK(loop.begun_before(milliseconds::max()) > 0);
    CHECK(loop.longest() == 60'061);
}

TEST_CASE("a window begins with a whole segment in front of the time-shift buffer") {
    auto const loop = two_seconds();
    // Spec: now 1001 s, 8 s deep: [990, 992) is listed first, [998, 1000) last.
    CHECK(window_of(loop, {.now = 1001s, .ahead = 0s, .depth = 8s}) == IndexRange{495, 500});
    CHECK(loop.place_of(495).start == 89'100'000);
    CHECK(window_of(loop, {.now = 1999ms, .ahead = 0s, .depth = 8s}) == IndexRange{0, 0});
    CHECK(window_of(loop, {.now = 2s, .ahead = 0s, .depth = 8s}) == IndexRange{0, 1});
    CHECK(window_of(loop, {.now = 1s, .ahead = 1s, .depth = 8s}) == IndexRange{0, 1});
    CHECK(window_of(loop, {.now = -1s, .ahead = 0s, .depth = 8s}) == IndexRange{0, 0});
    // What is ahead of its time doesn't push out what there is from the start on.
    CHECK(window_of(loop, {.now = 1s, .ahead = 20s, .depth = 60s}) == IndexRange{0, 10});
}

TEST_CASE("the newest segment tells when a timeline was published, never in the future") {
    auto const loop = two_seconds();
    Availability availability{.now = 10'200ms, .ahead = 1750ms, .depth = 60s};
    CHECK(published(loop, availability) == 8250ms);
    availability.now = 10'300ms;
    CHECK(published(loop, availability) == 10'250ms);
    CHECK(published(loop, {.now = 3s, .ahead = 1500ms, .depth = 60s}) == 2500ms);

    SegmentLoop const fractional(30'000, {60'060, 60'060, 60'060, 60'060});
    for (auto now = 2003ms; now < 60s; now += 7ms) {
        auto const when = published(fractional, {.now = now, .ahead = 0s, .depth = 60s});
        CHECK(when <= now);
        CHECK(published(fractional, {.now = when, .ahead = 0s, .depth = 60s}) == when);
        CHECK(window_of(fractional, {.now = when - 1ms, .ahead = 0s, .depth = 60s}).end <
              window_of(fractional, {.now = when, .ahead = 0s, .depth = 60s}).end);
    }
}

TEST_CASE("a segment's edges are exact to the millisecond") {
    using Kind = Verdict::Kind;
    struct Row {
        milliseconds now;
        Kind kind;
        milliseconds by;
    };
    // Segment 40 of 2 s: it ends at 82 s; 60 s and 10 s later it goes.
    for (auto const& row : {Row{0s, Kind::too_early, 82s}, Row{81'999ms, Kind::too_early, 1ms},
                            Row{82s, Kind::available, 0s}, Row{152s, Kind::available, 0s},
                            Row{152'001ms, Kind::gone, 1ms}, Row{200s, Kind::gone, 48s}}) {
        CAPTURE(row.now.count());
        auto const verdict = timeline::verdict_on({7'380'000, 90'000},
                                                  {.now = row.now, .ahead = 0s, .depth = 60s}, 10s);
        CHECK(verdict.kind == row.kind);
        CHECK(verdict.by == row.by);
        // Available earlier by some time, a segment goes earlier by the same.
        auto const ahead = timeline::verdict_on(
            {7'380'000, 90'000}, {.now = row.now - 1500ms, .ahead = 1500ms, .depth = 60s}, 10s);
        CHECK(ahead.kind == row.kind);
        CHECK(ahead.by == row.by);
    }
}

TEST_CASE("what a window lists can be had") {
    std::mt19937_64 random(4);
    auto const among = [&](std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    };
    for (int i = 0; i < 3000; ++i) {
        auto const timescale = static_cast<std::uint32_t>(among(1, 10'000'000));
        std::vector<std::int64_t> durations;
        for (auto left = among(1, 6); left > 0; --left)
            durations.push_back(among(timescale, std::int64_t{timescale} * 9)); // 1 to 9 s
        SegmentLoop const loop(timescale, durations);
        Availability const availability{.now = milliseconds(among(0, 2'000'000'000'000)),
                                        .ahead = milliseconds(among(0, 900)),
                                        .depth = milliseconds(among(0, 100'000))};
        auto const [begin, end] = window_of(loop, availability);
        REQUIRE(begin <= end);
        for (auto const index : {begin, end - 1}) {
            if (begin == end) break;
            auto const place = loop.place_of(index);
            CHECK(loop.index_at(place.start) == index);
            CHECK(loop.place_of(index + 1).start == place.end);
            CHECK(timeline::verdict_on({place.end, timescale}, availability, 10s).kind ==
                  Verdict::Kind::available);
        }
        CHECK(timeline::verdict_on({loop.place_of(end).end, timescale}, availability, 10s).kind ==
              Verdict::Kind::too_early);
    }
}

TEST_CASE("a clock far beyond all segments gives an answer, and the same one") {
    auto const loop = two_seconds();
    CHECK(loop.ended_by(milliseconds(9'000'000'000'000'000'000)) ==
          loop.ended_by(timeline::max_elapsed));
    CHECK(loop.ended_by(timeline::max_elapsed) == (std::int64_t{1} << 35));
}

} // namespace addressing_test
