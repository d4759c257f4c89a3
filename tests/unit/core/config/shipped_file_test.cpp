// The config.yaml of the repository is the reference of all keys: it has to be right, and to have
// them all.
#include "core/config/load.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>

namespace continuo::config {
namespace {

std::string shipped_file() {
    std::ifstream const file(CONTINUO_SOURCE_DIR "/config.yaml");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The settings in comments brought to life: "# log_level: info" is one, a sentence is none.
std::string with_comments_as_settings(std::string const& text) {
    static std::regex const setting(R"(^( *)# ((  )?[a-z_]+:( [^ \n]+)?)$)",
                                    std::regex::ECMAScript | std::regex::multiline);
    return std::regex_replace(text, setting, "$1$2");
}

/// With the channels at the end, all of them in comments, brought to life; what speaks of them is
/// not indented.
std::string with_example_channels(std::string text) {
    auto const begin = text.find("#   - name:");
    REQUIRE(begin != std::string::npos);
    std::string const assets = "pseudolive: { root: /srv/vod }\n"; // one of them needs it
    static std::regex const comment("^# (?=  )", std::regex::ECMAScript | std::regex::multiline);
    return assets + text.substr(0, begin) + std::regex_replace(text.substr(begin), comment, "");
}

TEST_CASE(
    "shipped config: it is right, and its demo channel loops the clip that scripts/run makes") {
    auto const config = load(shipped_file(), "config.yaml");
    if (!config)
        for (auto const& problem : config.error())
            FAIL_CHECK(to_text(problem));
    REQUIRE(config.has_value());
    REQUIRE(config->channels.size() == 1);
    auto const& demo = config->channels[0];
    CHECK(demo.name == "demo");
    CHECK(demo.sources.at(0).location == "build/demo/clip.mp4");
    CHECK(demo.sources.at(0).loop);
    CHECK(demo.variants.at(0).copy);
}

TEST_CASE("shipped config: what it says in comments are the defaults that hold") {
    auto const text = with_comments_as_settings(shipped_file());
    auto const config = load(text, "config.yaml");
    if (!config)
        for (auto const& problem : config.error())
            FAIL_CHECK(to_text(problem));
    REQUIRE(config.has_value());
    auto expected = *load(shipped_file(), "config.yaml");
    expected.http.token_file = "/etc/continuo/token"; // an example, not a default
    expected.channels[0].cues.interstitial_uri = "https://ads.example.com/{event_id}.m3u8"; // too
    expected.pseudolive = Pseudolive{.root = "/srv/vod"}; // there is none by default
    expected.livesim = Livesim{.root = "/srv/dash"};      // nor of this
    CHECK(*config == expected);
}

TEST_CASE("shipped config: what it writes out at top and in defaults are the defaults, too") {
    auto const config = *load(shipped_file(), "config.yaml");
    Config const defaults;
    Channel const channel;
    CHECK(config.runtime_dir == defaults.runtime_dir);
    CHECK(config.http == defaults.http);
    CHECK(config.channels[0].segment_time == channel.segment_time);
    CHECK(config.channels[0].window == channel.window);
    CHECK(config.channels[0].budget_bytes == channel.budget_bytes);
    CHECK(config.channels[0].slate == channel.slate);
    CHECK(config.channels[0].sources.at(1).test == TestPicture{});
}

TEST_CASE("shipped config: the channels in comments show the defaults") {
    auto const config = load(with_example_channels(shipped_file()), "config.yaml");
    if (!config)
        for (auto const& problem : config.error())
            FAIL_CHECK(to_text(problem));
    REQUIRE(config.has_value());
    REQUIRE(config->channels.size() == 4);
    auto const& live = config->channels[1];
    CHECK(live.name == "live");
    CHECK(live.playhead == Playhead{});
    Icecast expected;
    expected.password_file = "/etc/continuo/icecast"; // an example, not a default
    CHECK(live.icecast == expected);
    auto const& resegmented = config->channels[2];
    CHECK(resegmented.resegment->loop == Resegment{}.loop);
    CHECK(resegmented.resegment->random_access_indicator == Resegment{}.random_access_indicator);
    CHECK(resegmented.cues == Cues{});
    CHECK(config->channels[3].schedule.at(1) == ScheduleItem{.asset = "sintel", .times = 2});
}

TEST_CASE("shipped config: every key is in it") {
    auto const text = shipped_file();
    for (auto const* key : {"runtime_dir",
                            "state_dir",
                            "log_level",
                            "listen",
                            "threads",
                            "token_file",
                            "max_connections",
                            "header_timeout",
                            "idle_timeout",
                            "send_timeout",
                            "segment_time",
                            "window",
                            "budget",
                            "preset",
                            "name",
                            "sources",
                            "url",
                            "file",
                            "loop",
                            "test",
                            "size",
                            "rate",
                            "gop",
                            "tone",
                            "variants",
                            "copy",
                            "height",
                            "video_bitrate",
                            "audio_bitrate",
                            "slate",
                            "text",
                            "target_duration",
                            "restart_discontinuity",
                            "source_retry",
                            "hls_tag",
                            "cue_discontinuity",
                            "interstitial",
                            "asset_uri",
                            "first_delay",
                            "max_delay",
                            "stable_after",
                            "burst",
                            "burst_window",
                            "limit",
                            "limit_window",
                            "resegment",
                            "master",
                            "sidecar",
                            "random_access_indicator",
                            "pseudolive",
                            "livesim",
                            "max_time_shift_buffer",
                            "root",
                            "epoch",
                            "hold_back",
                            "allow_clock",
                            "watch",
                            "enabled",
                            "max_sessions",
                            "session_timeout",
                            "heartbeat",
                            "reaper",
                            "finished_kept",
                            "probe_timeout",
                            "read_ahead",
                            "start_segments",
                            "torrent_gateway",
                            "allow_private",
                            "schedule",
                            "asset",
                            "times",
                            "playhead",
                            "api_url",
                            "core_api_hostname",
                            "restreamer_internal_url",
                            "transition_timeout",
                            "icecast",
                            "host",
                            "port",
                            "password_file",
                            "mount",
                            "bitrate",
                            "format"})
        CHECK(text.find(std::string(key) + ":") != std::string::npos);
}

} // namespace
} // namespace continuo::config
