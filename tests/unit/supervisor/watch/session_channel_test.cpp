#include "supervisor/watch/session_channel.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace continuo::sessions {
namespace {

using namespace std::chrono_literals;

TEST_CASE("session channel: one film, fetched through the proxy, one copy of it, as config says") {
    config::Watch const config{.segment_time = 3s,
                               .read_ahead = 30s,
                               .height = 480,
                               .video_bitrate_bps = 900'000,
                               .audio_bitrate_bps = 96'000,
                               .preset = "ultrafast",
                               .budget_bytes = 64u << 20};
    Programme const programme{.url = "https://films.example/a.mkv",
                              .shown_url = "https://films.example/a.mkv",
                              .tracks = {.audio = "jpn", .subtitle = "off"},
                              .position = 90s};
    auto const channel = channel_of("0123", programme, config, "http://127.0.0.1:4711");
    CHECK(channel.name == "_watch-0123");
    REQUIRE(channel.sources.size() == 1);
    auto const& source = channel.sources[0];
    CHECK(source.kind == config::Source::Kind::mpv);
    CHECK(source.location == programme.url);
    CHECK_FALSE(source.loop);
    CHECK(source.film == config::FilmOptions{.audio = "jpn",
                                             .subtitle = "off",
                                             .start = 90s,
                                             .height = 480,
                                             .video_bitrate_bps = 900'000,
                                             .audio_bitrate_bps = 96'000,
                                             .preset = "ultrafast",
                                             .proxy = "http://127.0.0.1:4711"});
    CHECK(config::copies_only(channel));
    CHECK(channel.variants.size() == 1);
    CHECK(channel.segment_time == 3s);
    CHECK(channel.target_duration == 5s);
    // What is read ahead is listed, and a minute behind it.
    CHECK(channel.window * channel.segment_time >= config.read_ahead + 60s);
    CHECK(channel.budget_bytes == config.budget_bytes);
}

TEST_CASE("session channel: what the machine lacks is said with what to do") {
    std::string const path = std::getenv("PATH");
    REQUIRE(::setenv("PATH", "/nowhere:/dev", 1) == 0);
    auto const lacks = lacks_of_machine("/proc", {});
    REQUIRE(::setenv("PATH", path.c_str(), 1) == 0);
    REQUIRE(lacks.size() == 4);
    CHECK(lacks[0] == "mpv is missing: no film can be shown (apt-get install mpv)");
    CHECK(lacks[1] == "ffmpeg is missing: no film can be shown (apt-get install ffmpeg)");
    CHECK(lacks[2] == "ffprobe is missing: no film can be shown (apt-get install ffmpeg)");
    CHECK(lacks[3] == "/proc is not in memory: every film is written to a disk (mount -t tmpfs "
                      "tmpfs /proc)");
}

TEST_CASE("session channel: it is said where the machine has not room for all sessions") {
    config::Watch config{.max_sessions = 1000, .read_ahead = 3540s, .budget_bytes = 1ull << 40};
    config.video_bitrate_bps = 99'900'000;
    config.audio_bitrate_bps = 100'000; // 45 GB each
    auto const lacks = lacks_of_machine("/dev/shm", config);
    REQUIRE_FALSE(lacks.empty());
    CHECK(lacks.back().find(" of 1000 films (mount -o remount,size=42915") != std::string::npos);
    config.max_sessions = 1;
    config.budget_bytes = 1 << 20;
    for (auto const& lack : lacks_of_machine("/dev/shm", config))
        CHECK(lack.find("has room") == std::string::npos);
}

} // namespace
} // namespace continuo::sessions
