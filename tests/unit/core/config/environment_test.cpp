#include "core/config/environment.hpp"
#include "core/config/load.hpp"
#include "tests/support/golden.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace continuo::config::environment_test {

using namespace std::chrono_literals;

using Set = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

auto from(Set const& set) {
    return from_environment([&](std::string const& name) -> std::optional<std::string> {
        auto const found = set.find(name);
        if (found == set.end()) return {};
        return found->second;
    });
}

EnvironmentConfig made(Set const& set) {
    auto const result = from(set);
    if (!result)
        for (auto const& line : result.error())
            FAIL_CHECK(line);
    REQUIRE(result.has_value());
    return *result;
}

/// The channel that the daemon will see.
Channel channel_of(Set const& set) {
    auto const config = load(made(set).yaml, "/run/continuo/from-env.yaml");
    if (!config)
        for (auto const& problem : config.error())
            FAIL_CHECK(to_text(problem));
    REQUIRE(config.has_value());
    REQUIRE(config->channels.size() == 1);
    return config->channels[0];
}

Lines complaints(Set const& set) {
    auto const result = from(set);
    return result ? Lines{"none"} : result.error();
}

/// `set`, and MUX_MODE=abr, in which every variable counts.
Set in_abr(Set set) {
    set.emplace("MUX_MODE", "abr");
    return set;
}

Variant encoded(std::string name, int height, std::uint64_t video_bps, std::uint64_t audio_bps) {
    return {.name = std::move(name),
            .copy = false,
            .height = height,
            .video_bitrate_bps = video_bps,
            .audio_bitrate_bps = audio_bps,
            .preset = "veryfast"};
}

Lines names_of(std::vector<Variant> const& variants) {
    Lines names;
    for (auto const& variant : variants)
        names.push_back(variant.name);
    return names;
}

TEST_CASE("environment: golden config files of copy, of the ladder, and of all variables") {
    auto const check = [](std::string const& name, Set const& set) {
        auto const yaml = made(set).yaml;
        CHECK(yaml == test::golden("from_env/" + name + ".yaml", yaml));
    };
    check("copy", {});
    check("abr", {{"MUX_MODE", "abr"}});
    check("all", {{"API_URL", "https://api.example.com/v1/"},
                  {"MUX_MODE", "abr"},
                  {"HLS_SEGMENT_TIME", "2.5"},
                  {"HLS_LIST_SIZE", "10"},
                  {"TRANSITION_TIMEOUT", "30"},
                  {"ABR_PRESET", "fast"},
                  {"ABR_GOP_SIZE", "96"},
                  {"ABR_VARIANTS", R"([{"name":"sd","resolution":"854x480","bitrate":"1234567"}])"},
                  {"ICECAST_ENABLED", "true"},
                  {"ICECAST_HOST", "::1"},
                  {"ICECAST_PORT", "8001"},
                  {"ICECAST_SOURCE_PASSWORD", "hush"},
                  {"ICECAST_MOUNT", "/live.aac"},
                  {"ICECAST_AUDIO_BITRATE", "96000"},
                  {"ICECAST_AUDIO_FORMAT", "aac"},
                  {"RESTREAMER_INTERNAL_URL", "http://10.0.0.7:8080"},
                  {"CORE_API_HOSTNAME", "core.example.com"}});
}

TEST_CASE("environment: without a variable the channel is the one of the mux service's defaults") {
    auto const config = *load(made({}).yaml, "/run/continuo/from-env.yaml");
    CHECK(config.http.address == "0.0.0.0");
    CHECK(config.http.port == 8091);
    CHECK(config.runtime_dir == Config{}.runtime_dir);
    Channel expected;
    expected.name = "live";
    expected.playhead = Playhead{};
    expected.icecast = Icecast{};
    expected.icecast->password_file = "/run/continuo/from-env.password";
    expected.variants = {Variant{.name = "source", .copy = true, .preset = {}}};
    CHECK(config.channels == std::vector{expected});
    CHECK(expected.playhead->api_url == "http://api:8080");
    CHECK(expected.playhead->restreamer_internal_url == "http://restreamer:8080");
    CHECK(expected.playhead->transition_timeout == 15s);
    CHECK(expected.segment_time == 4s);
    CHECK(expected.window == 20);
    CHECK(made({}).icecast_password == "hackme");
    CHECK(made({}).notes.empty());
}

TEST_CASE("environment: the ladder is the source and three encodings, in the order of stream_N") {
    CHECK(channel_of({{"MUX_MODE", "abr"}}).variants ==
          std::vector<Variant>{Variant{.name = "source", .copy = true, .preset = {}},
                               encoded("1080p", 1080, 5'000'000, 192'000),
                               encoded("720p", 720, 2'800'000, 128'000),
                               encoded("576p", 576, 1'400'000, 96'000)});
}

TEST_CASE("environment: an empty variable counts as not set") {
    Set set;
    for (auto const* name :
         {"API_URL", "MUX_MODE", "HLS_SEGMENT_TIME", "HLS_LIST_SIZE", "TRANSITION_TIMEOUT",
          "ABR_PRESET", "ABR_GOP_SIZE", "ABR_VARIANTS", "ICECAST_ENABLED", "ICECAST_HOST",
          "ICECAST_PORT", "ICECAST_SOURCE_PASSWORD", "ICECAST_MOUNT", "ICECAST_AUDIO_BITRATE",
          "ICECAST_AUDIO_FORMAT", "RESTREAMER_INTERNAL_URL", "CORE_API_HOSTNAME"})
        set[name] = "";
    CHECK(made(set).yaml == made({}).yaml);
    CHECK(made(set).icecast_password == "hackme");
    set["MUX_MODE"] = "abr";
    CHECK(made(set).yaml == made({{"MUX_MODE", "abr"}}).yaml);
    CHECK(made(set).notes.empty());
}

TEST_CASE("environment: what each variable sets") {
    auto const playhead = [](std::string name, std::string value) {
        return *channel_of({{std::move(name), std::move(value)}}).playhead;
    };
    CHECK(playhead("API_URL", "https://api/").api_url == "https://api");
    CHECK(playhead("CORE_API_HOSTNAME", "core:8443").core_api_hostname == "core:8443");
    CHECK(playhead("RESTREAMER_INTERNAL_URL", "http://r").restreamer_internal_url == "http://r");
    CHECK(playhead("TRANSITION_TIMEOUT", "1").transition_timeout == 1s);
    CHECK(playhead("TRANSITION_TIMEOUT", "600").transition_timeout == 600s);

    CHECK(channel_of({{"MUX_MODE", "copy"}}).variants.size() == 1);
    CHECK(channel_of({{"HLS_SEGMENT_TIME", "6"}}).segment_time == 6s);
    CHECK(channel_of({{"HLS_SEGMENT_TIME", "1.92"}}).segment_time == 1920ms);
    CHECK(channel_of({{"HLS_LIST_SIZE", "3"}}).window == 3);
    CHECK(channel_of(in_abr({{"ABR_PRESET", "ultrafast"}})).variants.at(3).preset == "ultrafast");

    auto const icecast = [](std::string name, std::string value) {
        return *channel_of({{std::move(name), std::move(value)}}).icecast;
    };
    CHECK(icecast("ICECAST_HOST", "[::1]").host == "::1");
    CHECK(icecast("ICECAST_PORT", "65535").port == 65535);
    CHECK(icecast("ICECAST_MOUNT", "/a/b.aac").mount == "/a/b.aac");
    CHECK(icecast("ICECAST_AUDIO_BITRATE", "320K").bitrate_bps == 320'000);
    CHECK(icecast("ICECAST_AUDIO_BITRATE", "64000").bitrate_bps == 64'000);
    CHECK(icecast("ICECAST_AUDIO_FORMAT", "aac").format == Icecast::Format::aac);
    CHECK(icecast("ICECAST_AUDIO_FORMAT", "mp3").format == Icecast::Format::mp3);
    CHECK(made({{"ICECAST_SOURCE_PASSWORD", "a \"b\" {c}: #d"}}).icecast_password ==
          "a \"b\" {c}: #d");
}

TEST_CASE("environment: Icecast is switched off by every word for no") {
    for (auto const* no : {"false", "FALSE", "0", "no", "Off"}) {
        CAPTURE(no);
        CHECK_FALSE(channel_of({{"ICECAST_ENABLED", no}}).icecast.has_value());
        CHECK_FALSE(made({{"ICECAST_ENABLED", no}}).icecast_password.has_value());
    }
    for (auto const* yes : {"true", "True", "1", "YES", "on"}) {
        CAPTURE(yes);
        CHECK(channel_of({{"ICECAST_ENABLED", yes}}).icecast.has_value());
    }
}

TEST_CASE("environment: the password stands in no config file") {
    CHECK(made({{"ICECAST_SOURCE_PASSWORD", "hush"}}).yaml.find("hush") == std::string::npos);
    CHECK(made({}).yaml.find("hackme") == std::string::npos);
}

TEST_CASE("environment: each variable's mistakes are told with its name") {
    struct Row {
        std::string name, value, complaint;
    };
    auto const url = "must be a URL such as http://api:8080, without ? and #, got ";
    for (auto const& row : std::vector<Row>{
             {"API_URL", "api:8080", url + std::string("\"api:8080\"")},
             {"API_URL", "http://me:hush@api?x", url + std::string("\"http://***@api?x\"")},
             {"API_URL", "http://api\n", url + std::string("\"http://api?\"")},
             {"MUX_MODE", "x", "must be copy or abr, got \"x\""},
             {"MUX_MODE", "ABR", "must be copy or abr, got \"ABR\""},
             {"MUX_MODE", "cpoy", "must be copy or abr, got \"cpoy\"; did you mean \"copy\"?"},
             {"HLS_SEGMENT_TIME", "4s", "must be a number of seconds, got \"4s\""},
             {"HLS_SEGMENT_TIME", "4m", "must be a number of seconds, got \"4m\""},
             {"HLS_SEGMENT_TIME", "-4", "must be a number of seconds, got \"-4\""},
             {"HLS_SEGMENT_TIME", "0.5", "must be from 1 to 60, got \"0.5\""},
             {"HLS_SEGMENT_TIME", "61", "must be from 1 to 60, got \"61\""},
             {"HLS_LIST_SIZE", "2", "must be from 3 to 10000, got \"2\""},
             {"HLS_LIST_SIZE", "many", "must be a whole number, got \"many\""},
             {"TRANSITION_TIMEOUT", "15s", "must be a whole number of seconds, got \"15s\""},
             {"TRANSITION_TIMEOUT", "1.5", "must be a whole number of seconds, got \"1.5\""},
             {"TRANSITION_TIMEOUT", "0", "must be from 1 to 600, got \"0\""},
             {"TRANSITION_TIMEOUT", "601", "must be from 1 to 600, got \"601\""},
             {"ABR_PRESET", "veryfats",
              "must be ultrafast, superfast, veryfast, faster, fast, medium, slow, slower, "
              "veryslow or placebo, got \"veryfats\"; did you mean \"veryfast\"?"},
             {"ABR_GOP_SIZE", "2s", "must be a whole number, got \"2s\""},
             {"ICECAST_ENABLED", "maybe", "must be true or false, got \"maybe\""},
             {"ICECAST_HOST", "http://icecast",
              "must be a host name or an IP address, got \"http://icecast\""},
             {"ICECAST_PORT", "0", "must be from 1 to 65535, got \"0\""},
             {"ICECAST_PORT", "http", "must be a whole number, got \"http\""},
             {"ICECAST_SOURCE_PASSWORD", "hu\nsh", "must be one line"},
             {"ICECAST_MOUNT", "stream.mp3",
              "must be a path such as /stream.mp3, of letters, digits, - . _ ~ and /, got "
              "\"stream.mp3\""},
             {"ICECAST_AUDIO_BITRATE", "128 k",
              "must be a bit rate such as 128k or 128000, got \"128 k\""},
             {"ICECAST_AUDIO_BITRATE", "128", "must be from 16k to 320k, got \"128\""},
             {"ICECAST_AUDIO_FORMAT", "ogg", "must be mp3 or aac, got \"ogg\""},
             {"RESTREAMER_INTERNAL_URL", "restreamer", url + std::string("\"restreamer\"")},
             {"CORE_API_HOSTNAME", "https://core",
              "must be a host name such as core.example.com, perhaps with a port, got "
              "\"https://core\""}}) {
        CAPTURE(row.value);
        CHECK(complaints(in_abr({{row.name, row.value}})) ==
              Lines{row.name + ": " + row.complaint});
    }
}

TEST_CASE("environment: all mistakes come at once") {
    CHECK(complaints({{"API_URL", "x"},
                      {"HLS_LIST_SIZE", "1"},
                      {"MUX_MODE", "abr"},
                      {"ABR_VARIANTS", "[{}]"},
                      {"ICECAST_PORT", "x"}})
              .size() == 5);
}

TEST_CASE("environment: variables of what is switched off do no harm") {
    CHECK(made({{"ABR_PRESET", "x"}, {"ABR_GOP_SIZE", "x"}, {"ABR_VARIANTS", "x"}}).yaml ==
          made({}).yaml);
    CHECK(made({{"ICECAST_ENABLED", "false"},
                {"ICECAST_HOST", "/"},
                {"ICECAST_PORT", "x"},
                {"ICECAST_SOURCE_PASSWORD", "\n"},
                {"ICECAST_MOUNT", "x"},
                {"ICECAST_AUDIO_BITRATE", "x"},
                {"ICECAST_AUDIO_FORMAT", "x"}})
              .yaml == made({{"ICECAST_ENABLED", "false"}}).yaml);
}

TEST_CASE("environment: that the GOP size is not used is noted where it would have been") {
    CHECK(made({{"MUX_MODE", "abr"}, {"ABR_GOP_SIZE", "48"}}).notes ==
          Lines{"ABR_GOP_SIZE is not used: keyframes stay where the source has them"});
    CHECK(made({{"MUX_MODE", "abr"}}).notes.empty());
}

TEST_CASE("environment: variants may be written in several ways") {
    auto const variants = [](std::string json) {
        return channel_of(in_abr({{"ABR_VARIANTS", std::move(json)}})).variants;
    };
    auto const expected = encoded("720p", 720, 2'800'000, 128'000);
    for (
        auto const* json :
        {R"([{"name":"720p","height":720,"video_bitrate":"2800k","audio_bitrate":"128k"}])",
         R"([{"height":720,"video_bitrate":"2800k"}])",
         R"([{"name":"720p","width":1280,"height":"720","bitrate":"2.8M","audio_bitrate":128000}])",
         R"([{"name":"720p","resolution":"1280x720","bitrate":2800000,"audio_bitrate":"128K"}])",
         "[\n\t{\n\t\t\"name\": \"720p\",\n\t\t\"height\": 720,\n\t\t\"video_bitrate\": "
         "\"2800k\"\n\t}\n]\n",
         R"( [ { "\u006eame" : "720p" , "height" : 720 , "video_bitrate" : "2800k" } ] )"}) {
        CAPTURE(json);
        auto const made_of = variants(json);
        REQUIRE(made_of.size() == 2);
        CHECK(made_of[0].copy);
        CHECK(made_of[1] == expected);
    }
    CHECK(names_of(variants(R"([{"height":360,"bitrate":"600k"},{"height":1080,"bitrate":"5M"},)"
                            R"({"name":"null","height":480,"bitrate":"1M"}])")) ==
          Lines{"source", "360p", "1080p", "null"});
    auto const exact = variants(R"([{"height":360,"bitrate":1234567}])");
    CHECK(exact.at(1).video_bitrate_bps == 1'234'567);
}

TEST_CASE("environment: what is wrong with the variants is told with its place in them") {
    auto const said = [](std::string json) {
        auto const lines = complaints(in_abr({{"ABR_VARIANTS", std::move(json)}}));
        REQUIRE(lines.size() == 1);
        return lines[0];
    };
    auto const no_list =
        "ABR_VARIANTS:1:1: must be a list with at least one variant, such as "
        R"([{"name":"720p","height":720,"video_bitrate":"2800k","audio_bitrate":"128k"}])";
    CHECK(said("{}") == no_list);
    CHECK(said("[]") == no_list);
    CHECK(said("720p") == no_list);
    CHECK(said(" ") == no_list);
    CHECK(said("[{") == "ABR_VARIANTS:1:1: not JSON: end of map flow not found");
    CHECK(said(R"([{"height":720,"bitrate":"1M"}] 1)").starts_with("ABR_VARIANTS:1:33: "));
    CHECK(complaints(in_abr({{"ABR_VARIANTS", R"(["720p"])"}}))
              .at(0)
              .starts_with("ABR_VARIANTS:1:2: [0]: must be a mapping with the keys name, height,"));
    CHECK(said(R"([{"height":720}])") ==
          "ABR_VARIANTS:1:2: [0].video_bitrate: is missing; give exactly one of video_bitrate or "
          "bitrate");
    CHECK(said(R"([{"bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:2: [0].height: is missing; give exactly one of height or resolution");
    CHECK(said(R"([{"height":720,"resolution":"1280x720","bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:29: [0].resolution: stands beside \"height\"; give exactly one of height "
          "or resolution");
    CHECK(said(R"([{"heigth":720,"height":720,"bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:3: [0].heigth: unknown key; did you mean \"height\"?");
    CHECK(said(R"([{"height":"720p","bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:12: [0].height: must be a whole number, got \"720p\"");
    CHECK(said(R"([{"height":721,"bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:12: [0].height: must be even, got \"721\"");
    CHECK(said(R"([{"height":32,"bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:12: [0].height: must be from 64 to 4320, got \"32\"");
    CHECK(said(R"([{"resolution":"720","bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:16: [0].resolution: must be even WIDTHxHEIGHT such as 1280x720, got "
          "\"720\"");
    CHECK(said(R"([{"resolution":"64x32","bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:16: [0].resolution: must be from 64 to 4320 high, got \"64x32\"");
    CHECK(said(R"([{"width":1,"height":720,"bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:11: [0].width: must be from 64 to 7680, got \"1\"");
    CHECK(said(R"([{"height":720,"bitrate":2800}])") ==
          "ABR_VARIANTS:1:26: [0].bitrate: must be from 50k to 200M, got \"2800\"");
    CHECK(said(R"([{"height":720,"bitrate":"1M","audio_bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:47: [0].audio_bitrate: must be from 16k to 512k, got \"1M\"");
    CHECK(
        said(R"([{"name":"HD","height":720,"bitrate":"1M"}])") ==
        "ABR_VARIANTS:1:10: [0].name: must be 1 to 64 of a-z, 0-9, _ and -, the first a letter or "
        "digit, got \"HD\"");
    CHECK(said(R"([{"name":"source","height":720,"bitrate":"1M"}])") ==
          "ABR_VARIANTS:1:10: [0].name: \"source\" names another variant already");
    CHECK(said(R"([{"height":720,"bitrate":"1M"},{"height":720,"bitrate":"2M"}])") ==
          "ABR_VARIANTS:1:32: [1].name: \"720p\" names another variant already");
    std::string many = "[";
    for (int i = 0; i < 16; ++i)
        many += R"({"height":)" + std::to_string(360 + 2 * i) + R"(,"bitrate":"1M"},)";
    many.back() = ']';
    CHECK(said(many) == "ABR_VARIANTS:1:1: must have no more than 15 variants, has 16");
}

TEST_CASE("environment: every truncation of the variants is a ladder or a complaint about them") {
    std::string const json =
        R"([{"name":"720p","resolution":"1280x720","bitrate":"2800k","audio_bitrate":"128k"}])";
    for (std::size_t length = 1; length < json.size(); ++length) {
        auto const lines = complaints(in_abr({{"ABR_VARIANTS", json.substr(0, length)}}));
        REQUIRE_FALSE(lines.empty());
        CHECK(lines[0].starts_with("ABR_VARIANTS:"));
    }
    CHECK(from(in_abr({{"ABR_VARIANTS", json}})).has_value());
}

TEST_CASE("environment: no other variables are asked for than those of the mux service") {
    std::set<std::string> asked;
    (void)from_environment([&](std::string const& name) -> std::optional<std::string> {
        asked.insert(name);
        if (name == "MUX_MODE") return "abr";
        return {};
    });
    CHECK(asked == std::set<std::string>{"API_URL", "MUX_MODE", "HLS_SEGMENT_TIME", "HLS_LIST_SIZE",
                                         "TRANSITION_TIMEOUT", "ABR_PRESET", "ABR_GOP_SIZE",
                                         "ABR_VARIANTS", "ICECAST_ENABLED", "ICECAST_HOST",
                                         "ICECAST_PORT", "ICECAST_SOURCE_PASSWORD", "ICECAST_MOUNT",
                                         "ICECAST_AUDIO_BITRATE", "ICECAST_AUDIO_FORMAT",
                                         "RESTREAMER_INTERNAL_URL", "CORE_API_HOSTNAME"});
}

} // namespace continuo::config::environment_test
