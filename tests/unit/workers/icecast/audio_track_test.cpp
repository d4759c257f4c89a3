#include "core/mpegts/adts.hpp"
#include "tests/support/ts_builder.hpp"
#include "workers/icecast/audio_track.hpp"
#include "workers/icecast/audio_writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace continuo::icecast::audio_track_test {

using test::Bytes;
using test::TsBuilder;

std::vector<AudioUnit> units_of(Bytes const& stream, std::size_t chunk) {
    AudioTrack track;
    std::vector<AudioUnit> units;
    for (auto rest = std::span(stream); !rest.empty();) {
        auto const part = rest.first(std::min(chunk, rest.size()));
        track.feed(part, units);
        rest = rest.subspan(part.size());
    }
    track.finish_file(units);
    return units;
}

std::vector<AudioUnit> feed(AudioTrack& track, Bytes const& segment) {
    std::vector<AudioUnit> units;
    track.feed(segment, units);
    track.finish_file(units);
    return units;
}

AudioUnit unit_of(std::size_t size, std::uint8_t filling = 0x21) {
    return {.pts = Ticks90k(0), .frames = Bytes(size, filling)};
}

/// A segment with audio alone, whose units say how long they are.
Bytes segment_of(std::vector<AudioUnit> const& units, AudioFormat const& format = {}) {
    AudioWriter writer(format);
    Bytes bytes;
    for (auto const& unit : units)
        writer.append(unit, *unit.pts, bytes);
    return bytes;
}

TEST_CASE("audio track: units come whole, with their times, whatever the chunks") {
    auto const stream = test::stream_of({.pictures = 96});
    auto const units = units_of(stream, stream.size());
    REQUIRE(units.size() > 100);
    CHECK(units[0].pts == Ticks90k(127'920));
    CHECK(units[1].pts == Ticks90k(127'920 + 1920));
    CHECK(units[0].frames.size() == 200 - 14); // without the PES header
    for (auto const chunk : std::vector<std::size_t>{1, 7, 187, 188, 189, 1000, 65'536})
        CHECK(units_of(stream, chunk) == units);
}

TEST_CASE("audio track: what the writer wrote is read back, units of every size") {
    std::vector<AudioUnit> units;
    for (std::size_t size = 1; size < 600; ++size) {
        units.push_back(unit_of(size, static_cast<std::uint8_t>(size)));
        units.back().pts = Ticks90k(static_cast<std::int64_t>(size) * 1920);
    }
    units.push_back(unit_of(70'000)); // too long for its length to be coded
    units.push_back(unit_of(10));
    CHECK(units_of(segment_of(units), 4096) == units);
}

TEST_CASE("audio track: AAC frames of one packet become units with times of their own") {
    auto const silent = silent_aac_frame().frames;
    AudioUnit packet{.pts = clock_turn - Ticks90k(1000), .frames = {}};
    for (int i = 0; i < 3; ++i)
        packet.frames.insert(packet.frames.end(), silent.begin(), silent.end());
    packet.frames.insert(packet.frames.end(), silent.begin(),
                         silent.end() - 1); // goes on elsewhere
    auto const units = units_of(segment_of({packet}), 4096);
    REQUIRE(units.size() == 4);
    CHECK(units[0] == AudioUnit{clock_turn - Ticks90k(1000), silent});
    CHECK(units[1] == AudioUnit{Ticks90k(920), silent});
    CHECK(units[2] == AudioUnit{Ticks90k(2840), silent});
    CHECK(units[3].frames == Bytes(silent.begin(), silent.end() - 1));

    AudioFormat const mpeg{.codec = mpegts::AudioCodec::mpeg, .stream_type = 0x03};
    CHECK(units_of(segment_of({packet}, mpeg), 4096) == std::vector{packet});
}

TEST_CASE("audio track: a stream cut anywhere gives the units before the cut") {
    std::vector<AudioUnit> const units{unit_of(200, 1), unit_of(300, 2), unit_of(100, 3)};
    auto const stream = segment_of(units);
    for (std::size_t size = 0; size < stream.size(); ++size) {
        auto const got = units_of({stream.begin(), stream.begin() + static_cast<long>(size)}, 188);
        REQUIRE(got.size() < units.size());
        CHECK(std::equal(got.begin(), got.end(), units.begin()));
    }
}

TEST_CASE("audio track: a unit that ends in the next segment is put together") {
    auto const stream = segment_of({unit_of(1000, 1), unit_of(1000, 2)});
    auto const cut = static_cast<long>(stream.size()) - 3 * 188;
    AudioTrack track;
    CHECK(feed(track, {stream.begin(), stream.begin() + cut}).size() == 1);
    auto const rest = feed(track, {stream.begin() + cut, stream.end()});
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].frames == Bytes(1000, 2));
}

TEST_CASE("audio track: of a unit that another run's segment would end nothing is heard") {
    auto const stream = segment_of({unit_of(1000, 1), unit_of(1000, 2)});
    auto const cut = static_cast<long>(stream.size()) - 3 * 188;
    AudioTrack track;
    (void)feed(track, {stream.begin(), stream.begin() + cut});
    track.forget_torn_unit();
    CHECK(feed(track, {stream.begin() + cut, stream.end()}).empty());
}

TEST_CASE("audio track: a lost packet costs its unit and no other") {
    auto stream = segment_of({unit_of(1000, 1), unit_of(1000, 2), unit_of(1000, 3)});
    auto const tables = 2 * 188;
    stream.erase(stream.begin() + tables + 8 * 188, stream.begin() + tables + 9 * 188);
    auto const units = units_of(stream, 4096);
    REQUIRE(units.size() == 2);
    CHECK(units[0].frames == Bytes(1000, 1));
    CHECK(units[1].frames == Bytes(1000, 3));
}

TEST_CASE("audio track: the first audio stream is taken, other PIDs and programmes are not") {
    TsBuilder builder;
    builder.tables();
    builder.picture({.pts = Ticks90k(0), .mark = test::Mark::idr});
    builder.packet(0x234, "000001C0000A8480052100010001FFF1");
    builder.audio(Ticks90k(90));
    builder.audio(Ticks90k(180));
    auto const units = units_of(builder.take(), 4096);
    REQUIRE(units.size() == 1); // the second one's end would be the third's beginning
    CHECK(units[0].pts == Ticks90k(90));
}

TEST_CASE("audio track: the format follows the segments, and what has no audio gives nothing") {
    AudioFormat const ac3{
        .codec = mpegts::AudioCodec::ac3, .stream_type = 0x06, .descriptors = {0x6A, 0x01, 0x00}};
    AudioTrack track;
    CHECK_FALSE(track.format());
    CHECK(feed(track, segment_of({unit_of(100)})).size() == 1);
    CHECK(track.format() == AudioFormat{});
    CHECK(feed(track, segment_of({unit_of(100)}, ac3)).size() == 1);
    CHECK(track.format() == ac3);

    TsBuilder silent;
    silent.tables(0x1B, /*with_audio=*/false);
    silent.audio(Ticks90k(0));
    silent.audio(Ticks90k(90));
    CHECK(feed(track, silent.take()).empty());
}

TEST_CASE("audio track: a unit without an end is given up") {
    TsBuilder builder;
    builder.tables();
    builder.audio(Ticks90k(0), 300 * 1024);
    builder.audio(Ticks90k(90));
    builder.audio(Ticks90k(180));
    auto const units = units_of(builder.take(), 4096);
    REQUIRE(units.size() == 1);
    CHECK(units[0].pts == Ticks90k(90));
}

TEST_CASE("audio writer: the silent frame is one") {
    auto const silent = silent_aac_frame().frames;
    auto const frame = mpegts::parse_adts_frame(silent);
    REQUIRE(frame);
    CHECK(frame->size == silent.size());
    CHECK(frame->length == silent_frame_length);
}

} // namespace continuo::icecast::audio_track_test
