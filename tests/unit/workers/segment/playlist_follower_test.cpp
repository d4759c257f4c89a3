#include "workers/segment/playlist_follower.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <string>

using namespace continuo;
using namespace continuo::segment;
using namespace std::chrono_literals;
using Time = WallClock::Time;
using std::chrono::milliseconds;

namespace {

constexpr Time start{1000s};
constexpr WallClock wall_clock{.steady = start, .wall = hls::WallTime{1'800'000'000s}};

/// A list of 4 s segments, target duration 4 s.
struct List {
    std::uint64_t first = 10;
    std::size_t count = 3;
    bool ended = false;
    std::string before_last{}; ///< a line in front of the newest segment
    std::string name = "s";
};

std::string text(List const& list) {
    auto text =
        fmt::format("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:{}\n", list.first);
    for (std::size_t i = 0; i < list.count; ++i) {
        if (i + 1 == list.count && !list.before_last.empty()) text += list.before_last + "\n";
        text += fmt::format("#EXTINF:4,\n{}{}.ts\n", list.name, list.first + i);
    }
    return text + (list.ended ? "#EXT-X-ENDLIST\n" : "");
}

PlaylistLoad load(milliseconds asked) {
    return {.asked = start + asked, .came = start + asked + 100ms, .name = "http://a/x.m3u8"};
}

PlaylistLoad load(milliseconds asked, milliseconds published_before) {
    auto made = load(asked);
    auto const time = wall_clock.at(made.came) - published_before;
    made.published = Interval{.earliest = time, .latest = time};
    return made;
}

PlaylistFollower follower(std::optional<hls::WallTime> at = {}) {
    return PlaylistFollower(wall_clock, at, start);
}

/// Fetches whatever is due, up to the live edge; the names.
std::string fetch_all(PlaylistFollower& follower, Time now = start + 1h) {
    std::string names;
    while (follower.fetch_due() && *follower.fetch_due() <= now) {
        names += (names.empty() ? "" : " ") + follower.begin_fetch().uri;
        follower.delivering();
        follower.fetched();
    }
    return names;
}

std::string remarks(PlaylistFollower& follower) {
    std::string all;
    for (auto const& line : follower.take_remarks())
        all += line + "\n";
    return all;
}

FetchFailure const no{.reason = "http://a/s: HTTP 404", .answered = true};
FetchFailure const silence{.reason = "http://a/s: no answer", .answered = false};

} // namespace

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
    CHECK(it.end()->why == FollowEnd::Why::finished);
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
    CHECK(it.end()->why == FollowEnd::Why::finished);
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
    CHECK(it.begin_fetch().uri == "s12.ts");
    it.delivering();
    CHECK(it.start()->date == wall_clock.at(start) + 100ms - 4s);
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
        CHECK(it.end()->why == FollowEnd::Why::broken);
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

TEST_CASE("follower: a list that nobody writes is no live edge until it changes") {
    auto it = follower();
    CHECK(it.loaded(text({}), load(0ms, 23s)));
    CHECK_FALSE(it.fetch_due());
    CHECK(it.load_due() == start + 350ms);
    SUBCASE("it changes") {
        it.loaded(text({.first = 11}), load(4s, 0ms));
        CHECK(fetch_all(it) == "s12.ts s13.ts");
    }
    SUBCASE("it stays") {
        while (it.load_due())
            it.unchanged(load(std::chrono::duration_cast<milliseconds>(*it.load_due() - start)));
        CHECK(it.end()->why == FollowEnd::Why::broken);
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
        FollowEnd::Why why;
    };
    auto const list = text({});
    auto const in_front = [&](std::string const& line) { return text({.before_last = line}); };
    Row const rows[] = {
        {"", "the answer is empty", FollowEnd::Why::broken},
        {"  <!DOCTYPE html><p>404", "a web page instead of a playlist", FollowEnd::Why::broken},
        {"hello", "no playlist", FollowEnd::Why::broken},
        {text({.count = 0}), "the playlist lists no segment", FollowEnd::Why::broken},
        {list + "#EXTINF:4,\n", "line 10: #EXTINF without its URI: truncated",
         FollowEnd::Why::broken},
        {"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:18446744073709551615\n",
         "its media sequence number: out of range", FollowEnd::Why::broken},
        {"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n",
         "line 2: #EXT-X-STREAM-INF without its URI: truncated", FollowEnd::Why::broken},
        {in_front("#EXT-X-MAP:URI=\"i.mp4\""), "its segments are fragmented MP4",
         FollowEnd::Why::unsupported},
        {in_front("#EXT-X-KEY:METHOD=AES-128,URI=\"k\""), "its segments are encrypted",
         FollowEnd::Why::unsupported},
        {"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"mp4a.40.2\"\na\n", "no variant has video",
         FollowEnd::Why::unsupported},
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
        CHECK(loads == (row.why == FollowEnd::Why::broken ? 9 : 1));
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

namespace {

/// What a follower does next, for the table below.
std::string summary(PlaylistFollower& it, Time now) {
    auto const relative = [&](std::optional<Time> time) {
        if (!time) return std::string("-");
        if (*time <= now) return std::string("now");
        return fmt::format("{:.1f}", std::chrono::duration<double>(*time - now).count());
    };
    auto const end = !it.end()                                   ? ""
                     : it.end()->why == FollowEnd::Why::finished ? " finished"
                     : it.end()->why == FollowEnd::Why::broken   ? " broken"
                                                                 : " unsupported";
    return fmt::format("load {} fetch {}{}{}", relative(it.load_due()), relative(it.fetch_due()),
                       end, it.take_remarks().empty() ? "" : " said");
}

} // namespace

namespace {

enum class State { waiting, forsaken, wanting, fetching, retrying, at_edge, draining, over };

/// Now is 8 s after the start, and a load that began 0.1 s ago has come.
constexpr auto now = start + 8s;

PlaylistFollower follower_in(State state) {
    auto it = follower();
    if (state == State::waiting) return it;
    auto const ended = state == State::draining || state == State::over;
    it.loaded(text({.ended = ended}), state == State::forsaken ? load(0ms, 40s) : load(0ms));
    if (state == State::forsaken || state == State::wanting) return it;
    if (state == State::at_edge || state == State::over) {
        fetch_all(it);
        return it;
    }
    it.begin_fetch();
    if (state == State::retrying) it.fetch_failed(no, now);
    return it;
}

void happen(PlaylistFollower& it, std::string_view event) {
    auto const at = load(7900ms);
    if (event == "news") it.loaded(text({.count = 4}), at);
    if (event == "the same") it.loaded(text({}), at);
    if (event == "not modified") it.unchanged(at);
    if (event == "older") it.loaded(text({.first = 9}), at);
    if (event == "began anew") it.loaded(text({.first = 0, .count = 2}), at);
    if (event == "ended") it.loaded(text({.ended = true}), at);
    if (event == "empty") it.loaded(text({.count = 0}), at);
    if (event == "garbage") it.loaded("<p>", at);
    if (event == "encrypted") it.loaded(text({.before_last = "#EXT-X-KEY:METHOD=AES-128"}), at);
    if (event == "variants") it.loaded("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na\n", at);
    if (event == "load failed") it.load_failed("refused", at.asked, at.came);
    if (event == "fetched") it.fetched();
    if (event == "no") it.fetch_failed(no, now);
    if (event == "silence") it.fetch_failed(silence, now);
}

} // namespace

TEST_CASE("follower: every state and every event") {
    struct Row {
        char const* event;
        std::array<char const*, 6>
            outcomes; ///< waiting, forsaken, wanting, fetching, retrying, at_edge
    };
    Row const rows[] = {
        {"news",
         {"load 3.9 fetch now", "load 3.9 fetch now", "load 3.9 fetch now", "load 3.9 fetch -",
          "load 3.9 fetch 0.2", "load 3.9 fetch now"}},
        {"the same",
         {"load 3.9 fetch now", "load 0.5 fetch -", "load 1.9 fetch now", "load 1.9 fetch -",
          "load 1.9 fetch 0.2", "load 1.9 fetch -"}},
        {"not modified",
         {nullptr, "load 0.5 fetch -", "load 1.9 fetch now", "load 1.9 fetch -",
          "load 1.9 fetch 0.2", "load 1.9 fetch -"}},
        {"older",
         {"load 3.9 fetch now", "load 0.5 fetch -", "load 1.9 fetch now", "load 1.9 fetch -",
          "load 1.9 fetch 0.2", "load 1.9 fetch -"}},
        {"began anew",
         {"load 3.9 fetch now", "load 3.9 fetch now said", "load 3.9 fetch now said",
          "load 3.9 fetch - said", "load 3.9 fetch now said", "load 3.9 fetch now said"}},
        {"ended",
         {"load - fetch now", "load - fetch now", "load - fetch now", "load - fetch -",
          "load - fetch 0.2", "load - fetch - finished"}},
        {"empty",
         {"load 0.2 fetch -", "load 0.5 fetch -", "load 0.2 fetch now", "load 0.2 fetch -",
          "load 0.2 fetch 0.2", "load 0.2 fetch -"}},
        {"garbage",
         {"load 0.2 fetch -", "load 0.5 fetch -", "load 0.2 fetch now", "load 0.2 fetch -",
          "load 0.2 fetch 0.2", "load 0.2 fetch -"}},
        {"load failed",
         {"load 0.2 fetch -", "load 0.5 fetch -", "load 0.2 fetch now", "load 0.2 fetch -",
          "load 0.2 fetch 0.2", "load 0.2 fetch -"}},
        {"variants",
         {"load now fetch -", "load now fetch -", "load now fetch now", "load now fetch -",
          "load now fetch 0.2", "load now fetch -"}},
        {"encrypted",
         {"load - fetch - unsupported", "load - fetch - unsupported", "load - fetch - unsupported",
          "load - fetch - unsupported", "load - fetch - unsupported",
          "load - fetch - unsupported"}},
    };
    for (auto const& row : rows) {
        for (std::size_t state = 0; state < row.outcomes.size(); ++state) {
            if (!row.outcomes[state]) continue; // it can't happen: there was no text before
            CAPTURE(row.event);
            CAPTURE(state);
            auto it = follower_in(State(state));
            happen(it, row.event);
            CHECK(summary(it, now) == row.outcomes[state]);
        }
        auto over = follower_in(State::over);
        happen(over, row.event);
        CHECK(summary(over, now) == "load - fetch - finished");
    }
}

TEST_CASE("follower: every state with a fetch under way, and what may become of it") {
    struct Row {
        char const* event;
        char const* fetching;
        char const* draining;
        char const* began_anew; ///< since the fetch began
        char const* stopped;    ///< since then
    };
    Row const rows[] = {
        {"fetched", "load now fetch now", "load - fetch now", "load 3.9 fetch now said",
         "load - fetch - unsupported"},
        {"no", "load now fetch 0.2", "load - fetch 0.2", "load 3.9 fetch now said",
         "load - fetch - unsupported"},
        {"silence", "load now fetch 0.2", "load - fetch 0.2", "load 3.9 fetch now said",
         "load - fetch - unsupported"},
    };
    for (auto const& row : rows) {
        CAPTURE(row.event);
        auto it = follower_in(State::fetching);
        happen(it, row.event);
        CHECK(summary(it, now) == row.fetching);
        it = follower_in(State::draining);
        happen(it, row.event);
        CHECK(summary(it, now) == row.draining);
        it = follower_in(State::fetching);
        happen(it, "began anew");
        happen(it, row.event);
        CHECK(summary(it, now) == row.began_anew);
        it = follower_in(State::fetching);
        happen(it, "encrypted");
        happen(it, row.event);
        CHECK(summary(it, now) == row.stopped);
    }
}
