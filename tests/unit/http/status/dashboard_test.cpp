#include "http/status/dashboard.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/sample_snapshot.hpp"

#include <doctest/doctest.h>

#include <memory>

namespace dashboard_test {

using namespace continuo;
using namespace std::chrono_literals;

constexpr status::SteadyTime now{1000s};

TEST_CASE("dashboard: the list of channels, word for word, with everything escaped") {
    config::Config config;
    config.channels.resize(2);
    config.channels[0].name = "demo";
    config.channels[1].name = "other";
    auto snapshot = std::make_shared<contract::ChannelSnapshot>(test::sample_snapshot(8));
    snapshot->state.source = "<script>alert('1')</script>&\"";
    auto const find = [&](std::string_view name) -> status::Seen {
        if (name == "demo") return {.snapshot = snapshot, .grown = now};
        return {};
    };
    auto const list = status::channel_list(config, find, now);
    CHECK(list == test::golden("http/channel_list.html", list));
    CHECK(list.find("<script>") == std::string::npos);
}

TEST_CASE("dashboard: a playhead channel shows its head's name and how its API is") {
    config::Config config;
    config.channels.resize(1);
    config.channels[0].name = "live";
    config.channels[0].playhead.emplace();
    auto snapshot = std::make_shared<contract::ChannelSnapshot>(test::sample_snapshot(8));
    auto const shows = [&](std::string_view html) {
        auto const find = [&](std::string_view) -> status::Seen {
            return {.snapshot = snapshot, .grown = now};
        };
        auto const list = status::channel_list(config, find, now);
        return list.find(html) != std::string::npos;
    };
    CHECK(!shows("class=\"playhead\""));
    snapshot->state.playhead = test::sample_playhead();
    CHECK(shows("<p class=\"playhead\">Head: B &amp; more (API connected)</p>"));
    snapshot->state.playhead->name.clear();
    snapshot->state.playhead->api_connected = false;
    CHECK(shows("<p class=\"playhead\">Head: without a name (API not connected)</p>"));
    snapshot->state.playhead->head.clear();
    CHECK(shows("<p class=\"playhead\">Head: none yet (API not connected)</p>"));
}

TEST_CASE("dashboard: a file without channels says what to do") {
    auto const list = status::channel_list({}, nullptr, {});
    CHECK(list.find("No channel is configured") != std::string::npos);
}

} // namespace dashboard_test
