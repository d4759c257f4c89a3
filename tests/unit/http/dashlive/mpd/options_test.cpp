#include "http/dashlive/media/clear_key.hpp"
#include "http/dashlive/mpd/mpd.hpp"
#include "tests/support/dash_mpd.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace options_test {

using namespace continuo;
using namespace std::chrono_literals;
using support::dash_asset;
using support::dash_session;
using support::mpd;
using support::mpd_text;
using support::MpdReader;
using support::with_manifest;

std::string value(dash::Element const& element, std::string_view name) {
    return MpdReader::attribute(element, name);
}

/// "P15@PT15M P16@PT16M"
std::string periods_of(MpdReader const& view) {
    std::string all;
    for (auto const* const period : view.periods())
        all += (all.empty() ? "" : " ") + value(*period, "id") + "@" + value(*period, "start");
    return all;
}

/// What a remote Period of the asset with four segments of 2 s is.
std::string remote(char const* url, std::chrono::milliseconds now, std::string period) {
    auto const session = dash_session(with_manifest(support::two_second_asset()), url, now);
    return mpd_text(session, {.base = "https://host", .query = {}, .period = std::move(period)})
        .text;
}

/// Schemes and values of the descriptors that are called so in a set.
std::string descriptors(dash::Element const& set, std::string_view name) {
    std::string all;
    for (auto const* const element : MpdReader::all(set, name))
        all += value(*element, "schemeIdUri") + "=" + value(*element, "value") + "\n";
    return all;
}

TEST_CASE("Periods count from the availability start, each with the numbers of its segments") {
    auto const view = mpd("/livesim2/periods_60/", 1001s);
    CHECK(periods_of(view) == "P15@PT15M P16@PT16M");
    CHECK(view.attribute("publishTime") == "1970-01-01T00:16:00Z");
    CHECK(value(view.segments("audio", 0), "presentationTimeOffset") == "900");
    CHECK(value(view.segments("audio", 1), "startNumber") == "480");
    CHECK(value(view.segments("video", 1), "presentationTimeOffset") == "86400000");
    CHECK(value(view.segments("image", 1), "startNumber") == "480");

    CHECK(periods_of(mpd("/livesim2/start_1000000/periods_60/", 1'000'100s)) == "P0@PT0S P1@PT1M");
    auto const numbered = mpd("/livesim2/snr_7/periods_60/", 1001s);
    CHECK(value(numbered.segments("video", 0), "startNumber") == "457");
    CHECK(value(numbered.segments("video", 1), "startNumber") == "487");
}

TEST_CASE("a timeline's segments are split among the Periods that they begin in") {
    auto const view = mpd("/livesim2/segtimelinenr_1/periods_60/", 1001s);
    CHECK(periods_of(view) == "P15@PT15M P16@PT16M");
    CHECK(value(view.segments("video", 0), "presentationTimeOffset") == "81000000");
    CHECK(value(view.segments("audio", 1), "presentationTimeOffset") == "46080000");
    CHECK(view.listed("video", 0).front().number == 469);
    CHECK(view.listed("video", 0).back().number == 479);
    CHECK(view.listed("video", 1).front().start == 86'400'000);
    CHECK(view.listed("audio", 1).front().number == 480);
    CHECK(view.listed("audio", 1).size() == 20);
}

TEST_CASE("a Period in which nothing has ended yet is left out") {
    CHECK(periods_of(mpd("/livesim2/segtimeline_1/periods_60/", 960s)) == "P14@PT14M P15@PT15M");
    CHECK(periods_of(mpd("/livesim2/segtimeline_1/periods_60/", 962s)) == "P15@PT15M P16@PT16M");
}

TEST_CASE("livesim1 announces the next Period from the middle of one on") {
    CHECK(periods_of(mpd("/livesim/periods_60/tsbd_30/", 989s)) == "P15@PT15M P16@PT16M");
    CHECK(periods_of(mpd("/livesim/periods_60/tsbd_30/", 990s)) == "P16@PT16M P17@PT17M");
    CHECK(periods_of(mpd("/livesim/periods_0/", 4'000'000s)) == "P0@PT1000H");
}

TEST_CASE("Periods that go on say which one they continue") {
    auto const view = mpd("/livesim2/periods_60/continuous_1/", 100s);
    CHECK(descriptors(view.set("video", 0), "SupplementalProperty").empty());
    CHECK(descriptors(view.set("audio", 1), "SupplementalProperty") ==
          "urn:mpeg:dash:period-continuity:2015=P0\n");
    CHECK(descriptors(mpd("/livesim/periods_60/continuous_1/", 100s).set("audio", 1),
                      "SupplementalProperty") == "urn:mpeg:dash:period_continuity:2014=P0\n");
}

TEST_CASE("complete Periods are fetched by xlink, and are the same there") {
    auto const view = mpd("/livesim2/periods_60/xlink_1/", 1001s);
    CHECK(view.attribute("xmlns:xlink") == "http://www.w3.org/1999/xlink");
    auto const periods = view.periods();
    REQUIRE(periods.size() == 2);
    CHECK(value(*periods[0], "xlink:href") == "./Manifest.mpd?period=P15");
    CHECK(value(*periods[0], "xlink:actuate") == "onRequest");
    CHECK(periods[0]->children.empty());
    CHECK(periods[1]->find_attribute("xlink:href") == nullptr);

    auto resolved =
        dash::parse_element(remote("/livesim2/periods_60/xlink_1/", 1001s, "P15")).value();
    CHECK(value(resolved, "xmlns") == "urn:mpeg:dash:schema:mpd:2011");
    resolved.remove_attribute("xmlns");
    CHECK(resolved == *mpd("/livesim2/periods_60/", 1001s).periods()[0]);
    auto const session = dash_session(with_manifest(support::two_second_asset()),
                                      "/livesim2/periods_60/xlink_1/", 1001s);
    for (auto const* const other : {"P14", "P17", "15", "x"})
        CHECK(support::status_of(mpd_of(session, support::manifest_of(session),
                                        {.base = {}, .query = {}, .period = other})) == 404);
    auto const first = mpd("/livesim/periods_60/xlink_30/tsbd_30/", 1001s);
    CHECK(value(*first.periods()[0], "xlink:actuate") == "onLoad");
}

TEST_CASE("an advertisement is the asset from disk, until the next Period begins") {
    auto const* const url = "/livesim2/periods_60/insertad_30/";
    auto const view = mpd(url, 1001s); // every other Period
    CHECK(view.periods()[0]->find_attribute("xlink:href") == nullptr);
    CHECK(value(*view.periods()[1], "xlink:href") == "./Manifest.mpd?period=P16");
    MpdReader const ads("<r>" + remote(url, 1001s, "P16") + "</r>");
    REQUIRE(ads.periods().size() == 8);
    CHECK(value(*ads.periods()[1], "id") == "P16-2");
    CHECK(value(*ads.periods()[1], "start") == "PT16M8S");
    CHECK(value(*ads.periods()[1], "duration") == "PT8S");
    CHECK(value(*ads.periods()[7], "duration") == "PT4S");
    CHECK(ads.periods()[0]->children.at(0).text == "https://host/vod/asset/");
    CHECK(value(ads.segments("audio", 0), "endNumber") == "4");
}

TEST_CASE("a Period that ends early has a duration, and no segments behind it") {
    auto const view = mpd("/livesim2/periods_60/etp_30/segtimelinenr_1/", 1001s);
    CHECK(periods_of(view) == "P15@PT15M P16@PT16M");
    CHECK(view.periods()[0]->find_attribute("duration") == nullptr);
    CHECK(value(*view.periods()[1], "duration") == "PT30S");
    CHECK(view.listed("video", 1).back().number == 494);
    auto const cut = mpd("/livesim2/periods_60/etp_30/etpDuration_3/segtimelinenr_1/", 1001s);
    CHECK(value(*cut.periods()[1], "duration") == "PT3S");
    CHECK(cut.listed("video", 1).back().number == 481);
    // All that is in the time-shift buffer lies behind the end.
    auto const late = mpd("/livesim2/periods_1/etp_1/segtimelinenr_1/", 7000s);
    CHECK(periods_of(late) == "P1@PT1H");
    CHECK(late.listed("video").size() == 1);
    CHECK(late.listed("video").back().number == (3600 + 1800) / 2 - 1);
}

TEST_CASE("offsets stand on Periods too, callbacks in theirs") {
    auto const view = mpd("/livesim2/periods_60/peroff_1/mpdcallback_30/", 1001s);
    auto const& base = *view.periods()[1]->find_child("SegmentBase");
    CHECK(value(base, "presentationTimeOffset") == "86400000");
    CHECK(value(base, "timescale") == "90000");
    CHECK(view.periods()[0]->find_child("EventStream") == nullptr);
    auto const& stream = *view.periods()[1]->find_child("EventStream");
    CHECK(value(stream, "schemeIdUri") == "urn:mpeg:dash:event:callback:2015");
    CHECK(stream.children.at(0).text == "https://host/livesim2/periods_60/peroff_1/mpdcallback_30/"
                                        "asset/Manifest.mpd?mpdcallback=P16");
}

TEST_CASE("origins that fail are told as BaseURLs") {
    auto const traffic = mpd("/livesim2/traffic_u20d10,u10s5h3/", 100s);
    auto const urls = MpdReader::all(*traffic.periods()[0], "BaseURL");
    REQUIRE(urls.size() == 2);
    CHECK(urls[0]->text == "bu0/");
    CHECK(urls[1]->text == "bu1/");
    auto const origins = mpd("/livesim/baseurl_u40_d20/tsbd_30/baseurl_d40_u20/", 100s);
    auto const base = MpdReader::all(*origins.periods()[0], "BaseURL");
    REQUIRE(base.size() == 2);
    CHECK(base[0]->text == "https://host/livesim/baseurl_u40_d20/tsbd_30/asset/");
    CHECK(base[1]->text == "https://host/livesim/tsbd_30/baseurl_d40_u20/asset/");
    CHECK(mpd("/livesim/baseurl_u40_d20/", 100s).periods()[0]->find_child("BaseURL") == nullptr);
}

TEST_CASE("segments that an origin lost are missing in the timeline") {
    // Up in the first 40 s of a minute: what ended later was lost.
    auto const* const url = "/livesim/baseurl_u40_d20/segtimelineloss_1/tsbd_100/segtimelinenr_1/";
    auto const view = mpd(url, 121s);
    auto const& timeline = view.segments("video").children.at(0);
    REQUIRE(timeline.children.size() == 3);
    CHECK(value(timeline.children[1], "t") == "5220000"); // 58 s, ends when all is well again
    CHECK(value(timeline.children[1], "n") == "29");
    CHECK(value(timeline.children[1], "r") == "19");
    CHECK(value(timeline.children[2], "t") == "10620000");
}

TEST_CASE("durations that come again are told as a pattern") {
    auto const view = mpd("/livesim2/segtimeline_pattern/", 100s);
    auto const text = dash::bare_text(view.segments("audio"));
    for (auto const* const part :
         {"<Pattern id=\"1\">", "<P d=\"96256\" r=\"2\">", "<P d=\"95232\">",
          "<S t=\"1824768\" r=\"30\" p=\"1\" pE=\"3\">"})
        CHECK_MESSAGE(text.find(part) != std::string::npos, text);
    CHECK(descriptors(view.set("audio"), "EssentialProperty") == "urn:mpeg:dash:pattern:2024=\n");
    CHECK(descriptors(view.set("video"), "EssentialProperty").empty());
    CHECK(view.listed("video").size() == 31);

    // 90 frames each: nothing to tell apart; 17 segments: too long a pattern.
    for (auto const duration : {172'800, 180'225}) {
        auto const asset = with_manifest(dash_asset({90'000, {duration}}));
        MpdReader const plain(
            mpd_text(dash_session(asset, "/livesim2/segtimelinenr_pattern/", 100s)).text);
        CHECK(plain.segments("audio").children[0].find_child("Pattern") == nullptr);
    }
}

TEST_CASE("a pattern says the same as a list") {
    for (std::vector<std::int64_t> const& durations :
         {std::vector<std::int64_t>{180'000, 180'000, 180'000, 180'000},
          {192'000, 96'000},
          {90'000},
          {57'600, 86'400, 144'000}}) {
        auto const asset = with_manifest(dash_asset({90'000, durations}));
        for (auto now = 3s; now < 70s; now += 1s) {
            MpdReader const plain(
                mpd_text(dash_session(asset, "/livesim2/segtimeline_1/tsbd_20/", now)).text);
            MpdReader const pattern(
                mpd_text(dash_session(asset, "/livesim2/segtimeline_pattern/tsbd_20/", now)).text);
            auto const& timeline = pattern.segments("audio").children.at(0);
            std::vector<std::int64_t> period;
            for (auto const* const entry : MpdReader::all(*timeline.find_child("Pattern"), "P"))
                for (int left = std::stoi("0" + value(*entry, "r")); left >= 0; --left)
                    period.push_back(std::stoll(value(*entry, "d")));
            auto const& entry = *timeline.find_child("S");
            auto place = std::stoull(value(entry, "pE"));
            auto time = std::stoll(value(entry, "t"));
            std::vector<support::ListedSegment> listed;
            for (int left = std::stoi("0" + value(entry, "r")); left >= 0; --left) {
                auto const duration = period.at(place++ % period.size());
                listed.push_back({0, time, duration});
                time += duration;
            }
            CHECK(listed == plain.listed("audio"));
        }
    }
}

TEST_CASE("segments in parts are announced in the sets that have them") {
    auto const view = mpd("/livesim2/ssras_1,2/chunkdurssr_1,0.5/", 100s);
    CHECK(view.attribute("profiles").ends_with(",urn:mpeg:dash:profile:advanced-linear:2025"));
    auto const& set = view.set("video"); // has the id 1; sound gets the next
    CHECK(value(view.segments("video"), "media") == "$RepresentationID$/$Number$_$SubNumber$.m4s");
    CHECK(value(view.segments("video"), "k") == "4");
    CHECK(descriptors(set, "EssentialProperty") == "urn:mpeg:dash:ssr:2023=2\n");
    CHECK(descriptors(set, "SupplementalProperty") ==
          "urn:mpeg:dash:adaptation-set-switching:2016=2\n");
    CHECK(value(*set.find_child("SegmentSequenceProperties"), "sapType") == "1");
    CHECK(value(view.set("audio"), "id") == "2");
    CHECK(descriptors(view.set("audio"), "SupplementalProperty") ==
          "urn:mpeg:dash:adaptation-set-switching:2016=1\n");
    CHECK(view.segments("audio").find_attribute("k") == nullptr);
    auto const numbered = mpd("/livesim2/segtimelinenr_1/ssras_1,2/chunkdurssr_1,0.5/", 100s);
    CHECK(value(numbered.segments("video").children[0].children[0], "k") == "4");
}

TEST_CASE("breaks come in a stream of events of the pictures") {
    auto const view = mpd("/livesim2/scte35_2/", 100s);
    CHECK(descriptors(view.set("video"), "InbandEventStream") == "urn:scte:scte35:2013:bin=\n");
    CHECK(descriptors(view.set("audio"), "InbandEventStream").empty());
    auto const first = mpd("/livesim/scte35_2/", 100s);
    CHECK(descriptors(first.set("video"), "InbandEventStream") == "urn:scte:scte35:2013:xml=999\n");
    CHECK(first.attribute("profiles").ends_with(",http://dashif.org/guidelines/adin/app"));
    auto const losses = mpd("/livesim/segtimeline_1/segtimelineloss_1/baseurl_u40_d20/", 100s);
    CHECK(descriptors(losses.set("video"), "InbandEventStream") == "urn:mpeg:dash:event:2012=1\n");
}

TEST_CASE("subtitles that are made up have sets of their own") {
    auto const view = mpd("/livesim2/timesubsstpp_en,sv/timesubswvtt_en/", 100s);
    auto const sets = MpdReader::all(*view.periods()[0], "AdaptationSet");
    REQUIRE(sets.size() == 7);
    auto const& set = *sets[5];
    CHECK(value(set, "id") == "101");
    CHECK(value(set, "lang") == "sv");
    CHECK(value(set, "contentType") == "text");
    auto const& segments = *set.find_child("SegmentTemplate");
    CHECK(value(segments, "timescale") == "1000");
    CHECK(value(segments, "duration") == "2000");
    CHECK(value(segments, "startNumber") == "0");
    CHECK(value(segments, "media") == "$RepresentationID$/$Number$.m4s");
    CHECK(value(*set.find_child("Representation"), "id") == "timestpp-sv");
    CHECK(value(*set.find_child("Representation"), "bandwidth") == "8000");
    CHECK(value(*sets[6]->find_child("Representation"), "codecs") == "wvtt");

    auto const timed = mpd("/livesim2/segtimeline_1/timesubsstpp_en/tsbd_8/", 100s);
    auto const last = *MpdReader::all(*timed.periods()[0], "AdaptationSet").back();
    CHECK(MpdReader::listed(*last.find_child("SegmentTemplate")).front() ==
          support::ListedSegment{0, 90'000, 2000});
    CHECK(value(*last.find_child("SegmentTemplate"), "media") == "$RepresentationID$/$Time$.m4s");
}

TEST_CASE("pictures must be asked for as annexI has it") {
    auto const view = mpd("/livesim2/annexI_a=1,b=3/", 100s);
    auto const& property = *view.set("video").find_child("EssentialProperty");
    CHECK(value(property, "schemeIdUri") == "urn:mpeg:dash:urlparam:2014");
    CHECK(value(property.children.at(0), "queryTemplate") == "$querypart$");
    CHECK(value(property.children.at(0), "useMPDUrlQuery") == "true");
    CHECK(view.set("audio").find_child("EssentialProperty") == nullptr);
}

TEST_CASE("encrypted sets name their key, and where it can be had") {
    auto const asset = with_manifest(support::two_second_asset());
    auto pictures = std::make_shared<dashlive::Track>(*asset->tracks.at("V"));
    pictures->header = test::fmp4::init_of({{}});
    asset->tracks["V"] = pictures;
    MpdReader const view(mpd_text(dash_session(asset, "/livesim2/eccp_cbcs/", 100s)).text);
    for (auto const* const content : {"video", "audio"}) {
        auto const protections = MpdReader::all(view.set(content), "ContentProtection");
        REQUIRE(protections.size() == 2);
        CHECK(value(*protections[0], "value") == "cbcs");
        CHECK(value(*protections[0], "cenc:default_KID") ==
              dashlive::key_id_text(dashlive::key_id_of(*asset)));
        CHECK(protections[1]->children.at(0).text ==
              "https://host/livesim2/eccp_cbcs/asset/Manifest.mpd/eccp.json");
    }
    CHECK(view.set("text").find_child("ContentProtection") == nullptr);

    auto encrypted = std::make_shared<dashlive::Track>(*asset->tracks.at("A"));
    encrypted->is_encrypted = true;
    asset->tracks["A"] = encrypted;
    auto const session = dash_session(asset, "/livesim2/eccp_cbcs/", 100s);
    CHECK(support::status_of(mpd_of(session, support::manifest_of(session), {})) == 400);
}

TEST_CASE("a set whose tracks are cut differently has a template for each") {
    auto const asset = with_manifest(support::two_second_asset());
    auto other = std::make_shared<dashlive::Track>(*asset->tracks.at("A"));
    other->id = "B";
    other->timescale = 44'100;
    asset->tracks["B"] = other;
    for (auto& set : asset->manifests.at("Manifest.mpd").root.find_child("Period")->children)
        if (value(set, "contentType") == "audio")
            set.children.push_back({.name = "Representation", .attributes = {{"id", "B"}}});
    MpdReader const view(mpd_text(dash_session(asset, "/livesim2/segtimeline_1/", 100s)).text);
    auto const& set = view.set("audio");
    CHECK(set.find_child("SegmentTemplate") == nullptr);
    auto const representations = MpdReader::all(set, "Representation");
    REQUIRE(representations.size() == 2);
    CHECK(value(*representations[0]->find_child("SegmentTemplate"), "timescale") == "48000");
    CHECK(value(*representations[1]->find_child("SegmentTemplate"), "timescale") == "44100");
}

} // namespace options_test
