// Lists that are wanted whole: from their start, over and over, until they bring nothing more.
#include "tests/support/followed_playlist.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

namespace playlist_follower_whole_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

PlaylistFollower whole(FollowRules rules = {}) {
    rules.from_start = true;
    return PlaylistFollower(wall_clock, rules, start);
}

/// Fetches so many segments: "|" stands for each discontinuity in front of one.
std::string fetch(PlaylistFollower& it, int count) {
    std::string names;
    for (int i = 0; i < count && it.fetch_due(); ++i) {
        auto const request = it.begin_fetch();
        names += std::string(request.discontinuities, '|') + request.uri + " ";
        it.delivering();
        it.fetched();
    }
    return names;
}

/// Reports `failure` as often as it takes until the segment is left out or it is all over.
Time fail_segment(PlaylistFollower& it, FetchFailure const& failure, Time now) {
    auto const number = it.begin_fetch().number;
    for (;;) {
        it.fetch_failed(failure, now);
        if (!it.fetch_due()) return now;
        now = std::max(now, *it.fetch_due());
        auto const again = it.begin_fetch();
        if (again.number != number) {
            it.fetched();
            return now;
        }
    }
}

constexpr auto three_with_a_tag = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-DISCONTINUITY\n"
                                  "#EXTINF:4,\na\n#EXTINF:4,\nb\n#EXT-X-DISCONTINUITY\n"
                                  "#EXTINF:4,\nc\n#EXT-X-ENDLIST\n";

TEST_CASE("follower of all: begins with the first listed segment, however old the list is") {
    auto it = whole();
    it.loaded(text({.count = 5}), load(0ms, 9h));
    CHECK(fetch(it, 9) == "s10.ts s11.ts s12.ts s13.ts s14.ts ");
    CHECK(it.load_due() == start + 4s);
    it.loaded(text({.count = 6, .before_last = "#EXT-X-DISCONTINUITY"}), load(4s));
    CHECK(fetch(it, 9) == "|s15.ts ");
    CHECK_FALSE(it.end());
}

TEST_CASE("follower of all: tags are counted once, also those of what was left out") {
    auto it = whole();
    it.loaded(three_with_a_tag, load(0ms));
    CHECK(fetch(it, 9) == "a b |c ");
    CHECK(it.end()->why == InputEnd::Why::finished);

    auto other = whole();
    auto const tag = std::string("#EXT-X-DISCONTINUITY\n");
    other.loaded("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na\n" + tag + "#EXTINF:4,\nb\n" +
                     tag + "#EXT-X-GAP\n#EXTINF:4,\nc\n#EXTINF:4,\nd\n#EXT-X-ENDLIST\n",
                 load(0ms));
    CHECK(fetch(other, 1) == "a ");
    CHECK(other.begin_fetch().discontinuities == 1);
    other.fetch_failed(no, start);
    CHECK(other.begin_fetch().discontinuities == 0); // the same once more
    other.fetch_failed(no, start);
    other.begin_fetch();
    other.fetch_failed(no, start);
    other.begin_fetch();
    other.fetch_failed(no, start);
    CHECK(fetch(other, 9) == "|d ");
}

TEST_CASE("follower of all: a replay begins again behind one discontinuity, for ever") {
    auto it = whole({.replay = true});
    it.loaded(three_with_a_tag, load(0ms));
    CHECK(fetch(it, 10) == "a b |c |a b |c |a b |c |a ");
    CHECK_FALSE(it.load_due());
    CHECK_FALSE(it.end());
}

TEST_CASE("follower of all: a lap of which nothing came is the last") {
    auto it = whole({.replay = true});
    it.loaded(text({.count = 1, .ended = true}), load(0ms));
    CHECK(fetch(it, 2) == "s10.ts |s10.ts ");
    fail_segment(it, no, start);
    REQUIRE(it.end());
    CHECK(it.end()->why == InputEnd::Why::broken);
    CHECK(it.end()->reason == no.reason);
}

TEST_CASE("follower of all: a list that brings nothing new has ended after a while") {
    struct Row {
        std::optional<milliseconds> idle;
        bool from_start;
        std::optional<milliseconds> ends_after; ///< behind the latest news
    };
    Row const rows[] = {{10s, true, 10s}, {10s, false, 10s}, {{}, true, 40s}, {{}, false, {}}};
    for (auto const& row : rows) {
        CAPTURE(row.from_start);
        CAPTURE(row.idle.has_value());
        PlaylistFollower it(wall_clock, {.from_start = row.from_start, .idle = row.idle}, start);
        it.loaded(text({}), load(0ms));
        fetch(it, 9);
        it.loaded(text({.count = 4}), load(4s)); // came at 4.1 s
        it.begin_fetch();
        auto const loads_until = [&](Time until) {
            while (it.load_due() && *it.load_due() < until)
                it.unchanged(
                    load(std::chrono::duration_cast<milliseconds>(*it.load_due() - start)));
        };
        loads_until(start + 60s); // what is on its way is news
        CHECK_FALSE(it.end());
        it.fetched();
        auto const quiet_since = start + 60s;
        loads_until(quiet_since + row.ends_after.value_or(10min) - 2s);
        CHECK_FALSE(it.end());
        if (!row.ends_after) continue;
        loads_until(quiet_since + *row.ends_after + 4s);
        REQUIRE(it.end());
        CHECK(it.end()->why == InputEnd::Why::finished);
    }
}

TEST_CASE("follower of all: segments that are not there are left out, however many") {
    auto it = whole();
    it.loaded(text({.count = 30, .ended = true}), load(0ms));
    CHECK(fetch(it, 1) == "s10.ts ");
    auto now = start;
    while (!it.end())
        now = fail_segment(it, no, now);
    CHECK(it.end()->why == InputEnd::Why::finished);
    CHECK(now - start > 15s);
}

TEST_CASE("follower of all: a server that is silent or in trouble is waited for, not for ever") {
    FetchFailure const trouble{.reason = "HTTP 503", .answered = true, .status = 503};
    for (auto const& failure : {silence, trouble}) {
        for (auto const idle : {0s, 30s}) {
            CAPTURE(failure.reason);
            auto it = whole({.idle = idle > 0s ? std::optional<milliseconds>(idle) : std::nullopt});
            it.loaded(text({.ended = true}), load(0ms));
            CHECK(fetch(it, 1) == "s10.ts ");
            auto const now = fail_segment(it, failure, start);
            REQUIRE(it.end());
            CHECK(it.end()->why == InputEnd::Why::broken);
            CHECK(it.end()->reason == failure.reason);
            auto const patience = std::max<milliseconds>(idle, FetchRetry::patience);
            CHECK(now - start >= patience);
            CHECK(now - start <= patience + 2s);
        }
    }
}

TEST_CASE(
    "follower of all: a list that begins anew is read from its start, behind a discontinuity") {
    auto it = whole();
    it.loaded(text({.first = 50}), load(0ms));
    CHECK(fetch(it, 9) == "s50.ts s51.ts s52.ts ");
    it.loaded(text({.first = 0, .name = "t"}), load(4s));
    CHECK(fetch(it, 9) == "|t0.ts t1.ts t2.ts ");
    CHECK(remarks(it).find("began anew") != std::string::npos);
}

} // namespace playlist_follower_whole_test
