#include "http/dashlive/session/effects.hpp"
#include "http/dashlive/session/session.hpp"
#include "http/dashlive/session/set_ids.hpp"
#include "tests/support/dash_mpd.hpp"
#include "tests/support/dash_session.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace session_test {

using namespace continuo;
using namespace std::chrono_literals;
using dashlive::available;
using dashlive::DateTime;
using dashlive::Interval;
using dashlive::listed;
using dashlive::Retention;
using dashlive::Session;
using std::chrono::milliseconds;
using support::dash_asset;
using support::dash_session;
using support::status_of;
using support::two_second_asset;
using timeline::IndexRange;

/// Of a 2 s segment.
unsigned status(char const* url, milliseconds now, std::int64_t index) {
    return status_of(available(dash_session(two_second_asset(), url, now), index));
}

std::string detail(char const* url, milliseconds now, std::int64_t index) {
    auto const answer = available(dash_session(two_second_asset(), url, now), index);
    REQUIRE(answer.has_error());
    return answer.error().detail;
}

IndexRange list(char const* url, milliseconds now) {
    return listed(dash_session(two_second_asset(), url, now));
}

/// Why an asset can't have these options; the status is 400.
std::string impossible(dashlive::AssetPtr asset, char const* url, milliseconds now = 100s) {
    auto const session = Session::open(asset, support::dash_options(url), DateTime(now));
    REQUIRE_MESSAGE(session.has_error(), url);
    CHECK(session.error().status == 400);
    return session.error().detail;
}

TEST_CASE(
    "a segment can be had from its end to the end of the buffer and 10 s, to the millisecond") {
    CHECK(status("/livesim2/", 99'999ms, 49) == 425);
    CHECK(status("/livesim2/", 100'000ms, 49) == 200);
    CHECK(status("/livesim2/", 170'000ms, 49) == 200);
    CHECK(status("/livesim2/", 170'001ms, 49) == 410);
    CHECK(status("/livesim2/tsbd_8/", 118'000ms, 49) == 200);
    CHECK(status("/livesim2/tsbd_8/", 118'001ms, 49) == 410);
    CHECK(status("/livesim2/ato_1.5/", 98'499ms, 49) == 425);
    CHECK(status("/livesim2/ato_1.5/", 98'500ms, 49) == 200);
    CHECK(status("/livesim2/ato_1.5/", 168'500ms, 49) == 200);
    CHECK(status("/livesim2/ato_1.5/", 168'501ms, 49) == 410);
    CHECK(status("/livesim/", 410'000ms, 49) == 200); // a buffer of 300 s
    CHECK(status("/livesim/", 410'001ms, 49) == 410);
    CHECK(detail("/livesim2/", 99'999ms, 49) == "too early by 1 ms");
    CHECK(detail("/livesim2/", 170'251ms, 49) == "gone for 251 ms");
}

TEST_CASE("from when on a segment can be had is one instant for all who ask") {
    auto const asset = dash_asset({30'000, {60'060 + 1, 59'999, 60'120}});
    for (char const* url : {"/livesim2/", "/livesim2/ato_1.5/", "/livesim/start_1000/"}) {
        for (std::int64_t index : {600, 601, 602}) {
            auto const at = dash_session(asset, url, 2000s).available_at(index);
            auto const before = dash_session(asset, url, at.time_since_epoch() - 1ms);
            auto const then = dash_session(asset, url, at.time_since_epoch());
            CHECK(status_of(available(before, index)) == 425);
            CHECK(status_of(available(then, index)) == 200);
            CHECK(listed(before).end == index);
            CHECK(listed(then).end == index + 1);
        }
    }
}

TEST_CASE("the edges of a segment that ends between two milliseconds are at the later one") {
    auto const asset = dash_asset({30'000, {60'060 + 1}}); // 2002.0333 ms
    CHECK(status_of(available(dash_session(asset, "/livesim2/", 2002ms), 0)) == 425);
    CHECK(status_of(available(dash_session(asset, "/livesim2/", 2003ms), 0)) == 200);
    CHECK(status_of(available(dash_session(asset, "/livesim2/", 72'003ms), 0)) == 200);
    CHECK(status_of(available(dash_session(asset, "/livesim2/", 72'004ms), 0)) == 410);
}

TEST_CASE("segments longer than 10 s can be had as long as MPDs list them") {
    auto const asset = dash_asset({1000, {20'000}});
    CHECK(status_of(available(dash_session(asset, "/livesim2/", 100s), 0)) == 200);
    CHECK(status_of(available(dash_session(asset, "/livesim2/", 100'001ms), 0)) == 410);
}

TEST_CASE("what an HLS playlist has had stays for longer than what an MPD has had") {
    auto const session = dash_session(two_second_asset(), "/livesim2/", 170'001ms);
    CHECK(status_of(available(session, 49, Retention::hls)) == 200);
    CHECK(status_of(available(session, 49, Retention::dash)) == 410);
    CHECK(status_of(available(session, 5, Retention::hls)) == 410);
}

TEST_CASE("before the first and behind the last there is nothing") {
    CHECK(status("/livesim2/", 100s, -1) == 404);
    CHECK(status("/livesim2/ato_inf/", 100s, -1) == 404);
    CHECK(detail("/livesim2/snr_7/", 100s, -1) == "the first segment is 7");
    CHECK(status("/livesim2/ato_inf/", 100s, 999'999) == 200);
    CHECK(status("/livesim2/", 100s, std::numeric_limits<std::int64_t>::max()) == 404);
    CHECK(status("/livesim2/ato_inf/", 100s, std::numeric_limits<std::int64_t>::max()) == 404);
    CHECK(status("/livesim2/ato_inf/", 100s, std::numeric_limits<std::int64_t>::min()) == 404);
}

TEST_CASE(
    "livesim2 has nothing before the start, livesim1 has the MPD, init_ the initialisations") {
    auto const at = [](char const* url, milliseconds now) {
        auto const session = dash_session(two_second_asset(), url, now);
        return std::vector{status_of(manifest_available(session)),
                           status_of(initialisation_available(session)),
                           status_of(available(session, 0))};
    };
    CHECK(at("/livesim2/start_1000/", 999'999ms) == std::vector{425U, 425U, 425U});
    CHECK(at("/livesim2/start_1000/", 1'000'000ms) == std::vector{200U, 200U, 425U});
    CHECK(at("/livesim2/start_1000/", 1'002'000ms) == std::vector{200U, 200U, 200U});
    CHECK(at("/livesim/start_1000/", 0ms) == std::vector{200U, 425U, 425U});
    CHECK(at("/livesim2/init_10/start_1000/", 989'999ms) == std::vector{425U, 425U, 425U});
    CHECK(at("/livesim2/init_10/start_1000/", 990'000ms) == std::vector{425U, 200U, 425U});
    CHECK(at("/livesim2/ato_10/start_1000/", 999'999ms) == std::vector{425U, 425U, 425U});
    auto const early = dash_session(two_second_asset(), "/livesim2/start_1000/", 999'000ms);
    CHECK(manifest_available(early).error().detail == "too early by 1000 ms");
}

TEST_CASE("a list begins with a whole segment in front of the buffer and ends with the last that "
          "has ended") {
    CHECK(list("/livesim2/tsbd_8/", 1'001s) == IndexRange{495, 500});
    CHECK(list("/livesim2/", 101'999ms) == IndexRange{19, 50});
    CHECK(list("/livesim2/", 102'000ms) == IndexRange{20, 51});
    CHECK(list("/livesim2/", 1'999ms) == IndexRange{0, 0});
    CHECK(list("/livesim2/", 2'000ms) == IndexRange{0, 1});
    CHECK(list("/livesim2/tsbd_0/", 100s) == IndexRange{49, 50});
    CHECK(list("/livesim2/ato_1.75/", 10'200ms) == IndexRange{0, 5});
    CHECK(list("/livesim2/ato_1.75/", 10'300ms) == IndexRange{0, 6});
    CHECK(list("/livesim2/start_1000/", 1'005s) == IndexRange{0, 2});
    CHECK(list("/livesim/start_1000/", 10s) == IndexRange{0, 0});

    auto const uneven = dash_asset({90'000, {360'000, 720'000}}); // 4 s, 8 s
    CHECK(listed(dash_session(uneven, "/livesim2/tsbd_20/", 120s)) == IndexRange{16, 20});
}

TEST_CASE(
    "a list that ends with a stop stays as it is, and all that is in it can be had for ever") {
    auto const url = "/livesim2/start_1000/stop_1085/";
    auto const frozen = IndexRange{11, 42};
    CHECK(list(url, 1'085'000ms) == frozen);
    CHECK(list(url, 1'085'001ms) == frozen);
    CHECK(list(url, 2'000'000s) == frozen);
    CHECK(status(url, 2'000'000s, 0) == 200); // $Number$ and @duration name it
    CHECK(status(url, 2'000'000s, 41) == 200);
    // Media go on behind a stop, as long as they would without one.
    CHECK(status(url, 1'086s, 42) == 200);
    CHECK(status(url, 1'086s, 43) == 425);
    CHECK(status(url, 2'000'000s, 42) == 410);

    auto const session = dash_session(two_second_asset(), url, 1'085'001ms);
    CHECK(session.is_over);
    CHECK(session.elapsed == 85s);
    CHECK(session.announced_end == DateTime(1'085s));
    CHECK(session.update_period() == std::nullopt);
    auto const before = dash_session(two_second_asset(), url, 1'085'000ms);
    CHECK_FALSE(before.is_over);
    CHECK(before.announced_end == std::nullopt);
    CHECK(before.update_period() == 2s);
}

TEST_CASE("segments ahead of their time are not listed behind the end") {
    CHECK(list("/livesim2/start_1000/stop_1021/ato_30/", 1'015s) == IndexRange{0, 11});
    CHECK(list("/livesim2/start_1000/stop_1021/ato_30/", 2'000s) == IndexRange{0, 11});
}

TEST_CASE("durations are announced one after the other, and end for good") {
    auto const url = "/livesim2/start_1000/dur_30/dur_11/mup_5/";
    auto const announced = [&](milliseconds now) {
        return dash_session(two_second_asset(), url, now).announced_end;
    };
    CHECK(announced(1'000s) == DateTime(1'030s));
    CHECK(announced(1'019'999ms) == DateTime(1'030s));
    CHECK(announced(1'020'000ms) == DateTime(1'041s));
    CHECK(announced(5'000s) == DateTime(1'041s));
    auto const session = dash_session(two_second_asset(), url, 1'041'001ms);
    CHECK(session.is_over);
    CHECK(session.availability_end == DateTime(1'041s));
    CHECK(listed(session) == IndexRange{0, 20});
    CHECK(is_last(session, 20)); // the one that the end cuts short
    CHECK_FALSE(is_last(session, 19));
    CHECK(status(url, 1'042s, 20) == 200);
    CHECK(status(url, 1'045s, 21) == 404);
    CHECK(detail(url, 1'045s, 21) == "the last segment is 20");
    CHECK_FALSE(is_last(dash_session(two_second_asset(), "/livesim2/stop_1000/", 900s), 499));
}

TEST_CASE("numbers, indexes and times are those of the options") {
    auto const plain = dash_session(two_second_asset(), "/livesim2/snr_7/", 100s);
    CHECK(plain.number_of(0) == 7);
    CHECK(plain.index_of(7) == 0);
    CHECK(plain.index_of(0) == -7);
    CHECK(dash_session(two_second_asset(), "/livesim/snr_-1/", 100s).number_of(0) == 1);
    auto const huge = dash_session(two_second_asset(), "/livesim2/snr_9007199254740991/", 100s);
    auto const end = huge.asset->pictures().ended_by(timeline::max_elapsed);
    CHECK(huge.index_of(huge.number_of(end)) == end);
}

TEST_CASE("a segment's interval: pictures as they are, sound in whole frames, text rounded up") {
    auto const asset = dash_asset({30'000, {60'060, 60'060, 60'060, 60'060}});
    auto const& tracks = asset->tracks;
    CHECK(interval_of(*asset, *tracks.at("V"), 3) == Interval{180'180, 240'240});
    CHECK(interval_of(*asset, *tracks.at("A"), 3) == Interval{288'768, 385'024});
    CHECK(interval_of(*asset, *tracks.at("T"), 3) == Interval{6006, 8008});
    for (auto const& [id, track] : tracks)
        for (std::int64_t index : {0, 1, 3, 4, 1'000'000}) {
            auto const interval = interval_of(*asset, *track, index);
            CHECK(index_at(*asset, *track, interval.start) == index);
            CHECK(index_at(*asset, *track, interval.start + 1) == std::nullopt);
            CHECK(index_at(*asset, *track, interval.end) == index + 1);
        }
    for (auto const time : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
                            std::numeric_limits<std::int64_t>::max()})
        for (auto const& [id, track] : tracks)
            CHECK(index_at(*asset, *track, time) == std::nullopt);
}

TEST_CASE("an edit list moves the times of an MPD, and shortens the first segment") {
    auto const asset = two_second_asset();
    auto track = *asset->tracks.at("A");
    track.edit = 2048;
    CHECK(interval_of(*asset, track, 0) == Interval{0, 96'256 - 2048});
    CHECK(interval_of(*asset, track, 1) == Interval{96'256 - 2048, 192'512 - 2048});
    for (std::int64_t index : {0, 1, 2, 3, 4, 5, 100'000})
        CHECK(index_at(*asset, track, interval_of(*asset, track, index).start) == index);
    CHECK(index_at(*asset, track, 96'256) == std::nullopt);
}

TEST_CASE("livesim1 begins where a segment of 1970 begins, livesim2 where it is told") {
    auto const first = dash_session(two_second_asset(), "/livesim/start_1001/", 1'100s);
    CHECK(first.availability_start == DateTime(1'000s));
    CHECK(first.epoch == DateTime(1'000s));
    CHECK(first.first_index == 0);
    CHECK(first.first_number == 0);
    auto const second = dash_session(two_second_asset(), "/livesim2/start_1001/", 1'100s);
    CHECK(second.availability_start == DateTime(1'001s));

    auto const uneven = dash_asset({90'000, {360'000, 720'000}});
    CHECK(dash_session(uneven, "/livesim/start_1007/", 1'100s).availability_start ==
          DateTime(1'000s)); // 83 loops of 12 s, and 4 s
}

TEST_CASE("timeoffset moves the clock of livesim2, and the epoch of livesim1") {
    auto const moved = dash_session(two_second_asset(), "/livesim2/timeoffset_-1.5/", 100s);
    CHECK(moved.now == DateTime(98'500ms));
    CHECK(moved.client_now == DateTime(100s));
    CHECK(listed(moved).end == 49);

    auto const url = "/livesim/start_1001/timeoffset_900/snr_5/";
    auto const counted = dash_session(two_second_asset(), url, 1'010s);
    CHECK(counted.epoch == DateTime(900s));
    CHECK(counted.availability_start == DateTime(1'000s));
    CHECK(counted.first_index == 50);
    CHECK(counted.first_number == 55);
    CHECK(counted.elapsed == 10s);
    CHECK(listed(counted) == IndexRange{50, 55});
    CHECK(status(url, 1'010s, 50) == 200);
    CHECK(status(url, 1'010s, 49) == 404);
    CHECK(detail(url, 1'010s, 49) == "the first segment is 55");
    CHECK(impossible(two_second_asset(), "/livesim/start_1001/timeoffset_1002/") ==
          "timeoffset_ is behind the availability start: wants seconds since 1970, not more than "
          "start_ has");
}

TEST_CASE("relative starts and stops count from the client's own second") {
    auto const session = dash_session(
        two_second_asset(), "/livesim2/startrel_-20/stoprel_20/timeoffset_-1.5/", 1'000'900ms);
    CHECK(session.availability_start == DateTime(980s));
    CHECK(session.availability_end == DateTime(1'020s));
    CHECK(session.elapsed == 19'400ms);
    CHECK(impossible(two_second_asset(), "/livesim2/startrel_-20/", 10s) ==
          "startrel_-20: begins before 1970, or too late");
    CHECK(impossible(two_second_asset(), "/livesim2/start_100/stoprel_-20/", 100s) ==
          "the session stops before it starts");
}

TEST_CASE("modulo: a session a cycle, extended three times, the next one announced in time") {
    struct Row {
        std::chrono::seconds now, start, end;
        bool is_over;
    };
    for (auto const& row : std::vector<Row>{{6000s, 6000s, 6120s, false},
                                            {6059s, 6000s, 6120s, false},
                                            {6060s, 6000s, 6240s, false},
                                            {6179s, 6000s, 6240s, false},
                                            {6180s, 6000s, 6360s, false},
                                            {6299s, 6000s, 6360s, false},
                                            {6300s, 6000s, 6480s, false},
                                            {6480s, 6000s, 6480s, false},
                                            {6481s, 6000s, 6480s, true},
                                            {6539s, 6000s, 6480s, true},
                                            {6540s, 6600s, 6720s, false},
                                            {6599s, 6600s, 6720s, false},
                                            {6600s, 6600s, 6720s, false}}) {
        auto const session = dash_session(two_second_asset(), "/livesim2/modulo_10/", row.now);
        CHECK_MESSAGE(session.availability_start == DateTime(row.start), row.now.count());
        CHECK_MESSAGE(session.announced_end == DateTime(row.end), row.now.count());
        CHECK_MESSAGE(session.is_over == row.is_over, row.now.count());
        CHECK(session.availability_end == DateTime(row.start + 480s));
        CHECK(status_of(manifest_available(session)) == 200);
        if (!row.is_over) CHECK(session.update_period() == 30s);
    }
    auto const next = dash_session(two_second_asset(), "/livesim2/modulo_10/", 6540s);
    CHECK(status_of(initialisation_available(next)) == 425);
    CHECK(status_of(available(next, 0)) == 425);
}

TEST_CASE("tfdt_32: three hours after three hours, and no asset whose times are finer than that") {
    auto const session = dash_session(two_second_asset(), "/livesim2/tfdt_32/", 100'000s);
    CHECK(session.availability_start == DateTime(97'200s));
    CHECK(session.announced_end == DateTime(108'000s));
    CHECK(session.elapsed == 2'800s);
    CHECK(session.update_period() == 5400s);
    auto const started = dash_session(two_second_asset(), "/livesim2/tfdt_32/start_100/", 10'900s);
    CHECK(started.availability_start == DateTime(10'900s));
    auto const early = dash_session(two_second_asset(), "/livesim/tfdt_32/start_100/", 50s);
    CHECK(early.availability_start == DateTime(100s));
    CHECK(impossible(dash_asset({10'000'000, {20'000'000}}), "/livesim2/tfdt_32/") ==
          "tfdt_32: V has 10000000 units a second, too many for 32 bits within three hours");
}

TEST_CASE("cont: the start follows the list, numbers and times stay") {
    auto const session = dash_session(two_second_asset(), "/livesim2/cont_1/snr_3/", 1'001s);
    CHECK(session.first_index == 469);
    CHECK(session.first_number == 472);
    CHECK(session.availability_start == DateTime(938s));
    CHECK(session.announced_end == DateTime(938s + 3h));
    CHECK(session.epoch == DateTime(0s));
    CHECK(listed(session) == IndexRange{469, 500});
    // What an MPD had a while ago can still be had.
    CHECK(status("/livesim2/cont_1/", 1'001s, 468) == 200);
    CHECK(status("/livesim2/cont_1/", 1'001s, 460) == 410);
}

TEST_CASE("how often an MPD is fetched again") {
    auto const period = [](char const* url) {
        return dash_session(two_second_asset(), url, 100'000s).update_period();
    };
    CHECK(period("/livesim2/") == 2s);
    CHECK(period("/livesim2/mup_7/") == 7s);
    CHECK(period("/livesim/") == 36'500 * 24h);
    CHECK(period("/livesim/start_1000/") == 10s);
    for (auto const* url :
         {"/livesim/segtimeline_1/", "/livesim/segtimelinenr_1/start_1000/",
          "/livesim2/segtimeline_1/modulo_10/", "/livesim2/segtimeline_1/tfdt_32/",
          "/livesim/segtimeline_1/periods_10/"})
        CHECK_MESSAGE(period(url) == 2s, url);
    CHECK(period("/livesim/periods_10/") == 175s);
    CHECK(dash_session(dash_asset({30'000, {60'061, 60'060}}), "/livesim2/", 1s).update_period() ==
          2002ms);
    CHECK(dash_session(dash_asset({30'000, {1}}), "/livesim2/", 1s).update_period() == 1ms);
}

TEST_CASE("what an asset can't have is refused when a session is opened") {
    auto const asset = support::with_manifest(two_second_asset());
    CHECK(impossible(asset, "/livesim2/ssras_1,2/chunkdurssr_1,2.5/") ==
          "chunkdurssr_: 2500 ms are longer than a segment, which has 2000 ms");
    CHECK(status_of(Session::open(asset,
                                  support::dash_options("/livesim2/ssras_1,2/chunkdurssr_1,2/"),
                                  DateTime(100s))) == 200);
}

TEST_CASE("segments in parts need sets that there are") {
    auto const asset = support::with_manifest(two_second_asset());
    for (auto const* const url : {"/livesim2/ssras_77,78/", "/livesim2/ssras_1,2;77,1/"})
        CHECK(impossible(asset, url).starts_with("ssras_: there is no AdaptationSet 77, but 1, 2"));
    CHECK(impossible(asset, "/livesim2/ssras_1,78/")
              .starts_with("ssras_: there is no AdaptationSet 78, "));
}

TEST_CASE("faults need a Representation that there is") {
    auto const opened = [](char const* url) {
        return status_of(
            Session::open(two_second_asset(), support::dash_options(url), DateTime(100s)));
    };
    CHECK(impossible(two_second_asset(), "/livesim2/statuscode_[{cycle:30,code:404,rep:V999}]/") ==
          "statuscode_: no Representation has \"V999\" in its id");
    CHECK(opened("/livesim2/statuscode_[{cycle:30,code:404,rep:V}]/") == 200);
    CHECK(opened("/livesim2/statuscode_[{cycle:30,code:404,rep:*}]/") == 200);
    CHECK(opened("/livesim2/timesubsstpp_en/statuscode_[{cycle:30,code:404,rep:stpp}]/") == 200);
}

TEST_CASE("what HLS has no word for is refused there by its name") {
    auto const refusal = [](std::string const& options) {
        auto const answer =
            check_hls_effects(dash_session(two_second_asset(), "/livesim2/" + options, 100s));
        return answer ? std::string() : answer.error().detail;
    };
    for (std::string const option :
         {"etp_60/", "xlink_1/", "insertad_1/", "peroff_1/", "mpdcallback_1/"})
        CHECK(refusal("periods_60/" + option) ==
              option.substr(0, option.find('_') + 1) + ": HLS has no word for it");
    CHECK(refusal("segtimeline_1/baseurl_u40_d20/segtimelineloss_1/")
              .starts_with("segtimelineloss_: "));
    CHECK(refusal("periods_60/continuous_1/").empty());
}

TEST_CASE("breaks in an MPD need pictures") {
    auto const pictures = dash_session(two_second_asset(), "/livesim2/scte35_1/", 100s);
    CHECK(status_of(check_mpd_effects(pictures)) == 200);
    auto sound = std::make_shared<dashlive::Asset>(*two_second_asset());
    sound->tracks.erase("V");
    auto const session = dash_session(sound, "/livesim2/scte35_1/", 100s);
    CHECK(status_of(check_mpd_effects(session)) == 400);
    CHECK(status_of(check_mpd_effects(dash_session(sound, "/livesim2/", 100s))) == 200);
}

TEST_CASE("a set without an id is called by the first number that is free") {
    dashlive::Manifest const manifest{
        .name = "Manifest.mpd",
        .root = dash::parse_element(R"(<MPD><Period><AdaptationSet/><AdaptationSet id="1"/>)"
                                    R"(<AdaptationSet id="x"/><AdaptationSet/></Period></MPD>)")
                    .value(),
        .title = {}};
    std::vector<std::string> ids;
    for (auto const& set : dashlive::named_sets(manifest))
        ids.push_back(set.id);
    CHECK(ids == std::vector<std::string>{"2", "1", "x", "3"});
}

TEST_CASE("nobody has a time before 1970, or behind the end of time") {
    CHECK(impossible(two_second_asset(), "/livesim2/", -1ms) ==
          "the time is not within 1970-01-01T00:00:00Z and 4147-08-20T07:32:16Z");
    CHECK_FALSE(impossible(two_second_asset(), "/livesim2/", 9'000'000'000'000'000'000ms).empty());
    CHECK_FALSE(impossible(two_second_asset(), "/livesim2/timeoffset_-101/").empty());
    CHECK_FALSE(
        impossible(two_second_asset(), "/livesim2/timeoffset_1/", timeline::max_elapsed).empty());
}

} // namespace session_test
