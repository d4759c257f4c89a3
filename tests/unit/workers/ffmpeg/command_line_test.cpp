#include "tests/support/command_text.hpp"
#include "tests/support/golden.hpp"
#include "workers/ffmpeg/command_line.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace continuo::workers::ffmpeg::command_line_test {

using namespace std::chrono_literals;

void check(Command const& command, std::string const& name) {
    CAPTURE(name);
    auto const text = test::command_text(command);
    CHECK(text == test::golden("command_lines/" + name + ".txt", text));
    CHECK(command.name == "ffmpeg");
    CHECK(command.executable == "ffmpeg");
    CHECK(command.environment.empty());
}

config::Source url(std::string location) {
    config::Source source;
    source.location = std::move(location);
    return source;
}

config::Source file(std::string location, bool loop = false) {
    auto source = url(std::move(location));
    source.kind = config::Source::Kind::file;
    source.loop = loop;
    return source;
}

config::Source test_picture(config::TestPicture const& picture) {
    config::Source source;
    source.kind = config::Source::Kind::test;
    source.test = picture;
    return source;
}

config::Variant variant_720p() {
    config::Variant variant;
    variant.name = "720p";
    variant.height = 720;
    variant.video_bitrate_bps = 2'800'000;
    variant.audio_bitrate_bps = 128'000;
    variant.preset = "veryfast";
    return variant;
}

bool has(Command const& command, std::string_view argument) {
    return std::find(command.arguments.begin(), command.arguments.end(), argument) !=
           command.arguments.end();
}

TEST_CASE("ffmpeg command: ingests of every kind of source") {
    check(ingest(url("https://example.com/live/master.m3u8?token=a%2Fb"), 0ms), "ingest_hls");
    check(ingest(url("rtsp://camera.example.com:554/1"), 0ms), "ingest_rtsp");
    check(ingest(url("udp://239.0.0.1:5000"), 0ms), "ingest_udp");
    check(ingest(url("srt://example.com:9000?mode=caller"), 0ms), "ingest_srt");
    check(ingest(file("/media/a film, with: signs.mp4"), 0ms), "ingest_file");
    check(ingest(file("/media/film.mp4", /*loop=*/true), 0ms), "ingest_file_loop");
    check(ingest(file("/media/film.mp4"), 61'500ms), "ingest_file_position");
    check(ingest(test_picture({}), 0ms), "ingest_test");
    check(ingest(test_picture({.width = 640,
                               .height = 360,
                               .rate = {.numerator = 30000, .denominator = 1001},
                               .gop = 1920ms,
                               .tone_hz = 440}),
                 0ms),
          "ingest_test_ntsc");
}

TEST_CASE("ffmpeg command: a loop that goes on in the middle of its file does not loop there") {
    auto const command = ingest(file("/media/film.mp4", /*loop=*/true), 1ms);
    CHECK(has(command, "-ss"));
    CHECK_FALSE(has(command, "-stream_loop"));
}

TEST_CASE("ffmpeg command: an encode keeps the source's keyframes and timestamps") {
    check(encode(variant_720p()), "encode_720p");
}

TEST_CASE("ffmpeg command: sound for Icecast, as MP3 and as AAC") {
    config::Icecast icecast;
    check(encode_sound(icecast), "encode_sound_mp3");
    icecast.bitrate_bps = 96'000;
    icecast.format = config::Icecast::Format::aac;
    check(encode_sound(icecast), "encode_sound_aac");
}

TEST_CASE("ffmpeg command: whatever comes out as TS keeps its timestamps") {
    for (auto const& command :
         {ingest(url("rtmp://example.com/app/key"), 0ms), ingest(file("/media/film.mp4"), 5s),
          ingest(test_picture({}), 0ms), encode(variant_720p())}) {
        CHECK(has(command, "-copyts"));
        CHECK(has(command, "-mpegts_copyts"));
        CHECK(has(command, "-avoid_negative_ts"));
        CHECK(command.arguments.back() == "pipe:1");
    }
}

TEST_CASE("ffmpeg command: the slate in all sizes at once, behind everything else") {
    std::vector<SlateOutput> const outputs{
        {.file = "/run/demo/_slate/source.ts", .width = 1920, .height = 1080},
        {.file = "/run/demo/_slate/576p.ts", .width = 1024, .height = 576}};
    config::Slate text;
    check(slate(text, 4s, outputs), "slate_text");
    config::Slate film;
    film.file = "/media/a slate.mp4";
    check(slate(film, 4s, outputs), "slate_file");
    CHECK(slate(text, 4s, outputs).nice > 0);
}

TEST_CASE("ffmpeg command: a slate's text may hold what means something to a filter") {
    config::Slate slate_config;
    slate_config.text = R"(It's 5:00, 100% [back\soon]; 'ok')";
    check(slate(slate_config, 4s, {{.file = "/slate.ts", .width = 640, .height = 360}}),
          "slate_text_signs");
}

} // namespace continuo::workers::ffmpeg::command_line_test
