#include "tests/support/dash_session.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

namespace publication_test {

using namespace continuo;
using namespace std::chrono_literals;
using dashlive::DateTime;
using std::chrono::milliseconds;
using support::dash_asset;
using support::dash_session;
using support::two_second_asset;

DateTime published(char const* url, milliseconds now) {
    return publication_of(dash_session(two_second_asset(), url, now)).time;
}
std::optional<DateTime> next(char const* url, milliseconds now) {
    return publication_of(dash_session(two_second_asset(), url, now)).next;
}
DateTime at(milliseconds since_1970) {
    return DateTime(since_1970);
}

TEST_CASE("an MPD with numbers is published once, at the start") {
    CHECK(published("/livesim2/", 10s) == at(0s));
    CHECK(next("/livesim2/", 10s) == std::nullopt);
    CHECK(published("/livesim2/start_1000/", 1'005s) == at(1'000s));
}

TEST_CASE("an MPD with a timeline is published when its last segment becomes available") {
    CHECK(published("/livesim2/segtimeline_1/", 3s) == at(2s));
    CHECK(next("/livesim2/segtimeline_1/", 3s) == at(4s));
    CHECK(published("/livesim2/segtimeline_1/ato_1.5/", 3s) == at(2'500ms));
    CHECK(published("/livesim2/segtimeline_1/ato_1.5/", 4'250ms) == at(2'500ms));
    CHECK(published("/livesim2/segtimeline_1/ato_1.5/", 4'500ms) == at(4'500ms));
    CHECK(published("/livesim2/segtimeline_1/ato_1.75/", 10'200ms) == at(8'250ms));
    CHECK(published("/livesim2/segtimeline_1/ato_1.75/", 10'300ms) == at(10'250ms));
    CHECK(next("/livesim2/segtimeline_1/ato_1.75/", 10'200ms) == at(10'250ms));
    CHECK(published("/livesim2/segtimelinenr_1/start_1682341800/", 1'682'341'801s) ==
          at(1'682'341'800s));
    CHECK(published("/livesim2/segtimeline_1/ato_20/start_1000/", 1'000s) == at(1'000s));
    CHECK(next("/livesim2/segtimeline_1/ato_20/start_1000/", 1'000s) == at(1'002s));
}

TEST_CASE("a segment that ends between two milliseconds is published at the later one") {
    auto const asset = dash_asset({30'000, {60'061}}); // 2002.0333 ms
    auto const publication = publication_of(dash_session(asset, "/livesim2/segtimeline_1/", 4s));
    CHECK(publication.time == at(2'003ms));
    CHECK(publication.next == at(4'005ms));
}

TEST_CASE("periods are published when they begin, in livesim1 half a period before") {
    CHECK(published("/livesim2/periods_60/", 1'001s) == at(960s));
    CHECK(next("/livesim2/periods_60/", 1'001s) == at(1'020s));
    CHECK(published("/livesim2/segtimeline_1/periods_60/", 150s) == at(150s));
    CHECK(published("/livesim/periods_60/", 1'001s) == at(990s));
    CHECK(next("/livesim/periods_60/", 1'001s) == at(1'050s));
    CHECK(next("/livesim2/start_1000/stop_1100/periods_60/", 1'061s) == at(1'100'001ms));
}

TEST_CASE("a stop publishes the static MPD, a millisecond behind it, and no other") {
    auto const url = "/livesim2/segtimeline_1/start_1000/stop_1021/";
    CHECK(published(url, 1'021s) == at(1'020s));
    CHECK(next(url, 1'021s) == at(1'021'001ms));
    CHECK(published(url, 1'021'001ms) == at(1'021'001ms));
    CHECK(published(url, 99'999s) == at(1'021'001ms));
    CHECK(next(url, 99'999s) == std::nullopt);
}

TEST_CASE("each extension of a duration is published when it is announced") {
    auto const url = "/livesim2/start_1000/dur_30/dur_30/mup_5/";
    CHECK(published(url, 1'019s) == at(1'000s));
    CHECK(next(url, 1'019s) == at(1'020s));
    CHECK(published(url, 1'059s) == at(1'020s));
    CHECK(next(url, 1'059s) == at(1'060'001ms));
    CHECK(next(url, 1'061s) == std::nullopt);
}

TEST_CASE("a cycle of modulo_ is published in parts, the next one before it begins") {
    auto const url = "/livesim2/modulo_10/";
    CHECK(published(url, 6'541s) == at(6'540s));
    CHECK(next(url, 6'541s) == at(6'600s));
    CHECK(published(url, 6'600s) == at(6'600s));
    CHECK(next(url, 6'600s) == at(6'660s));
    CHECK(published(url, 6'799s) == at(6'780s));
    CHECK(next(url, 6'900s) == at(7'080'001ms));
    CHECK(published(url, 7'100s) == at(7'080'001ms));
    CHECK(next(url, 7'100s) == at(7'140s));
}

TEST_CASE("a start that follows the clock publishes an MPD each time that it moves") {
    CHECK(published("/livesim2/startrel_-20/", 1'000'900ms) == at(1'000s));
    CHECK(next("/livesim2/startrel_-20/", 1'000'900ms) == at(1'001s));
    CHECK(published("/livesim2/startrel_-20/timeoffset_-1.5/", 1'000'900ms) == at(998'500ms));
    CHECK(published("/livesim2/cont_1/", 1'001s) == at(1'000s));
    CHECK(next("/livesim2/cont_1/", 1'001s) == at(1'002s));
    CHECK(next("/livesim2/tfdt_32/", 10'799s) == at(10'800s));
}

TEST_CASE("before its start livesim1 has an MPD of 1970") {
    CHECK(published("/livesim/start_1000/", 10s) == at(0s));
    CHECK(next("/livesim/start_1000/", 10s) == at(1'000s));
}

} // namespace publication_test
