// Where a run begins and how its first segment ends, when its owner has a say in it.
#include "tests/support/segmenter_run.hpp"
#include "tests/support/ts_builder.hpp"
#include "workers/segment/segmenter.hpp"

#include <doctest/doctest.h>

namespace segmenter_start_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;
using contract::SegmentEnd;

constexpr Ticks90k gop{172'800}; // 48 pictures of 3600

Rules short_first() {
    auto rules = source_rules();
    rules.short_first = true;
    return rules;
}

/// PTS of the first picture that was taken, when `skip` was asked for.
std::optional<Ticks90k> begin_with(Ticks90k skip, Bytes const& stream) {
    Segmenter segmenter(source_rules());
    segmenter.skip(skip);
    Output output;
    segmenter.feed(stream, output);
    for (auto const& event : output.events) {
        if (auto const* const opened = std::get_if<SegmentOpened>(&event.what))
            return opened->start;
    }
    return std::nullopt;
}

TEST_CASE("segmenter: keyframes before the wanted one are not taken, to half a frame") {
    auto const start = clock_turn - gop; // over the clock's wrap
    auto const stream = stream_of({.start = start});
    struct Row {
        Ticks90k skip;
        int gops;
    };
    Row const rows[] = {{Ticks90k(-5), 0},
                        {Ticks90k(0), 0},
                        {Ticks90k(1800), 0},
                        {Ticks90k(1801), 1},
                        {gop, 1},
                        {gop + Ticks90k(1800), 1},
                        {gop + Ticks90k(1801), 2},
                        {5 * gop - Ticks90k(1), 5}};
    for (auto const& row : rows) {
        CAPTURE(row.skip.count());
        CHECK(begin_with(row.skip, stream) == wrapped(start + row.gops * gop));
    }
    CHECK_FALSE(begin_with(100 * gop, stream));
}

TEST_CASE("segmenter: after a skip all is as if the run had begun there") {
    auto const stream = stream_of({});
    Segmenter segmenter(source_rules());
    segmenter.skip(3 * gop);
    CHECK_FALSE(segmenter.first_picture());
    Output output;
    segmenter.feed(stream, output);
    CHECK(segmenter.first_picture() == TestSource{}.start);
    CHECK(segmenter.media_time() < 7 * gop);
    auto const& first = std::get<SegmentOpened>(output.events.front().what);
    CHECK(first.start == TestSource{}.start + 3 * gop);
}

TEST_CASE("segmenter: a long skip is no source without keyframes") {
    auto const stream = stream_of({.gop = 100, .pictures = 1000}); // GOPs of 4 s
    CHECK(begin_with(30 * second, stream) == TestSource{}.start + 32 * second);
}

TEST_CASE("segmenter: a leader that is given the grid tells it, and cuts by it") {
    auto rules = source_rules();
    rules.grid = timeline::Grid{.origin = Ticks90k(127'920) + gop - second, .period = 3 * gop};
    auto const run = run_of(rules, stream_of({.start = Ticks90k(127'920)}));
    REQUIRE(run.info);
    CHECK(run.info->grid == *rules.grid);
    CHECK(run.info->first_gop == gop);
    REQUIRE(run.segments.size() > 2);
    CHECK(run.segments[0].duration == gop); // the first keyframe lies in the cell before
    CHECK(run.segments[1].duration == 3 * gop);
    CHECK(run.segments[2].start - run.segments[1].start == 3 * gop);
}

TEST_CASE("segmenter: a short first segment is one GOP, the others follow the grid") {
    for (std::uint64_t shift = 0; shift < 2; ++shift) { // the second keyframe opens a cell or not
        CAPTURE(shift);
        auto const stream = stream_of({.start = Ticks90k(127'920) + static_cast<int>(shift) * gop});
        auto const plain = run_of(source_rules(), stream);
        auto const run = run_of(short_first(), stream);
        REQUIRE(run.info);
        CHECK(run.info->grid == plain.info->grid);
        CHECK(run.segments.front().duration == gop);
        auto const is_on_grid = plain.segments.front().duration == gop;
        CHECK(run.segments.front().end == (is_on_grid ? SegmentEnd::grid : SegmentEnd::cut));
        CHECK(run.cuts.size() == (is_on_grid ? 0 : 1));
        // from there on they are the same
        auto const skipped = is_on_grid ? 0 : 1;
        REQUIRE(run.segments.size() == plain.segments.size() + static_cast<std::size_t>(skipped));
        for (std::size_t i = 1; i < plain.segments.size(); ++i) {
            CHECK(run.segments[i + static_cast<std::size_t>(skipped)] == plain.segments[i]);
        }
        auto const variant = run_of(variant_rules(run.info->grid), stream, 1000, run.cuts);
        CHECK(durations(variant) == durations(run));
        CHECK(ends(variant) == ends(run));
    }
}

} // namespace segmenter_start_test
