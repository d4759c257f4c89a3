// What requests say, and the small texts that answer them.
#include "http/pseudolive/epg.hpp"
#include "http/pseudolive/playlist_cache.hpp"
#include "http/pseudolive/stream_list.hpp"
#include "http/pseudolive/stream_name.hpp"
#include "http/storage/clock.hpp"
#include "http/storage/media_type.hpp"
#include "http/storage/state_file_name.hpp"
#include "tests/support/sample_asset.hpp"

#include <doctest/doctest.h>

namespace requests_test {

using namespace continuo;
using namespace continuo::pseudolive;
using namespace continuo::test;
using namespace std::chrono_literals;

ViewPtr view_with(std::vector<std::string> ids) {
    auto view = std::make_shared<View>();
    view->state = ViewState::ready;
    auto face = std::make_shared<Face>();
    face->ids = std::move(ids);
    view->face = std::move(face);
    return view;
}

std::string meant(std::string_view file, Views const& streams) {
    auto const name = stream_name_of(file, streams);
    return name ? name->stream + '|' + name->track : "nothing";
}

TEST_CASE("stream names: the longest known one, and a track that it has") {
    Views streams;
    streams["a"] = view_with({"b_c", "720p"});
    streams["a_b"] = view_with({"c"});
    streams["a_b_d"] = view_with({"x"});
    CHECK(meant("a.m3u8", streams) == "a|");
    CHECK(meant("a_b.m3u8", streams) == "a_b|");
    CHECK(meant("a_b_c.m3u8", streams) == "a_b|c");
    CHECK(meant("a_b_d_x.m3u8", streams) == "a_b_d|x");
    CHECK(meant("a_720p.m3u8", streams) == "a|720p");
    CHECK(meant("a_b_720p.m3u8", streams) == "a_b|720p"); // nobody has it: 404 names the longest
    CHECK(meant("a_b_c.ts", streams) == "nothing");
    CHECK(meant("b.m3u8", streams) == "nothing");
    CHECK(meant("_.m3u8", streams) == "nothing");
    CHECK(meant(".m3u8", streams) == "nothing");
    streams["a_b"] = std::make_shared<View>(); // being read: it may have it
    CHECK(meant("a_b_c.m3u8", streams) == "a_b|c");
}

TEST_CASE("clock: dates and seconds, with or without decimals") {
    WallTime const noon{1'795'262'400s};
    CHECK(storage::parse_now("1795262400") == noon);
    CHECK(storage::parse_now("1795262400.1") == noon + 100ms);
    CHECK(storage::parse_now("1795262400.000001") == noon + 1us);
    CHECK(storage::parse_now("2026-11-21T12:00:00Z") == noon);
    CHECK(storage::parse_now("2026-11-21T13:00:00.5+01:00") == noon + 500ms);
    CHECK(storage::parse_now("0") == WallTime{});
    for (auto const* const text : {"", "noon", "-1", "1e9", "1e300", "99999999999999999999", "nan"})
        CHECK_MESSAGE(!storage::parse_now(text), text);
}

TEST_CASE("clock: the value of a query's field, its escapes undone") {
    CHECK(storage::query_value("a=1&now=2026-11-21T12%3A00%3A00Z&b", "now") ==
          "2026-11-21T12:00:00Z");
    CHECK(storage::query_value("now", "now") == "");
    CHECK(storage::query_value("now=1&now=2", "now") == "1");
    CHECK(storage::query_value("now=50%", "now") == "50%");
    CHECK_FALSE(storage::query_value("know=1", "now"));
    CHECK_FALSE(storage::query_value("", "now"));
}

TEST_CASE("playlist cache: a text is rendered once for each change, and not for ever") {
    auto const asset = sample_asset("x", {Ticks90k{4s}}, {{"a", 1000}});
    std::vector<Item> const items{{.asset = asset, .times = 1, .tracks = {0}}};
    auto const one = std::make_shared<Stream const>(items, StreamOptions{});
    auto const two = std::make_shared<Stream const>(items, StreamOptions{});
    PlaylistCache cache{2};
    int rendered = 0;
    auto const ask = [&](std::string_view key, auto const& stream, std::uint64_t ended) {
        auto& document = cache.find(key, stream, ended, [&] {
            return server::DocumentOnDemand{std::to_string(++rendered), "text/plain",
                                            server::no_store};
        });
        return std::string(
            server::memory_of(document.coding_for("identity")->body.pieces().front()));
    };
    CHECK(ask("a", one, 7) == "1");
    CHECK(ask("a", one, 7) == "1");
    CHECK(ask("a", one, 8) == "2");
    CHECK(ask("a", two, 8) == "3");
    CHECK(ask("b", one, 8) == "4");
    CHECK(ask("a", two, 8) == "3");
    CHECK(ask("c", one, 8) == "5"); // b was not asked for the longest
    CHECK(cache.size() == 2);
    CHECK(ask("a", two, 8) == "3");
    CHECK(ask("b", one, 8) == "6");
}

TEST_CASE("epg: what is on now and for a day, names escaped") {
    auto view = std::make_shared<View>();
    view->state = ViewState::ready;
    auto const one = sample_asset("1", {Ticks90k{6h}}, {{"a", 1}});
    auto const two = sample_asset("2", {Ticks90k{2h}, Ticks90k{2h}}, {{"a", 1}});
    view->stream =
        std::make_shared<Stream const>(std::vector<Item>{{.asset = one, .times = 1, .tracks = {0}},
                                                         {.asset = two, .times = 2, .tracks = {0}}},
                                       StreamOptions{.era = {.start = WallTime{1'767'225'600s}}});
    view->item_names = {"Tom & <Jerry>", "b"};
    auto const now = WallTime{1'767'225'600s} + 7h;
    auto const list = programmes(*view, now, now + 24h, 100);
    REQUIRE(list.size() == 6);
    CHECK(list[0].asset == "b");
    CHECK(list[0].start == now - 1h);
    CHECK(list[1].asset == "b");
    CHECK(list[2].asset == "Tom & <Jerry>");
    CHECK(list[2].end == now + 13h);
    CHECK(programmes(*view, now, now + 24h, 2).size() == 2);

    Views channels{{"news", view}, {"starting", std::make_shared<View const>()}};
    auto const text = xmltv(channels, now);
    CHECK(text.find("<channel id=\"news\">") != std::string::npos);
    CHECK(text.find("starting") == std::string::npos);
    CHECK(text.find("<programme start=\"20260101060000 +0000\" stop=\"20260101100000 +0000\" "
                    "channel=\"news\">\n    <title>b</title>") != std::string::npos);
    CHECK(text.find("<title>Tom &amp; &lt;Jerry&gt;</title>") != std::string::npos);
}

TEST_CASE("stream list: each stream with its state, and the reason of a refusal") {
    Shelf shelf;
    auto refused = std::make_shared<View>();
    refused->state = ViewState::refused;
    refused->note = "has no duration";
    shelf.streams = {{"a b", refused}, {"c", std::make_shared<View const>()}};
    CHECK(streams_json(shelf) ==
          R"({"streams":[{"name":"a b","state":"refused","note":"has no duration","urls":)"
          R"({"master":"/pseudolive/a%20b/master.m3u8","alias":"/a%20b.m3u8"}},)"
          R"({"name":"c","state":"reading","note":"","urls":)"
          R"({"master":"/pseudolive/c/master.m3u8","alias":"/c.m3u8"}}]})"
          "\n");
}

TEST_CASE("media types: told by the ending") {
    CHECK(storage::media_type_of("720p/1.ts") == "video/mp2t");
    CHECK(storage::media_type_of("a.b/1.m4s") == "video/mp4");
    CHECK(storage::media_type_of("1.vtt") == "text/vtt");
    CHECK(storage::media_type_of("a.ts/key") == "application/octet-stream");
    CHECK(storage::media_type_of("") == "application/octet-stream");
}

TEST_CASE("state files: other letters are escaped, so that no two names are alike") {
    CHECK(storage::state_file_name("Big_Buck-1") == "Big_Buck-1.json");
    CHECK(storage::state_file_name("a.b c%") == "a%2Eb%20c%25.json");
}

} // namespace requests_test
