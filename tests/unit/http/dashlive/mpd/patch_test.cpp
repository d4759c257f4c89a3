#include "http/dashlive/mpd/patch.hpp"
#include "tests/support/applied_patch.hpp"
#include "tests/support/dash_mpd.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>

namespace patch_test {

using namespace continuo;
using namespace std::chrono_literals;
using dashlive::DateTime;
using dashlive::MpdRequest;
using std::chrono::milliseconds;
using support::dash_asset;
using support::dash_session;
using support::with_manifest;

MpdRequest asking(std::string query) {
    return {.base = "https://host", .query = std::move(query), .period = {}};
}

/// Of the asset with four segments of 2 s.
dashlive::Answer<dashlive::PatchText> patch(char const* url, milliseconds now, std::string query) {
    auto const session = dash_session(with_manifest(support::two_second_asset()), url, now);
    return patch_of(session, support::manifest_of(session), asking(std::move(query)));
}

unsigned status(char const* url, milliseconds now, std::string query) {
    return support::status_of(patch(url, now, std::move(query)));
}

TEST_CASE("an MPD with patches says where they are") {
    auto const session =
        dash_session(with_manifest(support::two_second_asset()), "/livesim2/patch_60/", 100s);
    support::MpdReader const view(
        support::mpd_text(session, asking("a=1&publishTime=1970-01-01T00:00:07Z")).text);
    CHECK(view.attribute("id") == "auto-patch-id");
    auto const& location = *view.root.find_child("PatchLocation");
    CHECK(support::MpdReader::attribute(location, "ttl") == "60");
    CHECK(location.text == "/patch/livesim2/patch_60/asset/"
                           "Manifest.mpp?publishTime=1970-01-01T00:00:00Z&a=1");
    for (auto const* const set : support::MpdReader::all(*view.periods()[0], "AdaptationSet"))
        CHECK(set->find_attribute("id") != nullptr);
}

TEST_CASE("a patch tells numbers, times and what follows them") {
    auto const answer = patch("/livesim2/patch_60/segtimelinenr_1/", 1'713'252'897'001ms,
                              "publishTime=2024-04-16T07%3A34%3A38Z");
    REQUIRE(answer.has_value());
    CHECK(answer->publish_time == DateTime(1'713'252'896s));
    CHECK(answer->expires == DateTime(1'713'252'948s));
    auto const root = dash::parse_element(answer->text).value();
    CHECK(root.name == "Patch");
    CHECK(*root.find_attribute("mpdId") == "auto-patch-id");
    CHECK(*root.find_attribute("originalPublishTime") == "2024-04-16T07:34:38Z");
    CHECK(*root.find_attribute("publishTime") == "2024-04-16T07:34:56Z");
    for (auto const* const part :
         {"sel=\"/MPD/@publishTime\">2024-04-16T07:34:56Z<", "@startNumber\">856626417<",
          "t=\"154192755060000\"", "t=\"82236136032256\""})
        CHECK_MESSAGE(answer->text.find(part) != std::string::npos, answer->text);
}

TEST_CASE("a patch is there from the next MPD on until the client's is too old") {
    auto const* const url = "/livesim2/patch_60/segtimeline_1/";
    CHECK(status(url, 101'999ms, "publishTime=1970-01-01T00:01:40Z") == 425);
    CHECK(status(url, 102'000ms, "publishTime=1970-01-01T00:01:40Z") == 200);
    CHECK(status(url, 171'999ms, "publishTime=1970-01-01T00:01:40Z") == 200);
    CHECK(status(url, 172'000ms, "publishTime=1970-01-01T00:01:40Z") == 410);
    CHECK(status(url, 150s, "publishTime=1970-01-01T00:01:41Z") == 410);
    CHECK(status(url, 150s, "publishTime=2100-01-01T00:01:41Z") == 425);
    CHECK(status(url, 150s, "") == 400);
    CHECK(status(url, 150s, "publishTime=now") == 400);
    CHECK(status("/livesim2/segtimeline_1/", 150s, "publishTime=1970-01-01T00:01:40Z") == 400);
}

TEST_CASE("an MPD with its patch is the MPD that is there now") {
    std::mt19937_64 random(15);
    auto const assets = {support::two_second_asset(), dash_asset({90'000, {360'000, 720'000}}),
                         dash_asset({30'000, {60'060, 60'060, 31'031}})};
    unsigned patched = 0;
    for (auto const* const url :
         {"/livesim2/patch_60/segtimeline_1/", "/livesim2/patch_60/segtimelinenr_1/tsbd_20/",
          "/livesim2/patch_60/segtimeline_pattern/tsbd_9/utc_direct/",
          "/livesim2/patch_60/segtimeline_1/periods_60/continuous_1/xlink_1/",
          "/livesim2/patch_60/periods_60/etp_20/snr_3/timesubswvtt_en/",
          "/livesim2/patch_60/timeoffset_1.5/segtimelinenr_1/ato_1/chunkdur_0.5/",
          "/livesim/patch_30/segtimelinenr_1/baseurl_u13_d17/segtimelineloss_1/",
          "/livesim2/patch_60/start_1000/stop_1030/segtimeline_1/"})
        for (auto const& plain : assets) {
            auto const asset = with_manifest(plain);
            auto const options = support::dash_options(url);
            for (int i = 0; i < 20; ++i) {
                auto const then = milliseconds(990'000 + random() % 60'000);
                auto const now = then + milliseconds(random() % 40'000);
                INFO(url, " ", then.count(), " ", now.count());
                auto const before = dashlive::Session::open(asset, options, DateTime(then));
                auto const after = dashlive::Session::open(asset, options, DateTime(now));
                if (!before || !after) continue; // periods that the asset can't have
                auto const& manifest = support::manifest_of(*before);
                auto const old = mpd_of(*before, manifest, asking("a=1"));
                if (!old) continue;
                auto const query =
                    fmt::format("publishTime={}&a=1", dash::to_text(old->publish_time));
                auto const patch = patch_of(*after, manifest, asking(query));
                auto const wanted = support::mpd_text(*after, asking("a=1"));
                if (!patch) {
                    CHECK((patch.error().status == 425 || patch.error().status == 410));
                    CHECK((patch.error().status == 425) ==
                          (wanted.publish_time == old->publish_time));
                    continue;
                }
                dash::Element document{.name = "document",
                                       .children = {dash::parse_element(old->text).value()}};
                for (auto const& operation : dash::parse_element(patch->text).value().children)
                    support::apply(document, operation);
                CHECK(support::with_sorted_attributes(document.children.at(0)) ==
                      support::with_sorted_attributes(dash::parse_element(wanted.text).value()));
                ++patched;
            }
        }
    CHECK(patched > 150);
}

} // namespace patch_test
