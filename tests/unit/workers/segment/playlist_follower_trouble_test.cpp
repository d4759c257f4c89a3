// Playlists and servers that are not as they should be.
#include "tests/support/followed_playlist.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

namespace playlist_follower_trouble_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST_CASE("follower: a segment that fails is asked for again, then left out with one line") {
    auto it = follower();
    it.loaded(text({}), load(0ms));
    Time now = start;
    int attempts = 0;
    while (it.fetch_due() && attempts < 100) {
        now = std::max(now, *it.fetch_due());
        if (it.begin_fetch().number != 11) break;
        ++attempts;
        it.fetch_failed(no, now);
    }
    CHECK(attempts == 4);
    CHECK(remarks(it) == "http://a/s: HTTP 404: the segment is left out\n");
    it.fetched(); // s12
    CHECK_FALSE(it.end());
}

TEST_CASE("follower: trouble is known at once, until a segment has come") {
    auto it = follower();
    CHECK(it.trouble().empty());
    it.load_failed("refused", start, start);
    CHECK(it.trouble() == "refused");
    CHECK_FALSE(it.end());
    it.loaded(text({}), load(1s));
    CHECK(it.trouble() == "refused"); // a list alone is nothing to be seen
    it.begin_fetch();
    it.fetch_failed(no, start + 2s);
    CHECK(it.trouble() == no.reason);
    it.begin_fetch();
    it.fetched();
    CHECK(it.trouble().empty());
}

TEST_CASE("follower: a segment that fails and is not listed any more is not asked for again") {
    auto it = follower();
    it.loaded(text({}), load(0ms));
    it.begin_fetch();
    it.loaded(text({.first = 12}), load(4s));
    it.fetch_failed(no, start + 5s);
    CHECK(it.begin_fetch().uri == "s12.ts");
}

TEST_CASE("follower: a source whose segments all fail is given up after ten seconds") {
    for (auto const& failure : {no, silence}) {
        auto it = follower();
        it.loaded(text({}), load(0ms));
        auto now = start;
        for (std::uint64_t first = 11; !it.end() && first < 100; ++first) {
            while (it.fetch_due()) {
                now = std::max(now, *it.fetch_due());
                it.begin_fetch();
                it.fetch_failed(failure, now);
            }
            it.loaded(text({.first = first}),
                      load(std::chrono::duration_cast<milliseconds>(now - start)));
        }
        REQUIRE(it.end());
        CHECK(it.end()->why == InputEnd::Why::broken);
        CHECK(it.end()->reason == failure.reason);
        CHECK(now - start >= 10s);
        CHECK(now - start < 13s);
    }
}

TEST_CASE("follower: a list that stays as it is, all segments missing, is given up as well") {
    auto it = follower();
    it.loaded(text({}), load(0ms));
    Time now = start;
    while (it.load_due()) {
        now = *it.load_due();
        if (it.fetch_due() && *it.fetch_due() <= now) {
            it.begin_fetch();
            it.fetch_failed(no, now);
        } else {
            it.unchanged(load(std::chrono::duration_cast<milliseconds>(now - start)));
        }
    }
    REQUIRE(it.end());
    CHECK(it.end()->reason == no.reason);
    CHECK(now - start >= 14s); // the patience begins with the first failure, at 0 s or 4 s
    CHECK(now - start < 26s);
}

TEST_CASE("follower: what the list does not have any more is counted") {
    auto it = follower();
    it.loaded(text({}), load(0ms));
    fetch_all(it);
    it.loaded(text({.first = 20}), load(30s));
    CHECK(remarks(it) == "http://a/x.m3u8: 7 segments were gone before they were read\n");
    CHECK(fetch_all(it) == "s20.ts s21.ts s22.ts");
}

TEST_CASE("follower: gaps that the source declares are passed over") {
    auto it = follower();
    it.loaded(text({.before_last = "#EXT-X-GAP"}), load(0ms));
    CHECK(fetch_all(it) == "s11.ts");
    CHECK(remarks(it) == "http://a/x.m3u8: the source has 1 segments less than it lists\n");
    it.loaded(text({.first = 11, .ended = true}), load(4s));
    CHECK(fetch_all(it) == "s13.ts");
    CHECK(it.end());
}

TEST_CASE("follower: a source that began anew is followed from its newest on") {
    auto it = follower();
    it.loaded(text({}), load(0ms));
    fetch_all(it);
    SUBCASE("at 0") {
        it.loaded(text({.first = 0, .count = 1}), load(4s));
        CHECK(remarks(it) ==
              "http://a/x.m3u8: the playlist began anew: media sequence 0 after 10\n");
        CHECK(fetch_all(it) == "s0.ts");
        it.loaded(text({.first = 0, .count = 2}), load(8s));
        CHECK(fetch_all(it) == "s1.ts");
    }
    SUBCASE("with the same numbers") {
        it.loaded(text({.first = 11, .name = "t"}), load(4s));
        CHECK(fetch_all(it) == "t12.ts t13.ts");
    }
    SUBCASE("while a fetch is under way") {
        it.loaded(text({.first = 11}), load(4s));
        CHECK(it.begin_fetch().uri == "s13.ts");
        it.loaded(text({.first = 0, .count = 2}), load(8s));
        CHECK_FALSE(it.fetch_due());
        SUBCASE("that comes") {
            it.fetched();
        }
        SUBCASE("that fails") {
            it.fetch_failed(no, start + 9s);
        }
        CHECK(fetch_all(it) == "s0.ts s1.ts");
    }
    CHECK_FALSE(it.end());
}

TEST_CASE("follower: a cache that is behind changes nothing, for a while") {
    auto it = follower();
    it.loaded(text({}), load(0ms));
    fetch_all(it);
    it.loaded(text({.first = 9}), load(4s));
    CHECK(it.load_due() == start + 6s);
    it.loaded(text({.first = 11}), load(6s));
    CHECK(fetch_all(it) == "s13.ts");
    CHECK(remarks(it).empty());
    // a source that restarted under the same names looks alike at first
    it.loaded(text({.first = 9, .count = 4}), load(10s));
    it.loaded(text({.first = 9, .count = 4}), load(12s));
    CHECK_FALSE(it.fetch_due());
    it.loaded(text({.first = 9, .count = 4}), load(21s));
    CHECK(fetch_all(it) == "s11.ts s12.ts");
    CHECK_FALSE(remarks(it).empty());
}

TEST_CASE("follower: a list that nobody writes is no live edge until it changes") {
    auto it = follower();
    CHECK(it.loaded(text({}), load(0ms, 23s)));
    CHECK_FALSE(it.fetch_due());
    CHECK(it.load_due() == start + 350ms);
    SUBCASE("it changes") {
        it.loaded(text({.first = 11}), load(4s, 0ms));
        CHECK(fetch_all(it) == "s12.ts s13.ts");
    }
    SUBCASE("it changes, whatever the header says") {
        it.loaded(text({.first = 11}), load(4s, 1h));
        CHECK(fetch_all(it) == "s12.ts s13.ts");
    }
    SUBCASE("it stays") {
        while (it.load_due())
            it.unchanged(load(std::chrono::duration_cast<milliseconds>(*it.load_due() - start)));
        CHECK(it.end()->why == InputEnd::Why::broken);
        CHECK(it.end()->reason == "http://a/x.m3u8: the playlist has not changed for 33 s");
    }
    SUBCASE("it has ended") {
        it.loaded(text({.ended = true}), load(4s, 23s));
        CHECK(fetch_all(it) == "s10.ts s11.ts s12.ts");
    }
}

TEST_CASE("follower: why there is no playlist is said in words") {
    struct Row {
        std::string text, reason;
        InputEnd::Why why;
    };
    auto const list = text({});
    auto const in_front = [&](std::string const& line) { return text({.before_last = line}); };
    Row const rows[] = {
        {"", "the answer is empty", InputEnd::Why::broken},
        {"  <!DOCTYPE html><p>404", "a web page instead of a playlist", InputEnd::Why::broken},
        {"hello", "no playlist", InputEnd::Why::broken},
        {text({.count = 0}), "the playlist lists no segment", InputEnd::Why::broken},
        {list + "#EXTINF:4,\n", "line 10: #EXTINF without its URI: truncated",
         InputEnd::Why::broken},
        {"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:18446744073709551615\n",
         "its media sequence number: out of range", InputEnd::Why::broken},
        {"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n",
         "line 2: #EXT-X-STREAM-INF without its URI: truncated", InputEnd::Why::broken},
        {in_front("#EXT-X-MAP:URI=\"i.mp4\""), "its segments are fragmented MP4",
         InputEnd::Why::unsupported},
        {in_front("#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"k\""),
         "its segments are encrypted: METHOD SAMPLE-AES, KEYFORMAT identity",
         InputEnd::Why::unsupported},
        {"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"mp4a.40.2\"\na\n", "no variant has video",
         InputEnd::Why::unsupported},
    };
    for (auto const& row : rows) {
        CAPTURE(row.reason);
        auto it = follower();
        int loads = 0;
        while (it.load_due()) {
            ++loads;
            auto facts = load(std::chrono::duration_cast<milliseconds>(*it.load_due() - start));
            facts.came = facts.asked;
            it.loaded(row.text, facts);
        }
        REQUIRE(it.end());
        CHECK(it.end()->why == row.why);
        CHECK(it.end()->reason == "http://a/x.m3u8: " + row.reason);
        CHECK(loads == (row.why == InputEnd::Why::broken ? 9 : 1));
    }
}

TEST_CASE("follower: a key that was taken back is none") {
    auto it = follower();
    it.loaded(text({.before_last = "#EXT-X-KEY:METHOD=NONE"}), load(0ms));
    CHECK(fetch_all(it) == "s11.ts s12.ts");
}

TEST_CASE("follower: every beginning of a playlist is read or refused, and leaves it usable") {
    auto const whole = text({.before_last = "#EXT-X-DISCONTINUITY"});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        auto it = follower();
        it.loaded(std::string_view(whole).substr(0, size), load(0ms));
        REQUIRE_FALSE(it.end());
        fetch_all(it);
        REQUIRE(it.loaded(whole, load(1s)));
        fetch_all(it);
        it.loaded(text({.first = 11}), load(5s));
        REQUIRE(fetch_all(it).ends_with("s13.ts"));
    }
}

} // namespace playlist_follower_trouble_test
