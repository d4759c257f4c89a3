#include "workers/segment/fetch_retry.hpp"
#include "workers/segment/load_schedule.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace load_schedule_test {

using namespace continuo;
using namespace continuo::segment;
using namespace std::chrono_literals;
using Time = WallClock::Time;
using std::chrono::milliseconds;

constexpr Time start{100s};

hls::MediaPlaylist list(std::chrono::seconds target_duration, Ticks90k last) {
    hls::MediaPlaylist playlist;
    playlist.target_duration = target_duration;
    playlist.segments.resize(2);
    playlist.segments[0].duration = 1h;
    playlist.segments[1].duration = last;
    return playlist;
}

TEST_CASE("load schedule: the first load is due at once") {
    CHECK(LoadSchedule(start).due() == start);
}

TEST_CASE(
    "load schedule: a target duration after news, half after none, from the load's beginning") {
    struct Row {
        char const* name;
        hls::MediaPlaylist playlist;
        milliseconds after_news, after_none;
    };
    Row const rows[] = {
        {"segments as long as the target duration", list(6s, 6s), 6s, 3s},
        {"shorter ones", list(6s, 4s), 4s, 2s},
        {"longer ones", list(2s, 4s), 2s, 1s},
        {"a list of nothing", list(0s, 4s), 200ms, 200ms},
        {"a last segment of nothing", list(6s, 0s), 200ms, 200ms},
        {"a list that says it will not change", list(100'000s, 100'000s), 60s, 30s},
    };
    for (auto const& row : rows) {
        CAPTURE(row.name);
        LoadSchedule schedule(start);
        schedule.changed(start + 1s, row.playlist);
        CHECK(schedule.due() == start + 1s + row.after_news);
        schedule.unchanged(start + 2s, row.playlist);
        CHECK(schedule.due() == start + 2s + row.after_none);
    }
}

TEST_CASE("load schedule: failures are tried again with longer pauses, and for ten seconds") {
    LoadSchedule schedule(start);
    std::vector<milliseconds> tried;
    auto now = start;
    do {
        now = schedule.due();
        tried.push_back(std::chrono::duration_cast<milliseconds>(now - start));
    } while (schedule.failed(now, now));
    CHECK(tried == std::vector<milliseconds>{0ms, 250ms, 750ms, 1750ms, 3750ms, 5750ms, 7750ms,
                                             9750ms, 10s});
}

TEST_CASE("load schedule: loads that hang are tried twice") {
    LoadSchedule schedule(start);
    CHECK(schedule.failed(start, start + 5s));
    CHECK(schedule.due() == start + 5250ms);
    CHECK_FALSE(schedule.failed(start + 5250ms, start + 10250ms));
}

TEST_CASE("load schedule: one that works makes up for all failures") {
    LoadSchedule schedule(start);
    for (int i = 0; i < 3; ++i)
        CHECK(schedule.failed(start + i * 3s, start + i * 3s));
    schedule.unchanged(start + 9s, list(4s, 4s));
    CHECK(schedule.failed(start + 11s, start + 11s));
    CHECK(schedule.due() == start + 11250ms);
    CHECK(schedule.failed(start + 20s, start + 20s));
    CHECK_FALSE(schedule.failed(start + 21s, start + 21s));
}

TEST_CASE("load schedule: a quiet list may fail for the first time long after it worked") {
    LoadSchedule schedule(start);
    schedule.changed(start, list(60s, 60s));
    CHECK(schedule.failed(start + 60s, start + 60s));
}

TEST_CASE("fetch retry: a server that says no is asked four times in a second and a half") {
    FetchRetry retry;
    CHECK_FALSE(retry.due());
    auto now = start;
    for (auto const pause : {200ms, 400ms, 800ms}) {
        CHECK(retry.failed({.reason = "HTTP 404", .answered = true}, now));
        CHECK(retry.due() == now + pause);
        now = *retry.due();
    }
    CHECK_FALSE(retry.failed({.reason = "HTTP 404", .answered = true}, now));
}

TEST_CASE("fetch retry: a server that does not answer is asked for ten seconds") {
    FetchRetry retry;
    auto now = start;
    int attempts = 1;
    for (; retry.failed({.reason = "refused", .answered = false}, now); ++attempts)
        now = *retry.due();
    CHECK(now - start >= 10s);
    CHECK(now - start < 12s);
    CHECK(attempts == 9);
}

} // namespace load_schedule_test
