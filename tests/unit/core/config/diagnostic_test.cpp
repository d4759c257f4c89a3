// One row per mistake: the file, and every complaint about it with its exact place.
#include "core/config/load.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace continuo::config {
namespace {

std::string complaints(std::string_view yaml) {
    auto const result = load(yaml, "c.yaml");
    if (result) return "none";
    std::string text;
    for (auto const& problem : result.error())
        text += to_text(problem) + "\n";
    return text;
}

/// A channel that is right but for one more line, which is line 4, column 5.
std::string channel_with(std::string const& line) {
    return "channels:\n  - name: a\n    sources: [ { test: } ]\n    " + line + "\n";
}

/// A channel whose only source is `source`, which begins at line 3, column 9.
std::string channel_from(std::string const& source) {
    return "channels:\n- name: a\n  sources: [" + source + "]\n";
}

/// A channel that follows `playhead`, which begins at line 3, column 13.
std::string channel_after(std::string const& playhead) {
    return "channels:\n- name: a\n  playhead: " + playhead + "\n";
}

/// A channel with one variant, which begins at line 5, column 9.
std::string channel_in(std::string const& variant) {
    return "channels:\n  - name: a\n    sources: [ { test: } ]\n    variants:\n      - " + variant +
           "\n";
}

TEST_CASE("diagnostic: what is not YAML is said with its place") {
    CHECK(complaints("http: { listen: 1.2.3.4:80\nchannels: [") ==
          "c.yaml:2:9: not YAML: end of map flow not found\n");
    CHECK(complaints("a: b: c\n") == "c.yaml:1:5: not YAML: illegal map value\n");
    CHECK(complaints("channels:\n\t- name: a\n").starts_with("c.yaml:2:"));
    CHECK(complaints("channels: *nothing\n") ==
          "c.yaml:1:11: not YAML: the referenced anchor is not defined\n");
    CHECK(complaints("log_level: info\n---\nlog_level: info\n") ==
          "c.yaml:2:1: the file's one document ends here; remove what follows (\"---\" begins "
          "another)\n");
    CHECK(complaints(", log_level: info\n") == "c.yaml:1:1: the file's one document ends here; "
                                               "remove what follows (\"---\" begins another)\n");
    CHECK(complaints("# " + std::string(1 << 20, 'x')) ==
          "c.yaml:1:1: is longer than 1048576 bytes\n");
}

TEST_CASE("diagnostic: types") {
    CHECK(complaints("[1, 2]\n") ==
          "c.yaml:1:1: must be a mapping with the keys runtime_dir, state_dir, log_level, http, "
          "pseudolive, livesim, watch, defaults or channels, got a list\n");
    CHECK(complaints("http: yes\n") ==
          "c.yaml:1:7: http: must be a mapping with the keys listen, threads, token_file, "
          "max_connections, header_timeout, idle_timeout or send_timeout, got a single value\n");
    CHECK(complaints("channels: demo\n") ==
          "c.yaml:1:11: channels: must be a list (\"- ...\"), got a single value\n");
    CHECK(complaints("runtime_dir: [/run]\n") ==
          "c.yaml:1:14: runtime_dir: must be a single value, got a list\n");
    CHECK(complaints("log_level:\nhttp:\n") ==
          "c.yaml:1:1: log_level: has no value; give it one or remove the key\n");
    CHECK(complaints("log_level: ''\n") ==
          "c.yaml:1:12: log_level: has no value; give it one or remove the key\n");
    CHECK(complaints("? [a]\n: b\n") == "c.yaml:1:3: a key must be a word, got a list\n");
}

TEST_CASE("diagnostic: unknown keys name the nearest known one") {
    CHECK(complaints("chanels: []\n") ==
          "c.yaml:1:1: chanels: unknown key; did you mean \"channels\"?\n");
    CHECK(complaints(channel_with("segmnt_time: 4s")) ==
          "c.yaml:4:5: channels[0].segmnt_time: unknown key; did you mean \"segment_time\"?\n");
    CHECK(complaints("defaults:\n  colour: red\n") ==
          "c.yaml:2:3: defaults.colour: unknown key; known here: segment_time, window, budget or "
          "preset\n");
    CHECK(complaints("\"a\\nb\": 1\n")
              .starts_with("c.yaml:1:1: a?b: unknown key; known here: runtime_dir"));
}

TEST_CASE("diagnostic: a key that stands twice") {
    CHECK(complaints("log_level: info\n\nlog_level: warn\n") ==
          "c.yaml:3:1: log_level: stands here twice, first in line 1; remove one of them\n");
}

TEST_CASE("diagnostic: the head's values") {
    CHECK(
        complaints("log_level: wanr\n") ==
        "c.yaml:1:12: log_level: must be trace, debug, info, warn or error, got \"wanr\"; did you "
        "mean \"warn\"?\n");
    CHECK(complaints("http: { listen: \":8080\" }\n") ==
          "c.yaml:1:17: http.listen: must be ADDRESS:PORT such as 0.0.0.0:8080 or \"[::]:8080\", "
          "got \":8080\"\n");
    CHECK(complaints("http: { threads: 257 }\n") ==
          "c.yaml:1:18: http.threads: must be from 0 to 256, got \"257\"\n");
    CHECK(complaints("http: { threads: many }\n") ==
          "c.yaml:1:18: http.threads: must be a whole number, got \"many\"\n");
    CHECK(complaints("http: { max_connections: 0 }\n") ==
          "c.yaml:1:26: http.max_connections: must be from 1 to 1000000, got \"0\"\n");
    CHECK(complaints("http: { idle_timeout: 500ms }\n") ==
          "c.yaml:1:23: http.idle_timeout: must be whole seconds such as 6s, 2m or 1h, got "
          "\"500ms\"\n");
    CHECK(complaints("http: { header_timeout: 0s }\n") ==
          "c.yaml:1:25: http.header_timeout: must be from 1s to 1h, got \"0s\"\n");
    CHECK(complaints("http: { send_timeout: 2h }\n") ==
          "c.yaml:1:23: http.send_timeout: must be from 1s to 1h, got \"2h\"\n");
    CHECK(complaints("http: { token_file: {} }\n") ==
          "c.yaml:1:21: http.token_file: must be a single value, got a mapping\n");
}

TEST_CASE("diagnostic: the defaults' values") {
    CHECK(complaints("defaults: { segment_time: 4 }\n") ==
          "c.yaml:1:27: defaults.segment_time: must be a duration such as 4s, 250ms, 2m or 1h, got "
          "\"4\"\n");
    CHECK(complaints("defaults: { segment_time: 0s }\n") ==
          "c.yaml:1:27: defaults.segment_time: must be from 1s to 60s, got \"0s\"\n");
    CHECK(complaints("defaults: { window: 2 }\n") ==
          "c.yaml:1:21: defaults.window: must be from 3 to 10000, got \"2\"\n");
    CHECK(complaints("defaults: { budget: 512M }\n") ==
          "c.yaml:1:21: defaults.budget: must be a size such as 512MiB, 64KiB or 1GB, got "
          "\"512M\"\n");
    CHECK(complaints("defaults: { preset: quick }\n") ==
          "c.yaml:1:21: defaults.preset: must be ultrafast, superfast, veryfast, faster, fast, "
          "medium, slow, slower, veryslow or placebo, got \"quick\"\n");
}

TEST_CASE("diagnostic: a channel's name") {
    CHECK(complaints("channels:\n  - sources: [ { test: } ]\n") ==
          "c.yaml:2:5: channels[0].name: is missing; give it a name for its URL\n");
    CHECK(complaints("channels:\n  - name: Das Erste\n    sources: [ { test: } ]\n") ==
          "c.yaml:2:11: channels[0].name: must be 1 to 64 of a-z, 0-9, _ and -, the first a letter "
          "or digit, got \"Das Erste\"\n");
    CHECK(complaints("channels:\n  - { name: a, sources: [ { test: } ] }\n"
                     "  - { name: a, sources: [ { test: } ] }\n") ==
          "c.yaml:3:13: channels[1].name: \"a\" names channels[0] in line 2 already\n");
    CHECK(complaints("channels:\n  -\n") ==
          "c.yaml:2:3: channels[0].name: is missing; give it a name for its URL\n"
          "c.yaml:2:3: channels[0].sources: is missing; give exactly one of sources, playhead, "
          "resegment or schedule\n");
    CHECK(complaints("channels: [ demo ]\n")
              .starts_with("c.yaml:1:13: channels[0]: must be a mapping with the keys name,"));
}

TEST_CASE("diagnostic: a resegmented channel needs a playlist, and has the variants of that") {
    auto const with = [](std::string const& rest) {
        return complaints("channels:\n  - name: a\n    resegment: " + rest + "\n");
    };
    CHECK(with("{ loop: true }") == "c.yaml:3:16: channels[0].resegment.master: is missing; write "
                                    "the path or URL of a playlist\n");
    CHECK(with("{ master: \"udp://239.0.0.1:5000\" }") ==
          "c.yaml:3:26: channels[0].resegment.master: must be a path, http:// or https://, got "
          "\"udp://239.0.0.1:5000\"\n");
    CHECK(with("{ master: a.m3u8 }\n    variants: [ { name: a, copy: true } ]") ==
          "c.yaml:4:15: channels[0].variants: has no meaning beside resegment, whose playlist "
          "names them; remove it\n");
}

TEST_CASE("diagnostic: a channel has exactly one input, of the four there are") {
    CHECK(complaints(channel_with("playhead: x")) ==
          "c.yaml:4:15: channels[0].playhead: stands beside \"sources\"; give exactly one of "
          "sources, playhead, resegment or schedule\n");
    CHECK(complaints("channels:\n  - name: a\n    sources: []\n") ==
          "c.yaml:3:14: channels[0].sources: needs at least one source\n");
}

TEST_CASE("diagnostic: a schedule needs assets, a root to find them in, and no keys for encoding") {
    std::string const root = "pseudolive: { root: vod }\n";
    auto const with = [&](std::string const& rest) {
        return complaints(root + "channels:\n  - name: a\n    schedule: " + rest + "\n");
    };
    CHECK(with("x") ==
          "c.yaml:4:15: channels[0].schedule: must be a list (\"- ...\"), got a single "
          "value\n");
    CHECK(with("[]") == "c.yaml:4:15: channels[0].schedule: needs at least one asset\n");
    CHECK(with("[ { times: 2 } ]") ==
          "c.yaml:4:17: channels[0].schedule[0].asset: is missing; name "
          "a folder of pseudolive.root\n");
    CHECK(with("[ { asset: a/b } ]") ==
          "c.yaml:4:26: channels[0].schedule[0].asset: must be the name of a folder in "
          "pseudolive.root, got \"a/b\"\n");
    CHECK(with("[ { asset: ../etc } ]").find("must be the name of a folder") != std::string::npos);
    CHECK(with("[ { asset: .. } ]").find("must be the name of a folder") != std::string::npos);
    CHECK(with("[ { asset: a, times: 0 } ]") ==
          "c.yaml:4:36: channels[0].schedule[0].times: must be from 1 to 1000000, got \"0\"\n");
    CHECK(with("[ { asset: a } ]\n    window: 10") ==
          "c.yaml:5:13: channels[0].window: has no meaning beside schedule, whose assets are cut "
          "and encoded already; remove it\n");
    CHECK(complaints("channels:\n  - name: a\n    schedule: [ { asset: b } ]\n") ==
          "c.yaml:3:15: channels[0].schedule: needs the key pseudolive, whose root has the "
          "assets\n");
}

TEST_CASE("diagnostic: what is served from disk needs a root, and an epoch that is a date") {
    CHECK(complaints("livesim: {}\n") == "c.yaml:1:10: livesim.root: is missing; name the folder "
                                         "below which the MPDs are\n");
    CHECK(complaints("livesim: { root: dash, max_time_shift_buffer: 0s }\n") ==
          "c.yaml:1:47: livesim.max_time_shift_buffer: must be from 1s to 8760h, got \"0s\"\n");
    CHECK(complaints("pseudolive: {}\n") == "c.yaml:1:13: pseudolive.root: is missing; name the "
                                            "folder whose folders are streams\n");
    CHECK(complaints("pseudolive: { root: vod, epoch: soon }\n") ==
          "c.yaml:1:33: pseudolive.epoch: must be \"start\" or a date such as "
          "2026-01-01T00:00:00Z, got \"soon\"\n");
    CHECK(complaints("pseudolive: { root: vod, window: 2 }\n") ==
          "c.yaml:1:34: pseudolive.window: must be from 3 to 10000, got \"2\"\n");
}

TEST_CASE("diagnostic: watching together") {
    CHECK(complaints("watch: { max_sessions: 0 }\n") ==
          "c.yaml:1:24: watch.max_sessions: must be from 1 to 1000, got \"0\"\n");
    CHECK(complaints("watch: { session_timeout: 15s }\n") ==
          "c.yaml:1:27: watch.session_timeout: must be longer than heartbeat, which is 15s\n");
    CHECK(complaints("watch: { heartbeat: 1m }\n") ==
          "c.yaml:1:8: watch.session_timeout: must be longer than heartbeat, which is 60s\n");
    CHECK(complaints("watch: { read_ahead: 11s }\n") ==
          "c.yaml:1:22: watch.read_ahead: must not be shorter than start_segments x "
          "segment_time\n");
    CHECK(complaints("watch: { height: 481 }\n") == "c.yaml:1:18: watch.height: must be even\n");
    for (std::string const gateway : {"http://h/", "ftp://h/{magnet}", "{magnet}"})
        CHECK(complaints("watch: { torrent_gateway: '" + gateway + "' }\n") ==
              "c.yaml:1:27: watch.torrent_gateway: must be a URL such as "
              "http://127.0.0.1:8090/stream?magnet={magnet}, got \"" +
                  gateway + "\"\n");
    CHECK(complaints("watch: { enabled: perhaps }\n") ==
          "c.yaml:1:19: watch.enabled: must be true or false, got \"perhaps\"\n");
}

TEST_CASE("diagnostic: a source's values") {
    CHECK(complaints(channel_from("{}")) ==
          "c.yaml:3:13: channels[0].sources[0].url: is missing; give exactly one of url, file, "
          "test or mpv\n");
    CHECK(complaints(channel_from("{ url: \"udp://239.0.0.1:5000\", file: a.ts }")) ==
          "c.yaml:3:50: channels[0].sources[0].file: stands beside \"url\"; give exactly one of "
          "url, file, test or mpv\n");
    CHECK(complaints(channel_from("{ mpv: \"htpp://host/a.mkv\" }"))
              .find(".mpv: \"htpp\" is no scheme known here; did you mean \"http\"?") !=
          std::string::npos);
    CHECK(complaints(channel_from("{ mpv: a.mkv, height: 361 }")) ==
          "c.yaml:3:35: channels[0].sources[0].height: must be even\n");
    CHECK(complaints(channel_from("{ file: a.ts, subtitle: ger }")) ==
          "c.yaml:3:37: channels[0].sources[0].subtitle: has no meaning without \"mpv\"; remove "
          "it\n");
    CHECK(complaints(channel_from("{ url: clip.mp4 }")) ==
          "c.yaml:3:20: channels[0].sources[0].url: must be a URL such as https://host/live.m3u8, "
          "got \"clip.mp4\"; for a path write file: instead of url:\n");
    CHECK(complaints(channel_from("{ url: \"file:///clip.mp4\" }")) ==
          "c.yaml:3:20: channels[0].sources[0].url: must not be a file; write file: and its path "
          "instead\n");
    CHECK(
        complaints(channel_from("{ url: \"htpps://host/\" }")) ==
        "c.yaml:3:20: channels[0].sources[0].url: \"htpps\" is no scheme known here; did you mean "
        "\"https\"?\n");
    CHECK(complaints(channel_from("{ url: \"https://\" }")) ==
          "c.yaml:3:20: channels[0].sources[0].url: names no host, got \"https://\"\n");
    CHECK(complaints(channel_from("{ file: a.mp4, loop: yes }")) ==
          "c.yaml:3:34: channels[0].sources[0].loop: must be true or false, got \"yes\"\n");
    CHECK(complaints(channel_from("{ test: , loop: true }")) ==
          "c.yaml:3:29: channels[0].sources[0].loop: has no meaning beside \"test\", which never "
          "ends; remove it\n");
    CHECK(complaints(channel_from("{ test: { size: 1280 } }")) ==
          "c.yaml:3:29: channels[0].sources[0].test.size: must be even WIDTHxHEIGHT such as "
          "1280x720, got \"1280\"\n");
    CHECK(complaints(channel_from("{ test: { size: 8x8 } }")) ==
          "c.yaml:3:29: channels[0].sources[0].test.size: must be from 64x64 to 7680x4320\n");
    CHECK(complaints(channel_from("{ test: { rate: fast } }")) ==
          "c.yaml:3:29: channels[0].sources[0].test.rate: must be a picture rate such as 25, "
          "30000/1001 or 29.97, got \"fast\"\n");
    CHECK(complaints(channel_from("{ test: { rate: 300 } }")) ==
          "c.yaml:3:29: channels[0].sources[0].test.rate: must be from 1 to 240\n");
    CHECK(complaints(channel_from("{ test: { gop: 1m } }")) ==
          "c.yaml:3:28: channels[0].sources[0].test.gop: must be from 100ms to 30s, got \"1m\"\n");
    CHECK(complaints(channel_from("{ test: { tone: 5 } }")) ==
          "c.yaml:3:29: channels[0].sources[0].test.tone: must be from 20 to 20000, got \"5\"\n");
}

TEST_CASE("diagnostic: a variant's values") {
    CHECK(complaints(channel_with("variants: []")) ==
          "c.yaml:4:15: channels[0].variants: needs at least one variant (or leave the key out for "
          "a mere copy)\n");
    CHECK(complaints(channel_in("{ copy: true }")) ==
          "c.yaml:5:9: channels[0].variants[0].name: is missing; give it a name for its URL\n");
    CHECK(complaints(channel_in("{ name: a }")) ==
          "c.yaml:5:9: channels[0].variants[0].height: is missing; an encoded variant needs it (or "
          "write copy: true)\n"
          "c.yaml:5:9: channels[0].variants[0].video_bitrate: is missing; an encoded variant needs "
          "it (or write copy: true)\n");
    CHECK(complaints(channel_in("{ name: a, copy: true, height: 720 }")) ==
          "c.yaml:5:40: channels[0].variants[0].height: has no meaning beside \"copy: true\"; "
          "remove one of them\n");
    CHECK(complaints(channel_in("{ name: a, height: 721, video_bitrate: 1M }")) ==
          "c.yaml:5:28: channels[0].variants[0].height: must be even, got \"721\"\n");
    CHECK(complaints(channel_in("{ name: a, height: 10, video_bitrate: 1M }")) ==
          "c.yaml:5:28: channels[0].variants[0].height: must be from 64 to 4320, got \"10\"\n");
    CHECK(complaints(channel_in("{ name: a, height: 720, video_bitrate: 2800 }")) ==
          "c.yaml:5:48: channels[0].variants[0].video_bitrate: must be a bit rate such as 128k or "
          "2.8M, got \"2800\"\n");
    CHECK(
        complaints(channel_in("{ name: a, height: 720, video_bitrate: 1M, audio_bitrate: 1M }")) ==
        "c.yaml:5:67: channels[0].variants[0].audio_bitrate: must be from 16k to 512k, got "
        "\"1M\"\n");
    CHECK(complaints(channel_in("{ name: a, height: 720, video_bitrate: 1M, preset: fats }"))
              .ends_with("got \"fats\"; did you mean \"fast\"?\n"));
    CHECK(complaints(channel_in("{ name: a, copy: true }\n      - { name: b, copy: true }")) ==
          "c.yaml:6:26: channels[0].variants[1].copy: another variant is a copy already; there can "
          "be one\n");
    CHECK(complaints(channel_in("{ name: a, copy: true }\n"
                                "      - { name: a, height: 360, video_bitrate: 1M }")) ==
          "c.yaml:6:17: channels[0].variants[1].name: \"a\" names another variant already\n");
}

TEST_CASE("diagnostic: a channel's other values") {
    CHECK(
        complaints(channel_with("slate: { text: Soon, file: a.mp4 }")) ==
        "c.yaml:4:32: channels[0].slate.file: stands beside \"text\"; give exactly one of text or "
        "file\n");
    CHECK(complaints(channel_with("slate: { text: \"two\\nlines\" }")) ==
          "c.yaml:4:20: channels[0].slate.text: must be one line of at most 200 bytes\n");
    CHECK(complaints(channel_with("segment_time: 61s")) ==
          "c.yaml:4:19: channels[0].segment_time: must be from 1s to 60s, got \"61s\"\n");
    CHECK(
        complaints(channel_with("target_duration: 3s")) ==
        "c.yaml:4:22: channels[0].target_duration: must be at least segment_time (4000 ms), got 3 "
        "s\n");
    CHECK(complaints(channel_with("target_duration: 4.5s")) ==
          "c.yaml:4:22: channels[0].target_duration: must be whole seconds such as 6s, 2m or 1h, "
          "got \"4.5s\"\n");
    CHECK(complaints(channel_with("window: 2")) ==
          "c.yaml:4:13: channels[0].window: must be from 3 to 10000, got \"2\"\n");
    CHECK(complaints(channel_with("budget: 1KiB")) ==
          "c.yaml:4:13: channels[0].budget: must be from 1MiB to 1024GiB, got \"1KiB\"\n");
    CHECK(complaints(channel_with("restart_discontinuity: no")) ==
          "c.yaml:4:28: channels[0].restart_discontinuity: must be true or false, got \"no\"\n");
    CHECK(complaints(channel_with("source_retry: 0s")) ==
          "c.yaml:4:19: channels[0].source_retry: must be from 1s to 24h, got \"0s\"\n");
}

TEST_CASE("diagnostic: a playhead's values") {
    CHECK(complaints(channel_after("https://api")) ==
          "c.yaml:3:13: channels[0].playhead: must be a mapping with the keys api_url, "
          "core_api_hostname, restreamer_internal_url or transition_timeout, got a single value\n");
    CHECK(complaints(channel_after("{ api_uri: \"http://api\" }")) ==
          "c.yaml:3:15: channels[0].playhead.api_uri: unknown key; did you mean \"api_url\"?\n");
    CHECK(complaints(channel_after("{ transition_timout: 15s }")) ==
          "c.yaml:3:15: channels[0].playhead.transition_timout: unknown key; did you mean "
          "\"transition_timeout\"?\n");
    CHECK(
        complaints(channel_after("{ api_url: \"api:8080\" }")) ==
        "c.yaml:3:24: channels[0].playhead.api_url: must be a URL such as http://api:8080, without "
        "? and #, got \"api:8080\"\n");
    CHECK(
        complaints(channel_after("{ api_url: \"\" }")) ==
        "c.yaml:3:24: channels[0].playhead.api_url: has no value; give it one or remove the key\n");
    CHECK(complaints(channel_after("{ api_url: [] }")) ==
          "c.yaml:3:24: channels[0].playhead.api_url: must be a single value, got a list\n");
    CHECK(complaints(channel_after("{ core_api_hostname: \"https://core\" }")) ==
          "c.yaml:3:34: channels[0].playhead.core_api_hostname: must be a host name such as "
          "core.example.com, perhaps with a port, got \"https://core\"\n");
    CHECK(
        complaints(channel_after("{ core_api_hostname: }")) ==
        "c.yaml:3:15: channels[0].playhead.core_api_hostname: has no value; give it one or remove "
        "the key\n");
    CHECK(complaints(channel_after("{ restreamer_internal_url: \"rtmp://r\" }")) ==
          "c.yaml:3:40: channels[0].playhead.restreamer_internal_url: must be a URL such as "
          "http://api:8080, without ? and #, got \"rtmp://r\"\n");
    CHECK(complaints(channel_after("{ transition_timeout: 0s }")) ==
          "c.yaml:3:35: channels[0].playhead.transition_timeout: must be from 1s to 10m, got "
          "\"0s\"\n");
    CHECK(complaints(channel_after("{ transition_timeout: 11m }")) ==
          "c.yaml:3:35: channels[0].playhead.transition_timeout: must be from 1s to 10m, got "
          "\"11m\"\n");
    CHECK(complaints(channel_after("{ transition_timeout: 15 }")) ==
          "c.yaml:3:35: channels[0].playhead.transition_timeout: must be whole seconds such as 6s, "
          "2m or 1h, got \"15\"\n");
}

TEST_CASE("diagnostic: Icecast's values") {
    auto const said = [](std::string const& setting) {
        return complaints(channel_with("icecast: { password_file: p, " + setting + " }"));
    };
    auto const of = [](std::string const& column, std::string const& rest) {
        return "c.yaml:4:" + column + ": channels[0].icecast." + rest + "\n";
    };
    CHECK(said("host: icecast.example.com") == "none");
    CHECK(complaints(channel_with("icecast:")) ==
          of("5", "password_file: is missing; name a file that holds the source password of the "
                  "Icecast server"));
    CHECK(complaints(channel_with("icecast: { password_file: }")) ==
          of("16", "password_file: has no value; give it one or remove the key"));
    CHECK(said("hots: a") == of("34", "hots: unknown key; did you mean \"host\"?"));
    CHECK(said("password: hackme") ==
          of("34", "password: unknown key; did you mean \"password_file\"?"));
    CHECK(said("host: \"http://icecast\"") ==
          of("40", "host: must be a host name or an IP address, got \"http://icecast\""));
    CHECK(said("port: 0") == of("40", "port: must be from 1 to 65535, got \"0\""));
    CHECK(said("port: http") == of("40", "port: must be a whole number, got \"http\""));
    CHECK(said("mount: stream.mp3") ==
          of("41",
             "mount: must be a path such as /stream.mp3, of letters, digits, - . _ ~ and /, got "
             "\"stream.mp3\""));
    CHECK(said("bitrate: 12k") == of("43", "bitrate: must be from 16k to 320k, got \"12k\""));
    CHECK(said("bitrate: 321k") == of("43", "bitrate: must be from 16k to 320k, got \"321k\""));
    CHECK(said("bitrate: 128") ==
          of("43", "bitrate: must be a bit rate such as 128k or 2.8M, got \"128\""));
    CHECK(said("format: ogg") == of("42", "format: must be mp3 or aac, got \"ogg\""));
}

TEST_CASE("diagnostic: the tags of breaks") {
    CHECK(complaints(channel_with("hls_tag: [x_cue, x_scte35, x_daterange, x_splicepoint]")) ==
          "none");
    CHECK(complaints(channel_with("hls_tag: []")) == "none");
    CHECK(complaints(channel_with("hls_tag: x_que")) ==
          "c.yaml:4:14: channels[0].hls_tag: must be x_cue, x_scte35, x_daterange or "
          "x_splicepoint, got \"x_que\"; did you mean \"x_cue\"?\n");
    CHECK(complaints(channel_with("hls_tag: [x_cue, { a: b }]")) ==
          "c.yaml:4:22: channels[0].hls_tag: must be x_cue, x_scte35, x_daterange or "
          "x_splicepoint, got \"\"\n");
    CHECK(complaints(channel_with("hls_tag: [x_cue, x_cue]")) ==
          "c.yaml:4:22: channels[0].hls_tag: names x_cue twice\n");
    CHECK(complaints(channel_with("hls_tag:")) ==
          "c.yaml:4:5: channels[0].hls_tag: has no value; give it one or remove the key\n");
    CHECK(complaints(channel_with("cue_discontinuity: maybe")) ==
          "c.yaml:4:24: channels[0].cue_discontinuity: must be true or false, got \"maybe\"\n");
}

TEST_CASE("diagnostic: what is played in a break") {
    CHECK(complaints(channel_with("interstitial: { asset_uri: \"https://ads/{event_id}\" }")) ==
          "none");
    CHECK(complaints(channel_with("interstitial: {}")) ==
          "c.yaml:4:19: channels[0].interstitial.asset_uri: is missing; write the URL of what is "
          "played in a break\n");
    for (std::string const uri :
         {"ads.m3u8", "https://ads/{id}", "https://ads/{event_id", "https://ads/}",
          "https://ads/a b", "https://ads/'", "ftp://ads/a", "https://ads/ü"}) {
        auto const found = complaints(channel_with("interstitial: { asset_uri: \"" + uri + "\" }"));
        CAPTURE(found);
        CHECK((uri == "https://ads/'"
                   ? found == "none"
                   : found.starts_with("c.yaml:4:32: channels[0].interstitial.asset_uri: must be a "
                                       "URL such as")));
    }
    CHECK(complaints(channel_with("interstitial: { asset_uri: 'https://ads/\"' }"))
              .starts_with("c.yaml:4:32: "));
}

TEST_CASE("diagnostic: a URL's password is quoted nowhere") {
    auto const said = complaints(channel_after("{ api_url: \"http://me:hush@api/?x\" }"));
    CHECK(said.find("got \"http://***@api/?x\"") != std::string::npos);
    CHECK(said.find("hush") == std::string::npos);
    CHECK(complaints(channel_from("{ url: \"htpps://me:hush@host/\" }")).find("hush") ==
          std::string::npos);
}

TEST_CASE("diagnostic: the restart limits") {
    CHECK(
        complaints(channel_with("restart: { first_delay: 2s, max_delay: 1s }")) ==
        "c.yaml:4:44: channels[0].restart.max_delay: max_delay (1000 ms) must not be shorter than "
        "first_delay (2000 ms)\n");
    CHECK(complaints(channel_with("restart: { first_delay: 1m }")) ==
          "c.yaml:4:29: channels[0].restart.first_delay: max_delay (30000 ms) must not be shorter "
          "than first_delay (60000 ms)\n");
    CHECK(complaints(channel_with("restart: { burst: 0 }")) ==
          "c.yaml:4:23: channels[0].restart.burst: must be from 1 to 1000000, got \"0\"\n");
    CHECK(complaints(channel_with("restart: { limit_window: 48h }")) ==
          "c.yaml:4:30: channels[0].restart.limit_window: must be from 1s to 24h, got \"48h\"\n");
}

TEST_CASE("diagnostic: all problems of a file come at once, in its order") {
    CHECK(complaints("http: { threads: x }\n"
                     "channels:\n"
                     "  - name: A\n"
                     "    windw: 3\n"
                     "    sources: [ { file: a.ts } ]\n"
                     "log_level: loud\n") ==
          "c.yaml:1:18: http.threads: must be a whole number, got \"x\"\n"
          "c.yaml:3:11: channels[0].name: must be 1 to 64 of a-z, 0-9, _ and -, the first a letter "
          "or digit, got \"A\"\n"
          "c.yaml:4:5: channels[0].windw: unknown key; did you mean \"window\"?\n"
          "c.yaml:6:12: log_level: must be trace, debug, info, warn or error, got \"loud\"\n");
}

TEST_CASE("diagnostic: a later complaint finds the place of its key") {
    auto const yaml = channel_from("{ test: }, { file: a.mp4 }") + "runtime_dir: /run/x\n";
    auto const place = [&](std::string const& key) {
        return to_text(locate(yaml, "c.yaml", key, "wrong"));
    };
    CHECK(place("channels[0].sources[1].file") ==
          "c.yaml:3:32: channels[0].sources[1].file: wrong");
    CHECK(place("runtime_dir") == "c.yaml:4:14: runtime_dir: wrong");
    CHECK(place("channels[0].name") == "c.yaml:2:9: channels[0].name: wrong");
    CHECK(place("channels[0].budget") == "c.yaml:2:3: channels[0].budget: wrong");
    CHECK(place("channels[7].budget") == "c.yaml:2:1: channels[7].budget: wrong");
    CHECK(place("state_dir") == "c.yaml:1:1: state_dir: wrong");
    CHECK(to_text(locate("a: [", "c.yaml", "a", "wrong")) == "c.yaml:1:1: a: wrong");
}

TEST_CASE("diagnostic: lists and complaints are bounded") {
    std::string sources;
    for (int i = 0; i < 40; ++i)
        sources += "{ test: },";
    CHECK(complaints(channel_from(sources)).ends_with("sources: has more than 32 elements\n"));

    std::string yaml = "channels:\n";
    for (int i = 0; i < 900; ++i)
        yaml += "  - {}\n";
    auto const result = load(yaml, "c.yaml");
    REQUIRE(result.has_error());
    CHECK(result.error().size() == 200);
}

TEST_CASE("diagnostic: every truncation of a full file is a config or a list of complaints") {
    auto const yaml = channel_in("{ name: a, height: 720, video_bitrate: 1M, preset: fast }") +
                      "    slate: { text: \"Back\" }\n    restart: { burst: 9 }\n"
                      "http: { listen: \"[::]:8080\", threads: 2 }\n";
    for (std::size_t length = 0; length <= yaml.size(); ++length) {
        auto const result = load(std::string_view(yaml).substr(0, length), "c.yaml");
        if (result.has_error()) CHECK_FALSE(result.error().empty());
    }
    CHECK(load(yaml, "c.yaml").has_value());
}

} // namespace
} // namespace continuo::config
