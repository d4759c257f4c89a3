#include "core/hls/multivariant_playlist.hpp"
#include "core/mp4/media_time.hpp"
#include "http/dashlive/hls/view.hpp"
#include "tests/unit/http/dashlive/hls/viewer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>

namespace view_test {

using namespace continuo;
using namespace continuo::dashlive;
using namespace std::chrono_literals;
using test::got;
using test::hls_asset;
using test::HlsAssetSpec;
using test::HlsViewer;
using Paths = std::vector<std::string>;

DateTime at(milliseconds since_1970) {
    return DateTime{since_1970};
}

std::vector<std::string> uris_of(hls::MediaPlaylist const& list) {
    std::vector<std::string> uris;
    for (auto const& segment : list.segments)
        uris.push_back(segment.uri);
    return uris;
}

unsigned status_of(Answer<HlsPlaylist> const& answer) {
    return answer ? 200 : answer.error().status;
}

std::string text_of(std::vector<hls::rules::Finding> const& findings) {
    return std::accumulate(findings.begin(), findings.end(), std::string(),
                           [](std::string all, auto const& finding) {
                               return std::move(all) + to_text(finding) + '\n';
                           });
}

/// Whether each new segment of `list` has the duration and the date of its interval.
void check_times(HlsViewer const& viewer, std::string const& path, DateTime now) {
    auto const list = viewer.list(path, now);
    auto const session = got(viewer.session(now));
    for (auto const& segment : list.segments) {
        CAPTURE(segment.uri);
        auto const index = viewer.segment(path, segment.uri, now);
        REQUIRE(index.has_value());
        auto const& track = *viewer.track(path);
        auto const shown = interval_of(viewer.asset(), track, *index);
        auto const start = mp4::ticks_of(shown.start, track.timescale);
        REQUIRE(segment.duration == mp4::ticks_of(shown.end, track.timescale) - start);
        auto const date = session.epoch + std::chrono::floor<milliseconds>(start);
        REQUIRE(segment.program_date_time == date);
    }
}

TEST_CASE("the list has the MPD's segments by number, with their dates") {
    HlsViewer const viewer("tsbd_8");
    auto const list = viewer.list("hls/V300.m3u8", at(1001s));
    CHECK(uris_of(list) ==
          Paths{"V300/495.m4s", "V300/496.m4s", "V300/497.m4s", "V300/498.m4s", "V300/499.m4s"});
    CHECK(list.media_sequence == 495);
    CHECK(list.target_duration == 2s);
    CHECK(list.version == 6);
    CHECK_FALSE(list.ended);
    CHECK(list.segments[0].duration == 2s);
    CHECK(list.segments[0].program_date_time == at(990s));
    CHECK(list.segments[0].map->uri == "V300/init.mp4");
    CHECK(list.discontinuity_sequence == 0);
}

TEST_CASE("with a timeline of times the names are times, of sound its own") {
    HlsViewer const viewer("tsbd_8/segtimeline_1");
    CHECK(uris_of(viewer.list("hls/V300.m3u8", at(1001s)))[0] == "V300/89100000.m4s");
    auto const sound = viewer.list("hls/A48.m3u8", at(1001s));
    CHECK(uris_of(sound)[0] == "A48/47520768.m4s");
    CHECK(sound.segments[0].duration == std::chrono::duration<int, std::milli>(1984));
    CHECK(sound.segments[0].program_date_time == at(990'016ms));
    CHECK(sound.media_sequence == 495);
}

TEST_CASE("numbers begin where snr_ says, dates with start_") {
    HlsViewer const viewer("snr_7/start_1000");
    auto const list = viewer.list("hls/V300.m3u8", at(1009s));
    CHECK(uris_of(list)[0] == "V300/7.m4s");
    CHECK(list.media_sequence == 7);
    CHECK(list.segments.size() == 4);
    CHECK(list.segments[0].program_date_time == at(1000s));
}

TEST_CASE("before the first segment has ended there is no list, and the answer says how long") {
    HlsViewer const viewer("start_1000");
    CHECK(status_of(viewer.playlist("hls/V300.m3u8", at(1001'999ms))) == 425);
    CHECK(viewer.playlist("hls/V300.m3u8", at(1001'750ms))
              .error()
              .detail.starts_with("too early by 250 ms"));
    CHECK(status_of(viewer.playlist("hls/V300.m3u8", at(1002s))) == 200);
    CHECK(status_of(viewer.playlist("hls/V300.m3u8", at(999s))) == 425);
}

TEST_CASE("what is called otherwise is not there") {
    HlsViewer const viewer("timesubswvtt_en");
    for (auto const* const path :
         {"hls/V301.m3u8", "hls/.m3u8", "hls/V300", "V300.m3u8", "none.m3u8", ".m3u8",
          "hls/bu0/V300.m3u8", "hls/timewvtt-sv.m3u8", "hls/hls/V300.m3u8"}) {
        CAPTURE(path);
        CHECK(status_of(viewer.playlist(path, at(1000s))) == 404);
    }
    for (auto const* const path :
         {"manifest.m3u8", "Manifest.m3u8", "other.m3u8", "hls/timewvtt-en.m3u8"}) {
        CAPTURE(path);
        CHECK(status_of(viewer.playlist(path, at(1000s))) == 200);
    }
}

TEST_CASE("the query of a playlist is that of all its links") {
    HlsViewer const viewer("");
    auto const multivariant =
        got(viewer.playlist("manifest.m3u8", at(1000s), "nowMS=1000000&a=\""));
    auto const read = hls::parse_multivariant_playlist(multivariant.text).value();
    CHECK(read.variants[0].uri == "hls/V300.m3u8?nowMS=1000000&a=%22");
    CHECK(read.renditions[0].uri == "hls/A48.m3u8?nowMS=1000000&a=%22");
    CHECK_FALSE(multivariant.valid_until);

    auto const media = got(viewer.playlist("hls/V300.m3u8", at(1000s), "nowMS=1000000"));
    auto const list = hls::parse_media_playlist(media.text).value();
    CHECK(list.segments[0].uri == "V300/469.m4s?nowMS=1000000");
    CHECK(list.segments[0].map->uri == "V300/init.mp4?nowMS=1000000");
}

TEST_CASE("after its end a list is complete, and stays so") {
    HlsViewer const viewer("stop_1000");
    CHECK_FALSE(viewer.list("hls/V300.m3u8", at(1000s)).ended);
    CHECK(viewer.playlist("hls/V300.m3u8", at(1000s))->valid_until == at(1000'001ms));
    auto const list = viewer.list("hls/V300.m3u8", at(1000'001ms));
    CHECK(list.ended);
    CHECK(list.segments.back().uri == "V300/499.m4s");
    CHECK(viewer.playlist("hls/V300.m3u8", at(1'000'000s))->text ==
          viewer.playlist("hls/V300.m3u8", at(1000'001ms))->text);
    CHECK_FALSE(viewer.playlist("hls/V300.m3u8", at(1'000'000s))->valid_until);
}

TEST_CASE("a list is never shorter than three target durations, where there is so much") {
    HlsViewer const viewer("tsbd_0");
    CHECK(viewer.list("hls/V300.m3u8", at(1001s)).segments.size() == 4); // 3 of sound may be less
    CHECK(viewer.list("hls/V300.m3u8", at(5s)).segments.size() == 2);
}

TEST_CASE("lists of more lines than anybody reads are refused") {
    HlsViewer const viewer("tsbd_172800");
    auto const refused = viewer.playlist("hls/V300.m3u8", at(1'000'000s));
    CHECK(status_of(refused) == 400);
    CHECK(refused.error().detail.find("tsbd_") != std::string::npos);
    CHECK(status_of(viewer.playlist("hls/V300.m3u8", at(6000s))) == 200);
    CHECK(status_of(HlsViewer("tsbd_6600").playlist("hls/V300.m3u8", at(1'000'000s))) == 200);
}

TEST_CASE("each period but the first begins with a discontinuity, in all tracks alike") {
    HlsViewer const viewer("periods_60/tsbd_120/start_600");
    auto const list = viewer.list("hls/V300.m3u8", at(1001s));
    CHECK(list.media_sequence == 139);
    CHECK(list.discontinuity_sequence == 4); // at 660, 720, 780 and 840 s
    for (auto const& segment : list.segments) {
        auto const passed = *segment.program_date_time - at(600s);
        CHECK(segment.discontinuity == (passed % 60s == 0s));
    }
    auto const sound = viewer.list("hls/A48.m3u8", at(1001s));
    REQUIRE(sound.segments.size() == list.segments.size());
    for (std::size_t i = 0; i < list.segments.size(); ++i)
        CHECK(sound.segments[i].discontinuity == list.segments[i].discontinuity);

    auto const first = viewer.list("hls/V300.m3u8", at(700s));
    CHECK(first.discontinuity_sequence == 0);
    CHECK_FALSE(first.segments[0].discontinuity);
    auto const on_top = viewer.list("hls/V300.m3u8", at(782s));
    CHECK(on_top.segments[0].program_date_time == at(660s));
    CHECK(on_top.segments[0].discontinuity);
    CHECK(on_top.discontinuity_sequence == 0);
}

TEST_CASE("periods that are continuous have no discontinuities") {
    auto const list =
        HlsViewer("periods_60/continuous_1/tsbd_120").list("hls/V300.m3u8", at(1001s));
    CHECK(list.discontinuity_sequence == 0);
    CHECK(std::ranges::none_of(list.segments, &hls::MediaSegment::discontinuity));
}

TEST_CASE("a start relative to now is fixed by the multivariant playlist") {
    HlsViewer const viewer("startrel_-20/stoprel_20/tsbd_30");
    auto const answer = got(viewer.playlist("manifest.m3u8", at(1000'500ms)));
    auto const read = hls::parse_multivariant_playlist(answer.text).value();
    CHECK(read.variants[0].uri == "/livesim2/start_980/stop_1020/tsbd_30/asset/hls/V300.m3u8");
    CHECK(answer.valid_until == at(1001s));
    CHECK(status_of(viewer.playlist("hls/V300.m3u8", at(1000s))) == 400);
}

TEST_CASE("each origin of a session has a list of its own, with its own segments") {
    HlsViewer const viewer("traffic_u20d10,u10d20");
    auto const answer = got(viewer.playlist("Manifest.m3u8", at(1000s)));
    auto const read = hls::parse_multivariant_playlist(answer.text).value();
    REQUIRE(read.variants.size() == 2);
    CHECK(read.variants[0].uri == "hls/bu0/V300.m3u8");
    CHECK(read.variants[1].uri == "hls/bu1/V300.m3u8");
    CHECK(uris_of(viewer.list("hls/bu1/V300.m3u8", at(1000s)))[0] == "V300/469.m4s");
    auto const none = viewer.playlist("hls/bu2/V300.m3u8", at(1000s));
    CHECK(status_of(none) == 404);
    CHECK(none.error().detail == "traffic_ has 2 base URLs; there is no bu2");
}

TEST_CASE("what is encrypted on the way out has its key in the list; text is not encrypted") {
    HlsViewer const cbcs("eccp_cbcs/timesubsstpp_en");
    auto const list = cbcs.list("hls/V300.m3u8", at(1000s));
    REQUIRE(list.segments[0].keys.size() == 1);
    auto const& key = list.segments[0].keys[0];
    CHECK(key.attributes.starts_with("METHOD=SAMPLE-AES,URI=\"data:text/plain;base64,KEY+"));
    CHECK(cbcs.list("hls/A48.m3u8", at(1000s)).segments.back().keys.size() == 1);
    CHECK(cbcs.list("hls/timestpp-en.m3u8", at(1000s)).segments[0].keys.empty());
    auto const cenc = HlsViewer("eccp_cenc").list("hls/V300.m3u8", at(1000s));
    CHECK(cenc.segments[0].keys[0].attributes.starts_with("METHOD=SAMPLE-AES-CTR,"));
}

TEST_CASE("a track whose name has slashes is found, and finds its files") {
    auto asset = std::make_shared<Asset>(*hls_asset());
    auto track = std::make_shared<Track>(*asset->tracks.at("V300"));
    track->id = "video/hev1/1";
    track->media = "video/hev1/1/seg $Number%05d$.m4s";
    track->initialisation = "video/hev1/1/init.mp4";
    asset->tracks = {{track->id, track}};
    asset->reference = track;
    HlsViewer const viewer("", asset);
    auto const list = viewer.list("hls/video/hev1/1.m3u8", at(1000s));
    CHECK(list.segments[0].uri == "../../video/hev1/1/seg%2000469.m4s");
    CHECK(list.segments[0].map->uri == "../../video/hev1/1/init.mp4");
}

TEST_CASE("chunked segments are listed when they are whole") {
    HlsViewer const viewer("chunkdur_0.5/ato_1.5");
    CHECK(viewer.list("hls/V300.m3u8", at(1001'900ms)).segments.back().uri == "V300/499.m4s");
    CHECK(viewer.playlist("hls/V300.m3u8", at(1001'900ms))->valid_until == at(1002s));
    HlsViewer const early("ato_1.5");
    CHECK(early.list("hls/V300.m3u8", at(1000'500ms)).segments.back().uri == "V300/500.m4s");
}

TEST_CASE("breaks are date ranges: told ahead, closed behind, told again in front of a list") {
    HlsViewer const viewer("scte35_1/tsbd_8");
    auto const lines_at = [&](milliseconds time) {
        auto const list = viewer.list("hls/V300.m3u8", at(time));
        std::vector<std::pair<std::string, std::string>> lines; // URI, tag
        for (auto const& segment : list.segments)
            for (auto const& tag : segment.extra_tags)
                lines.emplace_back(segment.uri, tag);
        return lines;
    };
    // A break from 1030 s to 1050 s: announced at 1023 s, which is in number 511.
    CHECK(lines_at(1023s).empty());
    auto const first = lines_at(1025s);
    REQUIRE(first.size() == 1);
    CHECK(first[0].first == "V300/511.m4s");
    CHECK(first[0].second.starts_with("#EXT-X-DATERANGE:ID=\"1030-515\",START-DATE=\"1970-01-01T00:"
                                      "17:10.000Z\",PLANNED-DURATION=20.0,SCTE35-OUT=0xFC"));
    auto const inside = lines_at(1045s);
    REQUIRE(inside.size() == 1);
    CHECK(inside[0].first == "V300/517.m4s");
    CHECK(inside[0].second == first[0].second);
    auto const behind = lines_at(1053s);
    REQUIRE(behind.size() == 2);
    CHECK(behind[1].first == "V300/525.m4s");
    CHECK(behind[1].second.starts_with(
        "#EXT-X-DATERANGE:ID=\"1030-515\",START-DATE=\"1970-01-01T00:17:10.000Z\",END-DATE=\"1970-"
        "01-01T00:17:30.000Z\",DURATION=20.0,SCTE35-IN=0xFC"));
    CHECK(lines_at(1065s).empty());
}

TEST_CASE("a break that began before the session is none of its breaks") {
    // Media time, and the minutes of breaks, count from 1970; the session from 1032 s.
    HlsViewer const viewer("scte35_1/timeoffset_0/start_1032", hls_asset(), Dialect::livesim1);
    for (auto const& segment : viewer.list("hls/V300.m3u8", at(1060s)).segments)
        CHECK(segment.extra_tags.empty());
}

TEST_CASE("verify finds nothing to say, whatever the session") {
    struct Case {
        char const* options;
        HlsAssetSpec asset;
        Dialect dialect{Dialect::livesim2};
    };
    HlsAssetSpec const ntsc{.timescale = 30'000, .durations = {60'060, 60'060, 60'060, 60'060}};
    HlsAssetSpec const uneven{.timescale = 12'800, .durations = {51'200, 102'400, 25'600, 89'600}};
    HlsAssetSpec const cd{.timescale = 12'800,
                          .durations = {24'576, 24'576},
                          .sample_rate = 44'100,
                          .frame = 1024,
                          .edit = 1024};
    Case const cases[] = {
        {"tsbd_60", {}},
        {"tsbd_0", {}},
        {"tsbd_0", uneven},
        {"tsbd_30/segtimeline_1", ntsc},
        {"segtimelinenr_1/snr_5", uneven},
        {"tsbd_20/periods_60", {}},
        {"tsbd_20/scte35_3/segtimeline_1", uneven},
        {"tsbd_10/scte35_1", cd},
        {"tsbd_12/ato_1.5/eccp_cbcs", {}},
        {"tsbd_12/ato_1.5/chunkdur_0.5", {}},
        {"start_1000/tsbd_20", cd},
        {"tsbd_20/start_1001/timeoffset_100", {}, Dialect::livesim1},
        {"tsbd_20/start_1700000001", {}, Dialect::livesim1},
    };
    for (auto const& each : cases) {
        CAPTURE(each.options);
        HlsViewer const viewer(std::string("timesubswvtt_en/") + each.options,
                               hls_asset(each.asset), each.dialect);
        auto const findings = viewer.verify(
            {"hls/V300.m3u8", "hls/A48.m3u8", "hls/timewvtt-en.m3u8"}, at(1'700'000'300s), 150s);
        CHECK_MESSAGE(findings.empty(), text_of(findings));
    }
}

TEST_CASE("a playlist is the same until valid_until, and another one then") {
    std::mt19937 random(11);
    auto const pick = [&](auto const& list) { return list[random() % std::size(list)]; };
    static constexpr char const* options[] = {"tsbd_0",           "tsbd_30",
                                              "segtimeline_1",    "segtimelinenr_1/tsbd_11",
                                              "ato_1/tsbd_9",     "chunkdur_0.5/ato_1",
                                              "stop_1700000100",  "periods_60/tsbd_70",
                                              "scte35_2/tsbd_20", "start_1700000001"};
    for (int round = 0; round < 400; ++round) {
        HlsAssetSpec spec{.timescale = 1000 + static_cast<std::uint32_t>(random() % 90'000)};
        auto const text = std::string(pick(options));
        if (text.find("periods") == std::string::npos) {
            spec.durations.resize(1 + random() % 5);
            for (auto& duration : spec.durations)
                duration =
                    spec.timescale / 2 + static_cast<std::int64_t>(random() % (spec.timescale * 6));
        } else {
            spec.durations.assign(3, std::int64_t{2} * spec.timescale);
        }
        HlsViewer const viewer(text, hls_asset(spec));
        CAPTURE(text);
        auto const now = at(1'700'000'030s + milliseconds{random() % 140'000});
        for (std::string const path : {"hls/V300.m3u8", "hls/A48.m3u8"}) {
            auto const answer = viewer.playlist(path, now);
            REQUIRE(answer.has_value());
            check_times(viewer, path, now);
            if (!answer->valid_until) {
                CHECK(viewer.playlist(path, now + 24h)->text == answer->text);
                continue;
            }
            auto const until = *answer->valid_until;
            REQUIRE(until > now);
            CHECK(viewer.playlist(path, until - 1ms)->text == answer->text);
            CHECK(viewer.playlist(path, until)->text != answer->text);
        }
    }
}

} // namespace view_test
