#include "http/status/channel_json.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/sample_snapshot.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>

namespace channel_json_test {

using namespace continuo;
using namespace std::chrono_literals;

constexpr status::SteadyTime now{1000s};

config::Channel channel_called(std::string name) {
    config::Channel channel;
    channel.name = std::move(name);
    channel.variants = {{.name = "source", .copy = true, .preset = {}},
                        {.name = "360p", .copy = false, .height = 360, .preset = {}}};
    return channel;
}

status::Seen seen(contract::ChannelSnapshot snapshot) {
    return {.snapshot = std::make_shared<contract::ChannelSnapshot const>(std::move(snapshot)),
            .grown = now};
}

/// Only the channel "demo" has a snapshot.
status::Seen find(std::string_view name) {
    if (name != "demo") return {};
    return seen(test::sample_snapshot(8));
}

TEST_CASE("channel json: all channels in the order of the file, word for word") {
    config::Config config;
    config.channels = {channel_called("demo"), channel_called("other")};
    auto const text = status::channels_json(config, find, now);
    CHECK(text == test::golden("http/channels.json", text));
    auto const one = status::channel_json(config.channels[0], find("demo"), now);
    CHECK(text.find(one.substr(0, one.size() - 1)) != std::string::npos);
}

TEST_CASE(
    "channel json: a playhead channel tells its head and its latest switches, word for word") {
    auto channel = channel_called("demo");
    auto snapshot = test::sample_snapshot(8);
    auto const none = status::channel_json(channel, seen(snapshot), now);
    CHECK(none.find("playhead") == std::string::npos);
    channel.playhead.emplace();
    CHECK(status::channel_json(channel, {}, now).ends_with("\"playhead\":null}\n"));
    snapshot.state.playhead = test::sample_playhead();
    auto const text = status::channel_json(channel, seen(snapshot), now);
    CHECK(text == test::golden("http/playhead_channel.json", text));
}

TEST_CASE("channel json: the latest breaks are told, the one that is open without an end") {
    auto snapshot = test::sample_snapshot(8);
    contract::WallTime const date{1'700'000'000s};
    snapshot.state.breaks = {{.event_id = 8, .first_number = 105, .start = date + 20s},
                             {.event_id = 7,
                              .first_number = 100,
                              .start = date + 1ms,
                              .planned = Ticks90k{13'400ms},
                              .end = date + 12s}};
    auto const text = status::channel_json(channel_called("demo"), seen(snapshot), now);
    CHECK(
        text.find(R"("breaks":[{"event_id":8,"first_number":105,"start":"2023-11-14T22:13:40.000Z")"
                  R"(,"planned_s":null,"end":null},{"event_id":7,"first_number":100,)"
                  R"("start":"2023-11-14T22:13:20.001Z","planned_s":13.4,)"
                  R"("end":"2023-11-14T22:13:32.000Z"}])") != std::string::npos);
}

TEST_CASE("channel json: what the daemon says of a cue is passed on") {
    CHECK(status::cue_json("demo", R"({"event_id":7,"kind":"out"})") ==
          "{\"channel\":\"demo\",\"event_id\":7,\"kind\":\"out\"}\n");
    CHECK(status::cue_json("demo", "null") == "{\"channel\":\"demo\"}\n");
}

TEST_CASE("channel json: a channel that feeds Icecast tells how that is") {
    auto channel = channel_called("demo");
    auto snapshot = test::sample_snapshot(8);
    CHECK(status::channel_json(channel, seen(snapshot), now).find("icecast") == std::string::npos);
    channel.icecast.emplace();
    CHECK(status::channel_json(channel, {}, now).ends_with("\"icecast\":null}\n"));
    snapshot.state.icecast = "retrying: connection refused";
    CHECK(status::channel_json(channel, seen(snapshot), now)
              .ends_with("\"icecast\":{\"state\":\"retrying: connection refused\"}}\n"));
}

TEST_CASE("channel json: texts from outside stay valid JSON") {
    auto snapshot = test::sample_snapshot(1);
    snapshot.state.source = "http://x/\"\xff\n";
    auto const text = status::channel_json(channel_called("demo"), seen(snapshot), now);
    CHECK(text.find(R"("source":"http://x/\"�\n")") != std::string::npos);
}

TEST_CASE("health json: of the channel named live, else of the first") {
    config::Config config;
    auto const health = [&] { return status::health_json(config, find, now); };
    CHECK(health() == "{\"status\":\"ok\",\"mode\":\"copy\",\"stream_ready\":false}\n");
    config.channels = {channel_called("demo")};
    CHECK(health() == "{\"status\":\"ok\",\"mode\":\"abr\",\"stream_ready\":true}\n");
    config.channels.push_back(channel_called("live"));
    CHECK(health() == "{\"status\":\"ok\",\"mode\":\"abr\",\"stream_ready\":false}\n");
    config.channels[1].variants.pop_back();
    CHECK(health() == "{\"status\":\"ok\",\"mode\":\"copy\",\"stream_ready\":false}\n");
}

} // namespace channel_json_test
