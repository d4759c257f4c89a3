#include "workers/segment/segment_dates.hpp"

#include <doctest/doctest.h>

namespace segment_dates_test {

using namespace continuo;
using namespace continuo::segment;
using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr hls::WallTime now{1'000'000s};

/// Segments of 4 s, target duration 5 s.
hls::MediaPlaylist list(std::size_t count) {
    hls::MediaPlaylist playlist;
    playlist.target_duration = 5s;
    playlist.segments.resize(count);
    for (auto& segment : playlist.segments)
        segment.duration = 4s;
    return playlist;
}

microseconds age_of_end(Dates const& dates) {
    return now - dates.end.middle();
}

TEST_CASE("dates: the playlist's own count, carried along by EXTINF both ways") {
    auto playlist = list(4);
    playlist.segments[1].program_date_time = now - 13s;
    playlist.segments[3].program_date_time = now - 4s; // after a hole of a second
    auto const dates = dates_of(playlist, {.came = now});
    CHECK(dates.are_programme);
    CHECK(dates.begins == std::vector{now - 17s, now - 13s, now - 9s, now - 4s});
    CHECK(dates.end == Interval{.earliest = now, .latest = now});
}

TEST_CASE(
    "dates: the playlist's own are believed while its newest segment may be at the live edge") {
    struct Row {
        microseconds age; ///< of the newest segment's end
        bool are_programme;
    };
    Row const rows[] = {{0s, true},         {15s, true},     {15s + 1us, false}, {-2s, true},
                        {-2s - 1us, false}, {10000h, false}, {-10000h, false}};
    for (auto const& row : rows) {
        CAPTURE(row.age.count());
        auto playlist = list(2);
        playlist.segments[0].program_date_time = now - 8s - row.age;
        auto const dates = dates_of(playlist, {.came = now});
        CHECK(dates.are_programme == row.are_programme);
        if (!row.are_programme) CHECK(age_of_end(dates) == 2s);
    }
}

TEST_CASE("dates: what is known of the publication narrows the newest segment's end") {
    auto const at = [](microseconds from, microseconds to) {
        return Interval{.earliest = now - from, .latest = now - to};
    };
    struct Row {
        char const* name;
        Publication publication;
        Interval end;
    };
    Row const rows[] = {
        {"nothing known: within its own duration", {.came = now}, at(4s, 0s)},
        {"header", {.came = now, .published = at(2s, 1s)}, at(2s, 1s)},
        {"header of the future, within reason",
         {.came = now, .published = at(-1s, -2s)},
         at(-1s, -2s)},
        {"header too old", {.came = now, .published = at(20s, 19s)}, at(4s, 0s)},
        {"header from the future", {.came = now, .published = at(-3s, -4s)}, at(4s, 0s)},
        {"two loads", {.came = now, .asked_before = now - 2s}, at(2s, 0s)},
        {"loads far apart tell nothing", {.came = now, .asked_before = now - 9s}, at(4s, 0s)},
        {"header and loads",
         {.came = now, .published = at(2s, 1s), .asked_before = now - 1500ms},
         at(1500ms, 1s)},
        {"loads against the header: the header",
         {.came = now, .published = at(2s, 1s), .asked_before = now - 500ms},
         at(2s, 1s)},
        {"as expected", {.came = now, .expected = at(3s, 1s)}, at(3s, 1s)},
        {"all of them",
         {.came = now,
          .published = at(2s, 1s),
          .asked_before = now - 1500ms,
          .expected = at(1200ms, 500ms)},
         at(1200ms, 1s)},
        {"later than expected: listed late",
         {.came = now, .published = at(2s, 1s), .expected = at(4s, 3s)},
         at(4s, 3s)},
        {"sooner than expected: it can't be listed before it has ended",
         {.came = now, .published = at(3s, 2s), .expected = at(1s, 0s)},
         at(3s, 2s)},
    };
    for (auto const& row : rows) {
        CAPTURE(row.name);
        auto const dates = dates_of(list(3), row.publication);
        CHECK_FALSE(dates.are_programme);
        CHECK(dates.end == row.end);
        auto const end = row.end.middle();
        CHECK(dates.begins == std::vector{end - 12s, end - 8s, end - 4s});
    }
}

TEST_CASE("dates: a segment longer than the target duration does not widen the guess") {
    auto playlist = list(1);
    playlist.segments[0].duration = 60s;
    CHECK(age_of_end(dates_of(playlist, {.came = now})) == 2500ms);
}

TEST_CASE("dates: a server's clock counts as ours where they agree, else the difference does") {
    std::chrono::sys_seconds const server_now{1'000'000s};
    auto const modified = server_now - 3s;
    CHECK(published_by(modified, server_now, now + 100ms) ==
          Interval{.earliest = modified, .latest = modified + 1s});
    CHECK(published_by(modified, server_now, now + 2s) ==
          Interval{.earliest = modified, .latest = modified + 1s});
    for (auto const offset : {-251ms, 2001ms, 86'400'000ms}) {
        auto const came = now + offset;
        CHECK(published_by(modified, server_now, came) ==
              Interval{.earliest = came - 4s, .latest = came - 2s});
    }
}

} // namespace segment_dates_test
