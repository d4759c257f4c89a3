// Sources that are irregular, grow overlong, jump, break or can't be used.
#include "tests/support/segmenter_run.hpp"
#include "tests/support/ts_builder.hpp"
#include "workers/segment/segmenter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace segmenter_trouble_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;
using contract::SegmentEnd;

TEST_CASE(
    "segmenter: an irregular source stays within the target duration, by cuts that it publishes") {
    TsBuilder builder;
    builder.tables();
    // first GOP 2.64 s: cells of 5.28 s; then GOPs of 4 s, which would make segments of 8 s
    pictures(builder, Ticks90k(0), 66 + 10 * 100,
             [](int i) { return i == 0 || (i >= 66 && (i - 66) % 100 == 0); });
    auto const stream = builder.take();
    auto const run = run_of(source_rules(), stream);
    REQUIRE(run.info);
    for (auto const& line : run.segments)
        CHECK(line.duration <= 6 * second);
    CHECK_FALSE(run.cuts.empty());
    CHECK(std::ranges::count(ends(run), SegmentEnd::overlong) ==
          1); // until the long GOPs are known

    auto const variant = run_of(variant_rules(run.info->grid), stream, 1000, run.cuts);
    CHECK(durations(variant) == durations(run));
    CHECK(ends(variant) == ends(run));
}

TEST_CASE("segmenter: a GOP that grows too long on air is cut without a keyframe, in all variants "
          "alike") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 1000,
             [](int i) { return i <= 192 ? i % 48 == 0 : i % 48 == 0 && i > 600; });
    auto const stream = builder.take();
    auto const run = run_of(source_rules(), stream);
    auto const overlong = std::ranges::count(ends(run), SegmentEnd::overlong);
    CHECK(overlong == 2);
    for (std::size_t i = 0; i < run.segments.size(); ++i) {
        CHECK(run.segments[i].duration <= 6 * second);
        if (i > 0) {
            CHECK(run.segments[i].keyframe == (run.segments[i - 1].end != SegmentEnd::overlong));
        }
    }
    CHECK(run.pictures == 1000);
    auto const variant = run_of(variant_rules(run.info->grid), stream, 188, run.cuts);
    CHECK(durations(variant) == durations(run));
    CHECK(ends(variant) == ends(run));
}

TEST_CASE(
    "segmenter: an overlong cut falls on a picture that variants with other B-frames have too") {
    TestSource source{.gop = 48, .pictures = 144, .b_frames = 2};
    auto stream = stream_of(source);
    auto endless = source;
    endless.start += source.frame * 144;
    endless.gop = 400;
    endless.pictures = 400;
    auto const append = [](Bytes& to, Bytes const& more) {
        to.insert(to.end(), more.begin(), more.end());
    };
    append(stream, stream_of(endless));
    auto const run = run_of(source_rules(), stream);
    REQUIRE(std::ranges::count(ends(run), SegmentEnd::overlong) > 0);

    source.b_frames = endless.b_frames = 0;
    auto plain = stream_of(source);
    append(plain, stream_of(endless));
    auto const variant = run_of(variant_rules(run.info->grid), plain, 1000, run.cuts);
    for (std::size_t i = 0; i < run.segments.size(); ++i) {
        CHECK(variant.segments[i].start == run.segments[i].start);
        CHECK(std::round(seconds_of(run.segments[i].duration)) <= 6);
    }
}

TEST_CASE("segmenter: at a picture a second the target duration holds all the same") {
    TsBuilder builder;
    builder.tables();
    pictures(
        builder, Ticks90k(0), 60, [](int i) { return i == 0 || i == 4 || i == 8 || i == 50; },
        Ticks90k(99'000));
    auto const run = run_of(source_rules(), builder.take());
    CHECK(std::ranges::count(ends(run), SegmentEnd::overlong) > 0);
    for (auto const& line : run.segments)
        CHECK(std::round(seconds_of(line.duration)) <= 6);
}

TEST_CASE("segmenter: a source with GOPs longer than the target duration is refused with the "
          "setting that admits it") {
    auto const reason = [](unsigned gop, Ticks90k target) {
        auto const run =
            run_of(source_rules(4 * second, target), stream_of({.gop = gop, .pictures = 2000}));
        if (!run.ended) return std::string();
        CHECK(run.ended->why == Ended::Why::unusable);
        return run.ended->reason;
    };
    CHECK(reason(170, 6 * second) == "source GOP 6.8 s is longer than target_duration 6 s: set "
                                     "target_duration: 7s for this channel");
    CHECK(reason(150, 6 * second).empty());
    CHECK(reason(151, 6 * second).starts_with("source GOP 6.0 s is longer"));
    CHECK(reason(250, 6 * second).starts_with("source GOP is longer than 7.0 s"));
    CHECK(reason(250, 10 * second).empty());
}

TEST_CASE("segmenter: a source without a keyframe at its beginning is refused") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 500, [](int) { return false; });
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.ended);
    CHECK(run.ended->why == Ended::Why::unusable);
    CHECK(run.ended->reason.starts_with("no keyframe in the first 7.0 s"));
    CHECK(run.segments.empty());
}

TEST_CASE("segmenter: time that goes back ends the run, both times named") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, 100 * second, 200, every(48));
    pictures(builder, 50 * second, 200, every(48));
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.ended);
    CHECK(run.ended->why == Ended::Why::broken);
    CHECK(run.ended->reason == "the source's time went back from 107.960 s to 50.000 s");
    CHECK(run.pictures == 200);
    CHECK(run.segments.back().end == SegmentEnd::input);
    CHECK(run.segments.back().start + run.segments.back().duration ==
          100 * second + 200 * Ticks90k(3600));
}

TEST_CASE("segmenter: pictures squashed into single ticks end the run, none of them is in it") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 100, every(48));
    pictures(builder, Ticks90k(99 * 3600 + 1), 50, every(12), Ticks90k(1));
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.ended);
    CHECK(run.ended->why == Ended::Why::broken);
    CHECK(run.pictures == 100);
    CHECK(run.segments.back().end == SegmentEnd::input);
}

TEST_CASE("segmenter: two short steps are no break, their pictures are kept in order") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 100, every(48));
    builder.picture({.pts = Ticks90k(99 * 3600 + 1)}).audio(Ticks90k(99 * 3600));
    builder.picture({.pts = Ticks90k(99 * 3600 + 3)});
    pictures(builder, Ticks90k(100 * 3600), 100, every(44));
    auto const run = run_of(source_rules(), builder.take());
    CHECK_FALSE(run.ended);
    CHECK(run.pictures == 202);
}

TEST_CASE("segmenter: a jump forward gives the pictures' own span and a discontinuity") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 86 + 96, every(48)); // 7.28 s
    pictures(builder, 500 * second, 192, every(48));
    auto const run = run_of(source_rules(), builder.take());
    CHECK_FALSE(run.ended);
    auto const after = std::ranges::find(run.segments, 500 * second, &contract::SegmentLine::start);
    REQUIRE(after != run.segments.end());
    CHECK(after->discontinuity);
    CHECK(after->duration < 6 * second);
    auto const before = after - 1;
    CHECK(before->start + before->duration == 182 * Ticks90k(3600));
    CHECK(std::ranges::count(run.segments, true, &contract::SegmentLine::discontinuity) == 1);
}

TEST_CASE("segmenter: another picture size at a keyframe ends the run in front of it") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 96, every(48));
    builder.picture({.pts = Ticks90k(96 * 3600), .mark = Mark::idr, .is_wide = false});
    builder.picture({.pts = Ticks90k(97 * 3600)});
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.ended);
    CHECK(run.ended->why == Ended::Why::broken);
    CHECK(run.ended->reason ==
          "the source's picture changed: 1280x720 avc1.64001f -> 640x360 avc1.64001e");
    CHECK(run.pictures == 96);
    REQUIRE(run.segments.size() == 1);
    CHECK(run.segments[0].duration == 96 * Ticks90k(3600));
    CHECK(run.segments[0].end == SegmentEnd::input);
}

TEST_CASE(
    "segmenter: a source without video, or with video that can't be cut, is refused in words") {
    auto const refusal = [](std::uint8_t video_type, int audio_frames) {
        TsBuilder builder;
        builder.tables(video_type);
        for (int i = 0; i < audio_frames; ++i)
            builder.audio(i * Ticks90k(1920));
        auto const run = run_of(source_rules(), builder.take());
        REQUIRE(run.ended);
        CHECK(run.ended->why == Ended::Why::unusable);
        return run.ended->reason;
    };
    CHECK(refusal(0x82, 400) == "the source has no video");
    CHECK(refusal(0x82, 10) == "the source has no video"); // it ended before the time was over
    CHECK(refusal(0x33, 400) ==
          "the source's video is VVC video (stream type 0x33): it can't be cut");
    CHECK(refusal(0x1B, 400) == "the source's video has no pictures");
}

TEST_CASE("segmenter: noise is given up after ten megabytes, nothing at all is no error") {
    TsBuilder builder;
    for (int i = 0; i < 60'000; ++i)
        builder.packet(0x50, "00");
    auto const noise = run_of(source_rules(), builder.take(), 65536);
    REQUIRE(noise.ended);
    CHECK(noise.ended->reason == "the input is no MPEG transport stream with a programme");
    CHECK_FALSE(run_of(source_rules(), {}).ended);
}

TEST_CASE("segmenter: streams that move to other PIDs end the run") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 60, every(48));
    builder.tables(0x1B, /*with_audio=*/false);
    pictures(builder, Ticks90k(60 * 3600), 60, every(48));
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.ended);
    CHECK(run.ended->reason == "the source's streams changed");
    CHECK(run.pictures == 60);
}

TEST_CASE("segmenter: a jump within the first GOP makes it not long, the grid is the next one's") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 20, every(48));
    pictures(builder, 500 * second, 28 + 192, [](int i) { return i >= 28 && (i - 28) % 48 == 0; });
    auto const run = run_of(source_rules(), builder.take());
    CHECK_FALSE(run.ended);
    REQUIRE(run.info);
    CHECK(run.info->first_gop == Ticks90k(172'800));
    CHECK(run.pictures == 240);
    for (auto const& line : run.segments)
        CHECK(line.duration <= 6 * second);
}

} // namespace segmenter_trouble_test
