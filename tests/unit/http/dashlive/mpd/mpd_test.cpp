#include "http/dashlive/mpd/mpd.hpp"
#include "tests/support/dash_mpd.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace mpd_test {

using namespace continuo;
using namespace std::chrono_literals;
using support::dash_asset;
using support::dash_session;
using support::ListedSegment;
using support::mpd;
using support::mpd_text;
using support::MpdReader;
using support::with_manifest;

std::string number_of(dash::Element const& element, std::string_view name) {
    return MpdReader::attribute(element, name);
}

/// Of the asset with four segments of 2 s.
unsigned status(char const* url, std::chrono::milliseconds now,
                dashlive::MpdRequest const& request = support::from_host) {
    auto const session = dash_session(with_manifest(support::two_second_asset()), url, now);
    return support::status_of(mpd_of(session, support::manifest_of(session), request));
}

TEST_CASE("an MPD is the asset's, made live") {
    auto const view = mpd("/livesim2/", 100s);
    CHECK(view.attribute("type") == "dynamic");
    CHECK(view.attribute("profiles") == "urn:mpeg:dash:profile:isoff-live:2011");
    CHECK(view.attribute("availabilityStartTime") == "1970-01-01T00:00:00Z");
    CHECK(view.attribute("publishTime") == "1970-01-01T00:00:00Z");
    CHECK(view.attribute("minimumUpdatePeriod") == "PT2S");
    CHECK(view.attribute("timeShiftBufferDepth") == "PT1M");
    CHECK(view.attribute("minBufferTime") == "PT2S");
    CHECK(view.root.find_attribute("mediaPresentationDuration") == nullptr);
    CHECK(view.root.find_attribute("suggestedPresentationDelay") == nullptr);
    CHECK(view.root.find_child("ProgramInformation")->find_child("Title")->text == "A title");
    auto const periods = view.periods();
    REQUIRE(periods.size() == 1);
    CHECK(MpdReader::attribute(*periods[0], "id") == "P0");
    CHECK(MpdReader::attribute(*periods[0], "start") == "PT0S");
    CHECK(periods[0]->find_attribute("duration") == nullptr);
    CHECK(periods[0]->find_child("AssetIdentifier") != nullptr);
    CHECK(periods[0]->children.size() == 5);
}

TEST_CASE("by number, templates are the asset's where these are right") {
    auto const view = mpd("/livesim2/snr_7/", 100s);
    auto const& sound = view.segments("audio");
    CHECK(number_of(sound, "media") == "$RepresentationID$/$Number$.m4s");
    CHECK(number_of(sound, "initialization") == "$RepresentationID$/init.mp4");
    CHECK(number_of(sound, "timescale") == "1");
    CHECK(number_of(sound, "duration") == "2");
    CHECK(number_of(sound, "startNumber") == "7");
    CHECK(sound.find_attribute("endNumber") == nullptr);
    CHECK(sound.find_attribute("presentationTimeOffset") == nullptr);
    auto const& pictures = view.segments("video");
    CHECK(number_of(pictures, "media") == "$RepresentationID$/$Number$.m4s");
    CHECK(number_of(pictures, "timescale") == "90000");
    CHECK(number_of(pictures, "duration") == "180000");
    CHECK(pictures.children.empty());
    CHECK(number_of(view.segments("text"), "media") == "$RepresentationID$/$Number%05d$.m4s");
    CHECK(view.segments("image").find_attribute("initialization") == nullptr);
}

TEST_CASE("a mean duration that the asset's MPD has wrong is said exactly") {
    // 29.97 pictures/s, the last segment shorter: (3 x 2.002 + 1.001) / 4 s.
    auto const asset = with_manifest(dash_asset({30'000, {60'060, 60'060, 60'060, 30'030}}));
    MpdReader const view(mpd_text(dash_session(asset, "/livesim2/", 100s)).text);
    auto const& pictures = view.segments("video");
    auto const& sound = view.segments("audio");
    auto const seconds = [](dash::Element const& element) {
        return std::stod(number_of(element, "duration")) /
               std::stod(number_of(element, "timescale"));
    };
    CHECK(seconds(pictures) == doctest::Approx(7.007 / 4).epsilon(1e-12));
    CHECK(seconds(sound) == doctest::Approx(7.007 / 4).epsilon(1e-12));
    CHECK(std::stoull(number_of(sound, "duration")) * 30'000 * 4 ==
          std::stoull(number_of(sound, "timescale")) * 210'210);
    CHECK(view.attribute("minimumUpdatePeriod") == "PT1.751S");
    CHECK(view.attribute("maxSegmentDuration") == "PT2.006S"); // 94 frames
}

TEST_CASE("the sound of a timeline follows the pictures") {
    auto const view = mpd("/livesim2/segtimeline_1/tsbd_8/", 1001s);
    auto const& pictures = view.segments("video");
    CHECK(number_of(pictures, "media") == "$RepresentationID$/$Time$.m4s");
    CHECK(pictures.find_attribute("startNumber") == nullptr);
    CHECK(pictures.find_attribute("duration") == nullptr);
    REQUIRE(pictures.children.size() == 1);
    CHECK(dash::bare_text(pictures.children[0]) ==
          "<SegmentTimeline>\n  <S t=\"89100000\" d=\"180000\" r=\"4\"></S>\n</SegmentTimeline>\n");
    CHECK(view.listed("audio") == std::vector<ListedSegment>{{0, 47'520'768, 95'232},
                                                             {0, 47'616'000, 96'256},
                                                             {0, 47'712'256, 96'256},
                                                             {0, 47'808'512, 96'256},
                                                             {0, 47'904'768, 95'232}});
    CHECK(view.segments("audio").children[0].children.size() == 3);
    CHECK(view.listed("text").front() == ListedSegment{0, 990'000, 2000});
    CHECK(number_of(view.segments("image"), "media") == "$RepresentationID$/$Number$.jpg");
    CHECK(number_of(view.segments("image"), "duration") == "2");
    CHECK(view.attribute("publishTime") == "1970-01-01T00:16:40Z");
}

TEST_CASE("a timeline with numbers tells that of its first segment") {
    auto const view = mpd("/livesim2/segtimelinenr_1/snr_5/tsbd_8/", 1001s);
    for (auto const* const content : {"video", "audio", "text"}) {
        auto const listed = view.listed(content);
        REQUIRE(listed.size() == 5);
        CHECK(listed.front().number == 495 + 5);
    }
    CHECK(number_of(view.segments("text"), "media") == "$RepresentationID$/$Number%05d$.m4s");
}

TEST_CASE("before anything has ended a timeline is empty, and its Period is there") {
    auto const view = mpd("/livesim2/segtimeline_1/", 0s);
    REQUIRE(view.periods().size() == 1);
    CHECK(view.listed("video").empty());
    CHECK(mpd("/livesim2/segtimeline_1/", 1999ms).listed("audio").empty());
    CHECK(mpd("/livesim2/segtimeline_1/", 2s).listed("audio").size() == 1);
    CHECK(mpd("/livesim2/segtimeline_1/periods_60/", 0s).periods().size() == 1);
}

TEST_CASE("an MPD is there from the availability start on, in livesim1 always") {
    CHECK(status("/livesim2/start_1000/", 999'999ms) == 425);
    CHECK(status("/livesim2/start_1000/", 1'000'000ms) == 200);
    CHECK(status("/livesim/start_1000/", 999'999ms) == 200);
}

TEST_CASE("after stop an MPD is static, and keeps its list") {
    CHECK(mpd("/livesim2/start_1000/stop_1020/", 1020s).attribute("type") == "dynamic");
    auto const over = mpd("/livesim2/start_1000/stop_1020/segtimeline_1/patch_60/", 1'020'001ms);
    CHECK(over.attribute("type") == "static");
    CHECK(over.attribute("mediaPresentationDuration") == "PT20S");
    for (auto const* const gone :
         {"minimumUpdatePeriod", "timeShiftBufferDepth", "suggestedPresentationDelay"})
        CHECK(over.root.find_attribute(gone) == nullptr);
    CHECK(over.root.find_child("PatchLocation") == nullptr);
    CHECK(over.listed("video").size() == 10);
    CHECK(over.listed("video") ==
          mpd("/livesim2/start_1000/stop_1020/segtimeline_1/", 100'000s).listed("video"));
}

TEST_CASE("an end that is announced is told while the presentation goes on") {
    auto const view = mpd("/livesim/start_1000/dur_60/", 1010s);
    CHECK(view.attribute("type") == "dynamic");
    CHECK(view.attribute("mediaPresentationDuration") == "PT1M");
    CHECK(view.attribute("availabilityEndTime") == "1970-01-01T00:17:40Z");
}

TEST_CASE("a relative start is fixed by a Location") {
    auto const session = dash_session(with_manifest(support::two_second_asset()),
                                      "/livesim2/startrel_-20/tsbd_8/stoprel_20/", 1000s);
    MpdReader const view(
        mpd_text(session, {.base = "https://host", .query = "a=1&b=2", .period = {}}).text);
    CHECK(view.root.find_child("Location")->text ==
          "https://host/livesim2/start_980/tsbd_8/stop_1020/asset/Manifest.mpd?a=1&b=2");
    CHECK(mpd("/livesim2/start_980/", 1000s).root.find_child("Location") == nullptr);
}

TEST_CASE("segments that come early are announced so") {
    auto const view = mpd("/livesim2/segtimeline_1/ato_1.75/chunkdur_0.25/", 10'200ms);
    CHECK(view.attribute("publishTime") == "1970-01-01T00:00:08.25Z");
    CHECK(number_of(view.segments("video"), "availabilityTimeOffset") == "1.75");
    CHECK(number_of(view.segments("video"), "availabilityTimeComplete") == "false");
    CHECK(view.segments("image").find_attribute("availabilityTimeComplete") == nullptr);
    CHECK(number_of(mpd("/livesim2/ato_inf/", 100s).segments("audio"), "availabilityTimeOffset") ==
          "INF");
    CHECK(number_of(mpd("/livesim2/ato_10/", 100s).segments("audio"), "availabilityTimeOffset") ==
          "10");
}

TEST_CASE("a latency target comes with chunks that are early") {
    auto const latency = [](char const* url) {
        auto const view = mpd(url, 100s);
        auto const* const service = view.root.find_child("ServiceDescription");
        if (!service) return std::string();
        auto const& target = *service->find_child("Latency");
        CHECK(view.set("video").find_child("ProducerReferenceTime") != nullptr);
        CHECK(view.set("image").find_child("ProducerReferenceTime") == nullptr);
        return number_of(target, "min") + " " + number_of(target, "target") + " " +
               number_of(target, "max");
    };
    CHECK(latency("/livesim2/ato_1/chunkdur_0.25/") == "2625 3500 7000");
    CHECK(latency("/livesim2/ltgt_2500/ato_1/chunkdur_0.25/") == "1875 2500 5000");
    CHECK(latency("/livesim2/chunkdur_0.25/").empty());
    CHECK(latency("/livesim2/ato_1/").empty());
    auto const first = mpd("/livesim/ato_1/chunkdur_0.25/", 100s);
    CHECK(first.attribute("profiles")
              .ends_with(",http://www.dashif.org/guidelines/low-latency-live-v5"));
}

TEST_CASE("clients learn the time from ourselves, or as the options have it") {
    auto const timing = [](char const* url) {
        auto const view = mpd(url, 100s);
        std::string all;
        for (auto const* const element : MpdReader::all(view.root, "UTCTiming"))
            all += number_of(*element, "schemeIdUri").substr(18) + " " +
                   number_of(*element, "value") + "\n";
        return all;
    };
    CHECK(timing("/livesim2/") == "http-xsdate:2014 https://host/time.iso?ms\n");
    CHECK(timing("/livesim2/utc_none/").empty());
    CHECK(timing("/livesim2/utc_keep/") == "ntp:2014 on.disk\n");
    CHECK(timing("/livesim2/utc_direct-head/") ==
          "direct:2014 1970-01-01T00:01:40Z\nhttp-head:2014 https://host/static/time.txt\n");
    CHECK(timing("/livesim/utc_head/") == "http-head:2014 https://host/dash/time.txt\n");
    CHECK(timing("/livesim2/utc_httpiso/") == "http-iso:2014 https://host/time.iso\n");
    CHECK(timing("/livesim2/utc_ntp-sntp/") ==
          "ntp:2014 1.de.pool.ntp.org\nsntp:2014 time.kfki.hu\n");
}

TEST_CASE("what is asked for stands in the attributes") {
    auto const view = mpd("/livesim2/mup_7/spd_11/tsbd_90/", 100s);
    CHECK(view.attribute("minimumUpdatePeriod") == "PT7S");
    CHECK(view.attribute("suggestedPresentationDelay") == "PT11S");
    CHECK(view.attribute("timeShiftBufferDepth") == "PT1M30S");
}

TEST_CASE("without a number of its own livesim1 counts from 1, and doesn't say so") {
    auto const view = mpd("/livesim/snr_-1/", 100s);
    CHECK(view.segments("video").find_attribute("startNumber") == nullptr);
}

TEST_CASE("a list that nobody should read is refused, and one that is short is not") {
    CHECK(status("/livesim/segtimeline_1/tsbd_3000000000/", 1'700'000'000s) == 400);
    auto const asset = with_manifest(dash_asset({90'000, {172'800, 172'800}})); // 90 frames each
    auto const session =
        dash_session(asset, "/livesim/segtimeline_1/tsbd_3000000000/", 1'700'000'000s);
    MpdReader const view(mpd_text(session).text);
    CHECK(view.segments("video").children[0].children.size() == 1);
    CHECK(view.segments("audio").children[0].children.size() == 1);
}

} // namespace mpd_test
