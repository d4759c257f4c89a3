#include "http/dashlive/asset/list.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace continuo::dashlive::list_test {

bool contains(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

AssetShelf sample() {
    auto track = std::make_shared<Track>();
    track->id = "V<1>";
    track->content = Content::video;
    track->codecs = "avc1.64001e";
    track->bandwidth_bps = 300'000;
    track->timescale = 30'000;
    track->segments.resize(2);
    track->segments[0].duration = 30'000;
    track->segments[1].duration = 30'060;
    track->loop.emplace(30'000, std::vector<std::int64_t>{30'000, 30'060});
    auto asset = std::make_shared<Asset>();
    asset->name = "a b";
    asset->manifests.emplace("m.mpd", Manifest{.name = "m.mpd", .root = {}, .title = "A & B"});
    asset->tracks.emplace(track->id, track);
    asset->reference = track;
    AssetShelf shelf;
    shelf.root = "/srv/dash";
    auto view = std::make_shared<AssetView>();
    view->is_read = true;
    view->asset = asset;
    view->refused = {{.name = "bad.mpd", .reason = "has 2 Periods; one can be looped"}};
    view->notes = {"m.mpd: <note>"};
    shelf.assets.emplace("a b", view);
    shelf.assets.emplace("later", std::make_shared<AssetView const>());
    return shelf;
}

TEST_CASE("asset list: JSON names what can be asked for, and what is refused for which reason") {
    CHECK(assets_json(sample()) ==
          R"({"complete":false,"assets":[{"name":"a b","state":"ready","manifests":["m.mpd"],)"
          R"("refused":[{"manifest":"bad.mpd","reason":"has 2 Periods; one can be looped"}],)"
          R"("notes":["m.mpd: <note>"],"reference":"V<1>",)"
          R"("loop":{"segments":2,"units":60060,"timescale":30000},)"
          R"("tracks":[{"id":"V<1>","content":"video","codecs":"avc1.64001e",)"
          R"("bandwidth_bps":300000,"timescale":30000,"segments":2,)"
          R"("shortest_segment":30000,"longest_segment":30060,"first_time":0}]},)"
          R"({"name":"later","state":"reading","manifests":[],"refused":[],"notes":[]}]})"
          "\n");
}

TEST_CASE("asset list: the page links every MPD, and shows names as text") {
    auto const html = assets_html(sample());
    CHECK(contains(html, "href=\"/livesim2/a%20b/m.mpd\""));
    CHECK(contains(html, "href=\"/livesim2/a%20b/m.m3u8\""));
    CHECK(contains(html, "href=\"/vod/a%20b/m.mpd\""));
    CHECK(contains(html, "2 segments in 2.002 s; V&lt;1&gt; (avc1.64001e)"));
    CHECK(contains(html, "bad.mpd: has 2 Periods"));
    CHECK(contains(html, "&lt;note&gt;"));
    CHECK(contains(html, "A &amp; B"));
    CHECK(contains(html, "being read"));
    CHECK_FALSE(contains(html, "<1>"));
}

TEST_CASE("asset list: an empty shelf says why it is empty") {
    CHECK(contains(assets_html({}), "livesim.root is not set"));
    AssetShelf shelf;
    shelf.root = "/srv/dash";
    CHECK(contains(assets_html(shelf), "There is no MPD"));
}

} // namespace continuo::dashlive::list_test
