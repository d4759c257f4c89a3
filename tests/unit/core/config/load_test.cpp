#include "core/config/load.hpp"

#include <doctest/doctest.h>

#include <string>

namespace continuo::config {
namespace {

using namespace std::chrono_literals;

Config loaded(std::string_view yaml, std::string_view file = "config.yaml") {
    auto const result = load(yaml, file);
    if (!result)
        for (auto const& problem : result.error())
            FAIL_CHECK(to_text(problem));
    REQUIRE(result.has_value());
    return *result;
}

TEST_CASE("config: an empty file, and one without channels, is valid and all defaults") {
    for (auto const* yaml : {"", "# nothing yet\n", "---\n", "channels:\n", "channels: []\n",
                             "http:\ndefaults:\nchannels:\n"})
        CHECK(loaded(yaml) == Config{});
}

TEST_CASE("config: films that mpv plays have tracks, a start and an encode") {
    auto const config = loaded(R"(
channels:
  - name: films
    sources:
      - { mpv: film.mkv }
      - { mpv: "https://example.com/a.mkv", audio: jpn, subtitle: "2", start: 90s, height: 480,
          video_bitrate: 1M, audio_bitrate: 96k, preset: fast, loop: true }
)",
                               "/etc/continuo.yaml");
    auto const& sources = config.channels[0].sources;
    REQUIRE(sources.size() == 2);
    CHECK(
        sources[0] ==
        Source{.kind = Source::Kind::mpv, .location = "/etc/film.mkv", .loop = false, .test = {}});
    CHECK(sources[1] == Source{.kind = Source::Kind::mpv,
                               .location = "https://example.com/a.mkv",
                               .loop = true,
                               .test = {},
                               .film = {.audio = "jpn",
                                        .subtitle = "2",
                                        .start = 90s,
                                        .height = 480,
                                        .video_bitrate_bps = 1'000'000,
                                        .audio_bitrate_bps = 96'000,
                                        .preset = "fast"}});
}

TEST_CASE("config: every key of the file's head is read") {
    auto const config = loaded(R"(
runtime_dir: /mnt/live
state_dir: /mnt/state
log_level: debug
http:
  listen: "[::1]:9090"
  threads: 3
  token_file: /etc/continuo/token
  max_connections: 500
  header_timeout: 5s
  idle_timeout: 1m
  send_timeout: 20s
)");
    CHECK(config.runtime_dir == "/mnt/live");
    CHECK(config.state_dir == "/mnt/state");
    CHECK(config.log_level == "debug");
    CHECK(config.http == Http{.address = "::1",
                              .port = 9090,
                              .threads = 3,
                              .token_file = "/etc/continuo/token",
                              .max_connections = 500,
                              .header_timeout = 5s,
                              .idle_timeout = 60s,
                              .send_timeout = 20s});
}

TEST_CASE("config: every key of a channel is read") {
    auto const config = loaded(R"(
channels:
  - name: demo
    sources:
      - { url: "https://example.com/live/master.m3u8" }
      - { file: /media/clip.mp4, loop: true }
      - { test: { size: 640x360, rate: 29.97, gop: 500ms, tone: 440 } }
    variants:
      - { name: source, copy: true }
      - { name: 720p, height: 720, video_bitrate: 2800k, audio_bitrate: 96k, preset: fast }
    slate: { text: "Soon" }
    segment_time: 2s
    target_duration: 4s
    window: 10
    budget: 64MiB
    preset: medium
    restart_discontinuity: false
    source_retry: 10s
    hls_tag: [x_daterange, x_cue]
    interstitial: { asset_uri: "https://ads.example.com/{event_id}/{duration}.m3u8" }
    cue_discontinuity: true
    restart:
      first_delay: 10ms
      max_delay: 1s
      stable_after: 5s
      burst: 1000
      burst_window: 10s
      limit: 2000
      limit_window: 1m
)");
    REQUIRE(config.channels.size() == 1);
    auto const& channel = config.channels[0];
    CHECK(channel.name == "demo");
    REQUIRE(channel.sources.size() == 3);
    CHECK(channel.sources[0] == Source{.kind = Source::Kind::url,
                                       .location = "https://example.com/live/master.m3u8",
                                       .loop = false,
                                       .test = {}});
    CHECK(channel.sources[1] ==
          Source{
              .kind = Source::Kind::file, .location = "/media/clip.mp4", .loop = true, .test = {}});
    CHECK(channel.sources[2] == Source{.kind = Source::Kind::test,
                                       .location = "",
                                       .loop = false,
                                       .test = {.width = 640,
                                                .height = 360,
                                                .rate = {30'000, 1001},
                                                .gop = 500ms,
                                                .tone_hz = 440}});
    REQUIRE(channel.variants.size() == 2);
    CHECK(channel.variants[0].name == "source");
    CHECK(channel.variants[0].copy);
    CHECK(channel.variants[1] == Variant{.name = "720p",
                                         .copy = false,
                                         .height = 720,
                                         .video_bitrate_bps = 2'800'000,
                                         .audio_bitrate_bps = 96'000,
                                         .preset = "fast"});
    CHECK(channel.slate == Slate{.text = "Soon", .file = {}});
    CHECK(channel.segment_time == 2s);
    CHECK(channel.target_duration == 4s);
    CHECK(channel.window == 10);
    CHECK(channel.budget_bytes == 64ull << 20);
    CHECK_FALSE(channel.restart_discontinuity);
    CHECK(channel.source_retry == 10s);
    CHECK(channel.cues ==
          Cues{.tags = {hls::CueStyle::x_daterange, hls::CueStyle::x_cue},
               .interstitial_uri = "https://ads.example.com/{event_id}/{duration}.m3u8",
               .discontinuity = true});
    CHECK(channel.restart == RestartLimits{.first_delay = 10ms,
                                           .max_delay = 1s,
                                           .stable_after = 5s,
                                           .burst = 1000,
                                           .burst_window = 10s,
                                           .limit = 2000,
                                           .limit_window = 60s});
}

TEST_CASE("config: every key of a playhead and of Icecast is read") {
    auto const config = loaded(R"(
channels:
  - name: live
    playhead:
      api_url: "https://api.example.com/v1/"
      core_api_hostname: core.example.com:8443
      restreamer_internal_url: "http://10.0.0.7:8080"
      transition_timeout: 1m
    icecast:
      host: "[::1]"
      port: 8001
      password_file: icecast
      mount: /radio/live.aac
      bitrate: 96k
      format: aac
    slate: { text: "Soon" }
    variants: [ { name: low, height: 360, video_bitrate: 500k } ]
)",
                               "/etc/continuo/config.yaml");
    auto const& channel = config.channels.at(0);
    CHECK(channel.sources.empty());
    CHECK(channel.playhead == Playhead{.api_url = "https://api.example.com/v1",
                                       .core_api_hostname = "core.example.com:8443",
                                       .restreamer_internal_url = "http://10.0.0.7:8080",
                                       .transition_timeout = 60s});
    CHECK(channel.icecast == Icecast{.host = "::1",
                                     .port = 8001,
                                     .password_file = "/etc/continuo/icecast",
                                     .mount = "/radio/live.aac",
                                     .bitrate_bps = 96'000,
                                     .format = Icecast::Format::aac});
    CHECK(channel.slate.text == "Soon");
    CHECK(channel.variants.at(0).name == "low");
}

TEST_CASE("config: every key of a resegmented channel is read") {
    auto const config = loaded(R"(
channels:
  - name: adstest
    resegment:
      master: in/master.m3u8
      sidecar: in/sidecar.txt
      segment_time: 2s
      loop: true
      random_access_indicator: true
      hls_tag: x_splicepoint
)",
                               "/etc/continuo/c.yaml");
    auto const& channel = config.channels.at(0);
    CHECK(channel.resegment == Resegment{.master = "/etc/continuo/in/master.m3u8",
                                         .sidecar = "/etc/continuo/in/sidecar.txt",
                                         .loop = true,
                                         .random_access_indicator = true});
    CHECK(channel.segment_time == 2s);
    CHECK(channel.target_duration == 3s);
    CHECK(channel.cues.tags == std::vector{hls::CueStyle::x_splicepoint});
    CHECK(channel.variants.empty());
}

TEST_CASE("config: every key of what is served from disk is read") {
    auto const config = loaded(R"(
pseudolive:
  root: vod
  epoch: 2026-11-21T12:00:00Z
  window: 6
  hold_back: 1500ms
  allow_clock: true
channels:
  - name: classics
    schedule:
      - { asset: big_buck_bunny }
      - { asset: Sintel (2010), times: 2 }
)",
                               "/etc/continuo/c.yaml");
    CHECK(config.pseudolive ==
          Pseudolive{.root = "/etc/continuo/vod",
                     .epoch = std::chrono::sys_days{std::chrono::November / 21 / 2026} + 12h,
                     .window = 6,
                     .hold_back = 1500ms,
                     .allow_clock = true});
    auto const& channel = config.channels.at(0);
    CHECK(is_linear(channel));
    CHECK(channel.schedule == std::vector<ScheduleItem>{{.asset = "big_buck_bunny"},
                                                        {.asset = "Sintel (2010)", .times = 2}});
    CHECK(channel.variants.empty());
    CHECK(loaded("pseudolive: { root: /srv, epoch: start }").pseudolive->epoch == std::nullopt);
    CHECK(loaded("pseudolive: { root: /srv }").pseudolive == Pseudolive{.root = "/srv"});
}

TEST_CASE("config: every key of the DASH live simulator is read") {
    auto const config = loaded(R"(
livesim:
  root: dash
  allow_clock: true
  max_time_shift_buffer: 48h
)",
                               "/etc/continuo/c.yaml");
    CHECK(config.livesim ==
          Livesim{.root = "/etc/continuo/dash", .allow_clock = true, .max_time_shift_buffer = 48h});
    CHECK(loaded("livesim: { root: /srv }").livesim == Livesim{.root = "/srv"});
    CHECK(loaded("log_level: info").livesim == std::nullopt);
}

TEST_CASE("config: every key of watching together is read") {
    auto const config = loaded(R"(
watch:
  enabled: true
  max_sessions: 2
  session_timeout: 20s
  heartbeat: 5s
  reaper: 10s
  finished_kept: 0s
  probe_timeout: 8s
  segment_time: 2s
  read_ahead: 2m
  start_segments: 2
  height: 480
  video_bitrate: 900k
  audio_bitrate: 96k
  preset: ultrafast
  budget: 64MiB
  torrent_gateway: http://127.0.0.1:8090/stream?magnet={magnet}
  allow_private: true
  token_file: watch-token
)",
                               "/etc/continuo/c.yaml");
    CHECK(config.watch == Watch{.enabled = true,
                                .max_sessions = 2,
                                .session_timeout = 20s,
                                .heartbeat = 5s,
                                .reaper = 10s,
                                .finished_kept = 0s,
                                .probe_timeout = 8s,
                                .segment_time = 2s,
                                .read_ahead = 2min,
                                .start_segments = 2,
                                .height = 480,
                                .video_bitrate_bps = 900'000,
                                .audio_bitrate_bps = 96'000,
                                .preset = "ultrafast",
                                .budget_bytes = 64u << 20,
                                .torrent_gateway = "http://127.0.0.1:8090/stream?magnet={magnet}",
                                .allow_private = true,
                                .token_file = "/etc/continuo/watch-token"});
    CHECK(loaded("watch: {}").watch == Watch{});
    CHECK(loaded("watch: { torrent_gateway: '' }").watch == Watch{});
    CHECK_FALSE(loaded("log_level: info").watch.enabled);
}

TEST_CASE("config: a playhead is all defaults where nothing is said, and an empty text is none") {
    for (auto const* yaml :
         {"channels: [ { name: a, playhead: {} } ]", "channels:\n  - name: a\n    playhead:\n",
          "channels: [ { name: a, playhead: { core_api_hostname: '' } } ]"})
        CHECK(loaded(yaml).channels.at(0).playhead == Playhead{});
    auto const config =
        loaded("channels: [ { name: a, playhead: { restreamer_internal_url: \"\" } } ]");
    CHECK(config.channels.at(0).playhead->restreamer_internal_url.empty());
    CHECK_FALSE(config.channels[0].icecast.has_value());
}

TEST_CASE("config: any channel may go to Icecast, which needs no more than its password") {
    auto const config =
        loaded("channels: [ { name: a, sources: [ { test: } ], icecast: { password_file: /p } } ]");
    CHECK_FALSE(config.channels.at(0).playhead.has_value());
    Icecast expected;
    expected.password_file = "/p";
    CHECK(config.channels[0].icecast == expected);
}

TEST_CASE("config: defaults reach channels that do not say otherwise") {
    auto const config = loaded(R"(
channels:
  - { name: a, sources: [ { test: } ], variants: [ { name: low, height: 360, video_bitrate: 500k } ] }
  - name: b
    sources: [ { test: {} } ]
    segment_time: 6s
    window: 5
    budget: 1GB
    preset: slow
    variants: [ { name: low, height: 360, video_bitrate: 500k } ]
defaults: { segment_time: 5s, window: 30, budget: 100MB, preset: faster }
)");
    REQUIRE(config.channels.size() == 2);
    CHECK(config.channels[0].segment_time == 5s);
    CHECK(config.channels[0].window == 30);
    CHECK(config.channels[0].budget_bytes == 100'000'000);
    CHECK(config.channels[0].variants[0].preset == "faster");
    CHECK(config.channels[0].variants[0].audio_bitrate_bps == 128'000);
    CHECK(config.channels[1].segment_time == 6s);
    CHECK(config.channels[1].window == 5);
    CHECK(config.channels[1].budget_bytes == 1'000'000'000);
    CHECK(config.channels[1].variants[0].preset == "slow");
}

TEST_CASE("config: the target duration is one and a half segment times, rounded up") {
    auto const target = [](std::string const& segment_time) {
        auto const yaml =
            "channels: [ { name: a, sources: [ { test: } ], segment_time: " + segment_time + " } ]";
        return loaded(yaml).channels.at(0).target_duration;
    };
    CHECK(target("4s") == 6s);
    CHECK(target("3s") == 5s);
    CHECK(target("1s") == 2s);
    CHECK(target("2002ms") == 4s);
}

TEST_CASE("config: a channel without variants is a mere copy") {
    auto const config = loaded("channels: [ { name: a, sources: [ { test: } ] } ]");
    REQUIRE(config.channels.at(0).variants.size() == 1);
    CHECK(config.channels[0].variants[0].name == "source");
    CHECK(config.channels[0].variants[0].copy);
}

TEST_CASE("config: relative paths begin in the file's own folder") {
    auto const* const yaml = R"(
runtime_dir: live
http: { token_file: token }
channels:
  - { name: a, sources: [ { file: clips/a.mp4 } ], slate: { file: slate.mp4 } }
)";
    auto const config = loaded(yaml, "/etc/continuo/config.yaml");
    CHECK(config.runtime_dir == "/etc/continuo/live");
    CHECK(config.http.token_file == "/etc/continuo/token");
    CHECK(config.channels.at(0).sources.at(0).location == "/etc/continuo/clips/a.mp4");
    CHECK(config.channels[0].slate.file == "/etc/continuo/slate.mp4");
    CHECK(loaded(yaml, "config.yaml").channels.at(0).sources.at(0).location == "clips/a.mp4");
}

TEST_CASE("config: the runtime dir is found in a file that is wrong elsewhere") {
    CHECK(load_runtime_dir("runtime_dir: run\ncolour: red\n", "/etc/c.yaml") == "/etc/run");
    CHECK(load_runtime_dir("runtime_dir: /run/x\nchannels: [ {} ]\n", "c.yaml") == "/run/x");
    for (auto const* yaml : {"", "a: [", "[]", "runtime_dir:", "runtime_dir: []", "colour: red"})
        CHECK(load_runtime_dir(yaml, "c.yaml") == Config{}.runtime_dir);
}

TEST_CASE("config: anchors and aliases are taken as YAML means them") {
    auto const config = loaded(R"(
channels:
  - name: a
    sources: &input [ { test: } ]
  - name: b
    sources: *input
)");
    CHECK(config.channels.at(1).sources == config.channels.at(0).sources);
}

} // namespace
} // namespace continuo::config
