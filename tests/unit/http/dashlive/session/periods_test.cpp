#include "http/dashlive/session/periods.hpp"
#include "tests/support/dash_session.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace periods_test {

using namespace continuo;
using namespace std::chrono_literals;
using dashlive::DateTime;
using dashlive::Period;
using dashlive::periods_of;
using dashlive::Session;
using std::chrono::milliseconds;
using support::dash_asset;
using support::dash_session;
using support::two_second_asset;
using timeline::IndexRange;

std::vector<Period> periods(char const* url, milliseconds now) {
    auto const answer = periods_of(dash_session(two_second_asset(), url, now));
    REQUIRE_MESSAGE(answer.has_value(), url);
    return *answer;
}

std::vector<std::int64_t> numbers(char const* url, milliseconds now) {
    std::vector<std::int64_t> all;
    for (auto const& period : periods(url, now))
        all.push_back(period.number);
    return all;
}
using Numbers = std::vector<std::int64_t>;

bool has_periods(timeline::SegmentLoop const& pictures, char const* url) {
    return Session::open(dash_asset(pictures), support::dash_options(url), DateTime(50'000s))
        .has_value();
}

TEST_CASE("a session without periods has one, from its start on") {
    auto const session = dash_session(two_second_asset(), "/livesim2/start_1000/snr_7/", 1'005s);
    auto const all = periods_of(session);
    REQUIRE(all.has_value());
    REQUIRE(all->size() == 1);
    CHECK(all->front().start == 0s);
    CHECK(all->front().end == std::nullopt);
    CHECK(all->front().segments == IndexRange{0, 2});
    CHECK(presentation_time_offset(session, all->front(), 90'000) == 0);
}

TEST_CASE("periods of a time-shift buffer, with numbers and media times from the start on") {
    auto const session = dash_session(two_second_asset(), "/livesim2/periods_60/", 1'001s);
    auto const all = *periods_of(session);
    REQUIRE(all.size() == 2);
    CHECK(all[0].number == 15);
    CHECK(all[0].start == 900s);
    CHECK(all[0].end == 960s);
    CHECK(all[0].segments == IndexRange{450, 480});
    CHECK(all[0].is_complete);
    CHECK_FALSE(all[1].is_complete);
    CHECK(presentation_time_offset(session, all[0], 90'000) == 81'000'000);
    CHECK(presentation_time_offset(session, all[1], 48'000) == 46'080'000);
}

TEST_CASE("periods count from the availability start") {
    CHECK(numbers("/livesim2/start_1000000/periods_60/", 1'000'100s) == Numbers{0, 1});
    CHECK(numbers("/livesim2/start_1000000/periods_60/", 1'000'000s) == Numbers{0});
    auto const session =
        dash_session(two_second_asset(), "/livesim/start_1200/timeoffset_600/periods_60/", 1'270s);
    auto const all = *periods_of(session);
    REQUIRE(all.size() == 2);
    CHECK(all[1].start == 60s);
    CHECK(all[1].segments.begin == 330);
    CHECK(presentation_time_offset(session, all[1], 1000) == 660'000);
}

TEST_CASE("with a SegmentTimeline a period is there as soon as one of its segments is") {
    CHECK(numbers("/livesim2/segtimeline_1/periods_60/", 960s) == Numbers{14, 15});
    CHECK(numbers("/livesim2/segtimeline_1/periods_60/", 961'999ms) == Numbers{14, 15});
    CHECK(numbers("/livesim2/segtimeline_1/periods_60/", 962s) == Numbers{15, 16});
    CHECK(numbers("/livesim2/segtimeline_1/periods_60/", 1'001s) == Numbers{15, 16});
    CHECK(numbers("/livesim2/segtimeline_1/periods_60/", 1s) == Numbers{0});
    CHECK(periods("/livesim2/segtimeline_1/periods_60/", 960s)[1].is_complete);
    CHECK_FALSE(periods("/livesim2/segtimeline_1/periods_60/", 959s)[1].is_complete);
    CHECK(numbers("/livesim2/segtimeline_1/periods_60/ato_2/", 960s) == Numbers{15, 16});
}

TEST_CASE("livesim1 announces the next period half a period early") {
    CHECK(numbers("/livesim/periods_60/tsbd_60/", 1'001s) == Numbers{15, 16, 17});
    CHECK(numbers("/livesim/periods_60/tsbd_60/", 989'999ms) == Numbers{14, 15, 16});
    CHECK(numbers("/livesim/periods_60/tsbd_60/", 990s) == Numbers{15, 16, 17});
    CHECK(numbers("/livesim/periods_60/tsbd_60/", 10s) == Numbers{0});
    CHECK(numbers("/livesim/periods_60/tsbd_60/", 30s) == Numbers{0, 1});
    CHECK(numbers("/livesim/periods_60/segtimeline_1/tsbd_60/", 990s) == Numbers{15, 16});
}

TEST_CASE("livesim1's periods_0 is one period that begins after a thousand hours") {
    auto const only = periods("/livesim/periods_0/", 3'600'010s);
    REQUIRE(only.size() == 1);
    CHECK(only[0].start == 1000h);
    CHECK(only[0].segments == IndexRange{1'800'000, 1'800'005});
    CHECK(periods("/livesim/periods_0/", 10s)[0].segments == IndexRange{1'800'000, 1'800'000});
}

TEST_CASE("no period begins where the session ends") {
    CHECK(numbers("/livesim2/start_1000/stop_1120/periods_60/", 1'119s) == Numbers{0, 1});
    CHECK(numbers("/livesim2/start_1000/stop_1120/periods_60/", 1'120s) == Numbers{0, 1});
    CHECK(numbers("/livesim2/start_1000/stop_1121/periods_60/", 9'999s) == Numbers{1, 2});
    CHECK(numbers("/livesim/start_1000/dur_120/periods_60/", 1'115s) == Numbers{0, 1});
}

TEST_CASE("periods that would begin within a segment are refused") {
    CHECK(has_periods({90'000, {180'000}}, "/livesim2/periods_60/"));
    CHECK(has_periods({12'800, {102'400}}, "/livesim2/periods_30/"));          // 8 s in 120 s
    CHECK_FALSE(has_periods({12'800, {102'400}}, "/livesim2/periods_60/"));    // 8 s in 60 s
    CHECK_FALSE(has_periods({30'000, {60'060}}, "/livesim2/periods_60/"));     // 2.002 s
    CHECK(has_periods({90'000, {360'000, 720'000}}, "/livesim2/periods_60/")); // 12 s in 60 s
    // 4 s and 8 s and 12 s: each period of 12 s begins with one of them, that of 8 s doesn't.
    CHECK(has_periods({1000, {4'000, 8'000, 12'000}}, "/livesim2/periods_300/"));
    CHECK_FALSE(has_periods({1000, {4'000, 12'000, 8'000}}, "/livesim2/periods_300/"));
    CHECK_FALSE(has_periods({1000, {7'000}}, "/livesim/periods_0/"));
    CHECK(has_periods({1000, {7'000}}, "/livesim2/"));
    // Where media time begins elsewhere, so do they.
    CHECK(
        has_periods({1000, {4'000, 8'000, 12'000}}, "/livesim/start_36/timeoffset_0/periods_60/"));

    auto const session = Session::open(
        two_second_asset(), support::dash_options("/livesim2/periods_16/"), DateTime(1s));
    REQUIRE(session.has_error()); // 225 s
    CHECK(session.error().status == 400);
    CHECK(session.error().detail == "periods_16: periods would not begin with a segment of asset: "
                                    "wants 3600 / N to be whole segments");
}

TEST_CASE("more periods than anybody reads are refused") {
    auto const answer = periods_of(
        dash_session(two_second_asset(), "/livesim2/periods_60/tsbd_3000000000/", 10'000'000'000s));
    REQUIRE(answer.has_error());
    CHECK(answer.error().status == 400);
    CHECK(answer.error().detail ==
          "50000001 periods in the time-shift buffer: wants not more than 1000");
}

} // namespace periods_test
