#include "tests/support/command_text.hpp"
#include "tests/support/golden.hpp"
#include "workers/ffmpeg/film.hpp"

#include <doctest/doctest.h>

namespace continuo::workers::ffmpeg::film_test {

using namespace std::chrono_literals;

void check(Command const& command, std::string const& name) {
    CAPTURE(name);
    auto const text = test::command_text(command);
    CHECK(text == test::golden("command_lines/" + name + ".txt", text));
}

TEST_CASE("ffmpeg command: looking into a film, on disk and through the proxy") {
    auto const local = probe("films/-a:b.mkv", {});
    check(local, "probe_film");
    CHECK(local.environment.empty());
    auto const remote = probe("https://example.com/film.mkv", "http://127.0.0.1:4711");
    check(remote, "probe_film_proxy");
    CHECK(remote.environment == std::vector<std::string>{"http_proxy=http://127.0.0.1:4711"});
}

TEST_CASE("ffmpeg command: subtitles as text, from a little before the place") {
    config::Source source;
    source.kind = config::Source::Kind::mpv;
    source.location = "films/a.mkv";
    check(texts(source, 4s, {1, 3}), "film_texts");
    source.location = "https://example.com/film.mkv";
    source.film.proxy = "http://127.0.0.1:4711";
    auto const remote = texts(source, 61'500ms, {2});
    check(remote, "film_texts_proxy");
    CHECK(remote.environment == std::vector<std::string>{"http_proxy=http://127.0.0.1:4711"});
}

TEST_CASE("ffmpeg command: how far subtitles are read is told in milliseconds of the film") {
    CHECK(read_until("61501") == 61'501ms);
    CHECK(read_until("-83") == -83ms);
    for (auto const* const other : {"", "# timecode format v2", "12 [warning]", "[error] 12"})
        CHECK_FALSE(read_until(other));
}

TEST_CASE("ffmpeg command: what mpv decoded is encoded once") {
    check(encode_film({}, 4s), "encode_film");
    check(encode_film({.height = 480, .video_bitrate_bps = 1'200'000, .preset = "superfast"}, 6s),
          "encode_film_480p");
}

TEST_CASE("ffmpeg command: keyframes divide a segment, two seconds apart or nearly so") {
    CHECK(keyframe_interval(1s) == 1s);
    CHECK(keyframe_interval(2s) == 2s);
    CHECK(keyframe_interval(3s) == 3s);
    CHECK(keyframe_interval(4s) == 2s);
    CHECK(keyframe_interval(5s) == 2500ms);
    CHECK(keyframe_interval(6s) == 2s);
    CHECK(keyframe_interval(60s) == 2s);
}

} // namespace continuo::workers::ffmpeg::film_test
