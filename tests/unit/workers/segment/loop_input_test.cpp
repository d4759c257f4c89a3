#include "core/mpegts/pes.hpp"
#include "tests/support/segmenter_run.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/ts_builder.hpp"
#include "workers/segment/loop_input.hpp"

#include <doctest/doctest.h>

#include <fstream>

namespace loop_input_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;

Lap lap_of(Bytes const& stream) {
    LapFinder finder;
    for (std::size_t at = 0; at < stream.size(); at += mpegts::packet_size) {
        finder.take(mpegts::PacketBytes(stream.data() + at, mpegts::packet_size));
    }
    return finder.lap().value();
}

Bytes play(Bytes const& stream, Lap const& lap, int laps) {
    LapPlayer player(lap);
    Bytes played;
    for (int i = 0; i < laps; ++i) {
        auto copy = stream;
        for (std::size_t at = 0; at < copy.size(); at += mpegts::packet_size) {
            mpegts::MutablePacketBytes const packet(copy.data() + at, mpegts::packet_size);
            if (player.take(packet)) played.insert(played.end(), packet.begin(), packet.end());
        }
        player.begin_next_lap();
    }
    return played;
}

/// The PTS of all PES packets of `pid`, unwrapped.
std::vector<Ticks90k> times_of(Bytes const& stream, std::uint16_t pid) {
    std::vector<Ticks90k> times;
    for (std::size_t at = 0; at < stream.size(); at += mpegts::packet_size) {
        auto const packet =
            mpegts::parse_packet(mpegts::PacketBytes(stream.data() + at, mpegts::packet_size))
                .value();
        if (packet.pid != pid || !packet.payload_unit_start) continue;
        auto const pts = *mpegts::parse_pes_header(packet.payload)->pts;
        times.push_back(times.empty() ? pts : unwrapped(times.back(), pts));
    }
    return times;
}

TEST_CASE(
    "loop: a lap is the video's length, last picture included, whatever the order of pictures") {
    for (unsigned const b_frames : {0U, 2U}) {
        auto const lap = lap_of(
            stream_of({.frame = Ticks90k(3003), .gop = 60, .pictures = 150, .b_frames = b_frames}));
        CHECK(lap.length == 150 * Ticks90k(3003));
        CHECK(lap.audio_pid == TsBuilder::audio_pid);
    }
}

TEST_CASE("loop: timestamps run on over laps, over the clock's wrap too") {
    TestSource source{.pictures = 100};
    source.start = clock_turn - 10 * second;
    auto const stream = stream_of(source);
    auto const played = play(stream, lap_of(stream), 5);
    auto const video = times_of(played, TsBuilder::video_pid);
    REQUIRE(video.size() == 500);
    for (std::size_t i = 1; i < video.size(); ++i)
        REQUIRE(video[i] - video[i - 1] == source.frame);
    auto const audio = times_of(played, TsBuilder::audio_pid);
    for (std::size_t i = 1; i < audio.size(); ++i) {
        auto const step = audio[i] - audio[i - 1];
        REQUIRE(step >= Ticks90k(1920 / 2));
        REQUIRE(step < Ticks90k(1920 * 2));
    }
}

TEST_CASE("loop: audio that is longer than the video is cut where the next lap's begins") {
    TsBuilder builder;
    builder.tables();
    for (int i = 0; i < 25; ++i) {
        builder.picture({.pts = i * Ticks90k(3600), .mark = i == 0 ? Mark::idr : Mark::none});
    }
    for (int i = 0; i < 100; ++i)
        builder.audio(i * Ticks90k(1920)); // 2.1 s for 1 s of video
    auto const stream = builder.take();
    auto const audio = times_of(play(stream, lap_of(stream), 2), TsBuilder::audio_pid);
    for (std::size_t i = 1; i < audio.size(); ++i)
        CHECK(audio[i] > audio[i - 1]);
    CHECK(audio.size() == 2 * 47);
}

TEST_CASE("loop: what it plays is a source like any other") {
    auto const stream = stream_of({.gop = 48, .pictures = 480});
    auto const played = play(stream, lap_of(stream), 3);
    auto const run = run_of(
        {.segment_time = 4 * second, .target_duration = 6 * second, .grid = {}, .leads = true},
        played);
    CHECK_FALSE(run.ended);
    CHECK(run.pictures == 3 * 480);
    for (auto const& line : run.segments)
        CHECK_FALSE(line.discontinuity);
}

TEST_CASE("loop: a file is read without end; one without video, or none at all, is an error") {
    TemporaryDirectory const directory;
    auto const file = directory.path() / "slate.ts";
    auto const stream = stream_of({.gop = 25, .pictures = 50});
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<char const*>(stream.data()),
               static_cast<std::streamsize>(stream.size()));
    auto input = LoopInput::open(file);
    REQUIRE(input.has_value());
    Bytes played;
    while (played.size() < 10 * stream.size()) {
        auto const packets = input->read();
        REQUIRE(packets.has_value());
        REQUIRE_FALSE(packets->empty());
        played.insert(played.end(), packets->begin(), packets->end());
    }
    auto const video = times_of(played, TsBuilder::video_pid);
    for (std::size_t i = 1; i < video.size(); ++i)
        REQUIRE(video[i] - video[i - 1] == Ticks90k(3600));

    CHECK_FALSE(LoopInput::open(directory.path() / "missing.ts").has_value());
    std::ofstream(directory.path() / "noise.ts") << std::string(10'000, 'x');
    auto const noise = LoopInput::open(directory.path() / "noise.ts");
    REQUIRE_FALSE(noise.has_value());
    CHECK(noise.error().code == make_error_code(Errc::unsupported));
}

} // namespace loop_input_test
