#include "core/media/segment_facts.hpp"
#include "tests/support/ts_builder.hpp"

#include <doctest/doctest.h>

#include <span>

namespace transport_facts_test {

using namespace continuo;
using test::Mark;

/// The PES header, and as many bytes as the builder's ADTS header announces.
constexpr std::size_t whole_frame = 14 + 371;

media::SegmentFacts measured(test::Bytes const& bytes) {
    return media::segment_facts(bytes).value();
}

TEST_CASE(
    "segment facts: a segment's start, span, frame, codecs and size are those of its pictures") {
    test::TestSource source;
    source.pictures = 96;
    source.b_frames = 2;
    auto const facts = measured(test::stream_of(source));
    CHECK(facts.container == media::Container::transport_stream);
    CHECK(facts.starts_with_tables);
    CHECK(facts.programs == 1);
    CHECK(facts.starts_with_keyframe == true);
    CHECK(facts.start == source.start);
    CHECK(facts.frame == source.frame);
    CHECK(facts.span == source.frame * 96);
    CHECK(facts.begin == source.start);
    CHECK(facts.duration == source.frame * 96);
    CHECK(facts.timescale == 90'000);
    CHECK(facts.begin_units == source.start.count());
    CHECK(facts.duration_units == facts.duration.count());
    CHECK(facts.video_codecs.starts_with("avc1."));
    CHECK(facts.width == 1280);
    CHECK(facts.height == 720);
}

TEST_CASE("segment facts: pictures before the opening one in time do not change its start") {
    test::TestSource source;
    source.pictures = 96;
    source.b_frames = 2;
    source.is_open_gop = true;
    auto const facts = measured(test::stream_of(source));
    CHECK(facts.start == source.start);
}

TEST_CASE("segment facts: the 33-bit clock may wrap inside a segment") {
    test::TestSource source;
    source.pictures = 100;
    source.start = clock_turn - Ticks90k{36'000};
    auto const facts = measured(test::stream_of(source));
    CHECK(facts.start == source.start);
    CHECK(facts.span == source.frame * 100);
}

TEST_CASE("segment facts: a segment that begins between keyframes says so") {
    test::TsBuilder builder;
    builder.tables();
    for (int i = 0; i < 5; ++i)
        builder.picture({.pts = Ticks90k{90'000 + 3'600 * i},
                         .dts = {},
                         .mark = i == 2 ? Mark::idr : Mark::none});
    CHECK(measured(builder.bytes()).starts_with_keyframe == false);
}

TEST_CASE("segment facts: pictures in front of the tables are noticed, other tables are not") {
    test::TsBuilder late;
    late.picture({.pts = Ticks90k{90'000}, .dts = {}, .mark = Mark::idr}).tables();
    CHECK_FALSE(measured(late.bytes()).starts_with_tables);
    test::TsBuilder with_service_description;
    with_service_description.packet(0x11, "00")
        .tables()
        .picture({.pts = Ticks90k{90'000}, .dts = {}, .mark = Mark::idr});
    CHECK(measured(with_service_description.bytes()).starts_with_tables);
}

TEST_CASE("segment facts: a segment without video has the times of its audio") {
    test::TsBuilder builder;
    builder.tables(/*video_type=*/0x06);
    for (int i = 0; i < 10; ++i)
        builder.audio(Ticks90k{90'000 + 1'920 * i}, whole_frame);
    auto const facts = measured(builder.bytes());
    CHECK(facts.start == Ticks90k{90'000});
    CHECK(facts.span == Ticks90k{19'200});
    CHECK_FALSE(facts.starts_with_keyframe.has_value());
    CHECK(facts.audio_codecs.starts_with("mp4a."));
}

TEST_CASE("segment facts: sound alone ends with its last frame, not with the usual packet") {
    test::TsBuilder builder;
    builder.tables(/*video_type=*/0x06);
    // three frames a packet; the last one brings a single frame
    builder.audio_frames(Ticks90k{90'000}, 3)
        .audio_frames(Ticks90k{90'000 + 3 * 1'920}, 3)
        .audio_frames(Ticks90k{90'000 + 6 * 1'920}, 1);
    auto const facts = measured(builder.bytes());
    CHECK(facts.duration == Ticks90k{7 * 1'920});
    CHECK(facts.frame == Ticks90k{1'920});
}

TEST_CASE("segment facts: pictures shown before the first of the file belong to the segment") {
    test::TsBuilder builder;
    builder.tables();
    builder.picture({.pts = Ticks90k{97'200}, .dts = Ticks90k{86'400}, .mark = Mark::idr});
    builder.picture({.pts = Ticks90k{90'000}, .dts = Ticks90k{90'000}, .mark = Mark::none});
    builder.picture({.pts = Ticks90k{93'600}, .dts = Ticks90k{93'600}, .mark = Mark::none});
    auto const facts = measured(builder.bytes());
    CHECK(facts.start == Ticks90k{97'200});
    CHECK(facts.span == Ticks90k{3'600});
    CHECK(facts.begin == Ticks90k{90'000});
    CHECK(facts.duration == Ticks90k{3 * 3'600});
}

TEST_CASE("segment facts: pictures whose times fall have no negative duration") {
    test::TsBuilder builder;
    builder.tables();
    for (int i = 0; i < 4; ++i)
        builder.picture({.pts = Ticks90k{180'000 - 3'600 * i}, .dts = {}, .mark = Mark::idr});
    auto const facts = measured(builder.bytes());
    CHECK(facts.start == Ticks90k{180'000});
    CHECK(facts.span == Ticks90k::zero());
    CHECK(facts.begin == Ticks90k{180'000 - 3 * 3'600});
    CHECK(facts.duration == Ticks90k{3 * 3'600});
}

TEST_CASE("segment facts: no truncation of a segment does harm") {
    test::TestSource source;
    source.pictures = 3;
    auto const whole = test::stream_of(source);
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK(media::segment_facts(std::span(whole).first(size)).has_value());
}

} // namespace transport_facts_test
