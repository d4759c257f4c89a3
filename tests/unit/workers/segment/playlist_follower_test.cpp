// How a playlist is followed, and where a run in it begins.
#include "tests/support/followed_playlist.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace playlist_follower_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST_CASE("follower: begins with the second newest segment and follows") {
    auto it = follower();
    CHECK(it.load_due() == start);
    CHECK_FALSE(it.fetch_due());
    CHECK(it.loaded(text({}), load(0ms)));
    CHECK(it.load_due() == start + 4s);
    CHECK(fetch_all(it) == "s11.ts s12.ts");
    CHECK_FALSE(it.fetch_due());
    it.unchanged(load(4s));
    CHECK(it.load_due() == start + 6s);
    CHECK_FALSE(it.fetch_due());
    CHECK(it.loaded(text({.first = 11}), load(6s)));
    CHECK(it.load_due() == start + 10s);
    CHECK(fetch_all(it) == "s13.ts");
    CHECK(remarks(it).empty());
    CHECK_FALSE(it.end());
}

TEST_CASE("follower: one fetch at a time, beside the loads") {
    auto it = follower();
    it.loaded(text({}), load(0ms));
    CHECK(it.begin_fetch() == SegmentRequest{.number = 11, .uri = "s11.ts", .bytes = {}});
    CHECK_FALSE(it.fetch_due());
    it.loaded(text({.first = 12}), load(4s)); // it is not listed any more, and still on its way
    CHECK_FALSE(it.fetch_due());
    it.fetched();
    CHECK(it.begin_fetch().uri == "s12.ts");
    CHECK(remarks(it).empty());
}

TEST_CASE("follower: an ended list is read from its beginning to its end, and loaded no more") {
    auto it = follower();
    it.loaded(text({.first = 0, .ended = true}), load(0ms));
    CHECK_FALSE(it.load_due());
    CHECK(fetch_all(it) == "s0.ts s1.ts s2.ts");
    REQUIRE(it.end());
    CHECK(it.end()->why == InputEnd::Why::finished);
    CHECK(it.end()->reason.empty());
}

TEST_CASE("follower: a live list that ends") {
    auto it = follower();
    it.loaded(text({}), load(0ms));
    fetch_all(it);
    SUBCASE("with news") {
        it.loaded(text({.count = 4, .ended = true}), load(4s));
        CHECK_FALSE(it.end());
        CHECK(fetch_all(it) == "s13.ts");
    }
    SUBCASE("without") {
        it.loaded(text({.ended = true}), load(4s));
    }
    SUBCASE("with nothing left") {
        it.loaded(text({.count = 0, .ended = true}), load(4s));
    }
    REQUIRE(it.end());
    CHECK(it.end()->why == InputEnd::Why::finished);
    CHECK_FALSE(it.load_due());
}

TEST_CASE("follower: begins at a wanted date, and says how much of the segment is too old") {
    // published right now: s12 ended at 0.1 s, so s10 began 12 s before
    auto const newest_end = wall_clock.at(start) + 100ms;
    auto it = follower(newest_end - 6s);
    it.loaded(text({}), load(0ms, 0ms));
    CHECK_FALSE(it.start());
    CHECK(it.begin_fetch().uri == "s11.ts");
    CHECK_FALSE(it.start());
    it.delivering();
    REQUIRE(it.start());
    CHECK(it.start()->date == newest_end - 8s);
    CHECK(it.start()->skip == Ticks90k(2 * 90'000));
    it.delivering(); // every chunk says so
    CHECK(it.start()->skip == Ticks90k(2 * 90'000));
}

TEST_CASE("follower: what is wanted soon is not waited for") {
    auto it = follower(wall_clock.at(start) + 100ms + 1s);
    it.loaded(text({}), load(0ms, 0ms));
    CHECK(fetch_all(it).ends_with("s12.ts"));
    CHECK(it.start()->skip == Ticks90k::zero());
}

TEST_CASE("follower: when the segment that has the wanted picture is missing, nothing of the next "
          "one is skipped") {
    auto it = follower(wall_clock.at(start) + 100ms - 6s);
    it.loaded(text({}), load(0ms, 0ms));
    Time now = start;
    for (int i = 0; i < 4; ++i) {
        now = std::max(now, *it.fetch_due());
        CHECK(it.begin_fetch().uri == "s11.ts");
        it.fetch_failed(no, now);
    }
    CHECK(it.begin_fetch().uri == "s12.ts");
    it.delivering();
    CHECK(it.start()->date == wall_clock.at(start) + 100ms - 4s);
    CHECK(it.start()->skip == Ticks90k::zero());
}

TEST_CASE("follower: the date of the run is corrected by what later loads tell") {
    auto it = follower();
    it.loaded(text({}), load(0ms)); // s12 ended within the last 4 s
    fetch_all(it);
    auto const came = wall_clock.at(start) + 100ms;
    CHECK(it.start()->date == came - 2s - 8s);
    it.unchanged(load(4s));
    it.loaded(text({.first = 11}), load(6s)); // s13 ended between 4 s and 6.1 s, at 4.1 s at most
    CHECK(it.start()->date == wall_clock.at(start) + 4050ms - 12s);
    it.loaded(text({.first = 12}), load(10s, 2s)); // s14 is said to have ended at 8.1 s
    CHECK(it.start()->date == wall_clock.at(start) + 8100ms - 16s);
}

TEST_CASE("follower: dates of the playlist itself are not corrected") {
    auto const dated = [&](std::uint64_t first, hls::WallTime date) {
        auto list = text({.first = first});
        auto const at = list.find("#EXTINF");
        auto const seconds = std::chrono::floor<std::chrono::seconds>(date.time_since_epoch());
        // 1 800 000 000 is 2027-01-15T08:00:00Z
        return list.insert(at,
                           fmt::format("#EXT-X-PROGRAM-DATE-TIME:2027-01-15T{:02}:{:02}:{:02}Z\n",
                                       seconds.count() / 3600 % 24, seconds.count() / 60 % 60,
                                       seconds.count() % 60));
    };
    auto it = follower();
    it.loaded(dated(10, wall_clock.wall - 13s), load(0ms));
    fetch_all(it);
    CHECK(it.start()->date == wall_clock.wall - 9s);
    it.loaded(dated(11, wall_clock.wall - 8s), load(4s)); // a second off
    CHECK(it.start()->date == wall_clock.wall - 9s);
}

TEST_CASE("follower: byte ranges follow each other where the list says no more") {
    auto it = follower();
    it.loaded("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-ENDLIST\n"
              "#EXTINF:4,\n#EXT-X-BYTERANGE:100\na.ts\n#EXTINF:4,\n#EXT-X-BYTERANGE:50\na.ts\n"
              "#EXTINF:4,\n#EXT-X-BYTERANGE:70@500\na.ts\n#EXTINF:4,\n#EXT-X-BYTERANGE:9\na.ts\n"
              "#EXTINF:4,\n#EXT-X-BYTERANGE:8\nb.ts\n",
              load(0ms));
    std::vector<hls::ByteRange> const ranges{{100, 0}, {50, 100}, {70, 500}, {9, 570}, {8, 0}};
    for (auto const& range : ranges) {
        CHECK(it.begin_fetch().bytes == range);
        it.fetched();
    }
    CHECK(it.end());
}

TEST_CASE("follower: a multivariant playlist leads to its best variant, at once") {
    auto it = follower();
    CHECK(it.loaded("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na\n#EXT-X-STREAM-INF:BANDWIDTH=2\nb\n",
                    load(0ms)));
    CHECK(it.variant_uri() == "b");
    CHECK(it.load_due() == start + 100ms);
    it.loaded(text({}), load(100ms));
    CHECK(fetch_all(it) == "s11.ts s12.ts");
}

} // namespace playlist_follower_test
