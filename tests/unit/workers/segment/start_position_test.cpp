#include "workers/segment/start_position.hpp"

#include <doctest/doctest.h>

namespace start_position_test {

using namespace continuo;
using namespace continuo::segment;
using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr hls::WallTime end{1'000'000s};

struct List {
    std::size_t count = 5; ///< segments of 4 s, the newest one ends at `end`
    bool ended = false;
    bool are_programme = false;
    std::vector<std::size_t> discontinuities{};
};

StartPosition start(List const& list, std::optional<microseconds> before_end = {}) {
    hls::MediaPlaylist playlist;
    playlist.target_duration = 5s;
    playlist.ended = list.ended;
    playlist.segments.resize(list.count);
    Dates dates{.begins = {},
                .end = {.earliest = end - 1s, .latest = end + 1s},
                .are_programme = list.are_programme};
    for (std::size_t i = 0; i < list.count; ++i) {
        playlist.segments[i].duration = 4s;
        dates.begins.push_back(end - 4s * static_cast<int>(list.count - i));
    }
    for (auto const i : list.discontinuities)
        playlist.segments[i].discontinuity = true;
    std::optional<hls::WallTime> at;
    if (before_end) at = end - *before_end;
    return start_of(playlist, dates, at);
}

StartPosition usual(std::size_t index) {
    return {.index = index, .is_at = false};
}
StartPosition chosen(std::size_t index) {
    return {.index = index, .is_at = true};
}

TEST_CASE("start: the second newest of a live list, the first of one that has ended") {
    CHECK(start({}) == usual(3));
    CHECK(start({.count = 2}) == usual(0));
    CHECK(start({.count = 1}) == usual(0));
    CHECK(start({.ended = true}) == usual(0));
    CHECK(start({.ended = true, .discontinuities = {4}}) == usual(0));
}

TEST_CASE("start: never in front of a discontinuity, where time may go back") {
    CHECK(start({.discontinuities = {4}}) == usual(4));
    CHECK(start({.discontinuities = {3}}) == usual(3));
    CHECK(start({.discontinuities = {3, 4}}) == usual(4));
    CHECK(start({.discontinuities = {2}}) == usual(3));
}

TEST_CASE("start: at a wanted time") {
    struct Row {
        char const* name;
        microseconds before_end;
        StartPosition live, ended; ///< lists, dated by themselves
    };
    Row const rows[] = {
        {"older than the list", 100s, chosen(0), chosen(0)},
        {"the oldest one's first picture", 20s, chosen(0), chosen(0)},
        {"within one", 9s, chosen(2), chosen(2)},
        {"a border belongs to the later one", 8s, chosen(3), chosen(3)},
        {"just before it", 8s + 1us, chosen(2), chosen(2)},
        {"the newest one's first picture", 4s, chosen(4), chosen(4)},
        {"within it", 4s - 1us, usual(3), chosen(4)},
        {"the end of the newest one", 1us, usual(3), chosen(4)},
        {"the next to come", 0s, usual(3), usual(0)},
        {"a target duration ahead", -5s, usual(3), usual(0)},
        {"further ahead", -5s - 1us, usual(3), usual(0)},
    };
    for (auto const& row : rows) {
        CAPTURE(row.name);
        CHECK(start({.are_programme = true}, row.before_end) == row.live);
        CHECK(start({}, row.before_end) == row.live);
        CHECK(start({.ended = true, .are_programme = true}, row.before_end) == row.ended);
        CHECK(start({.ended = true}, row.before_end) == usual(0)); // its dates are a guess
    }
}

TEST_CASE("start: at a time in a hole between two segments it is the later one") {
    hls::MediaPlaylist playlist;
    playlist.target_duration = 5s;
    playlist.segments.resize(2);
    for (auto& segment : playlist.segments)
        segment.duration = 4s;
    Dates const dates{.begins = {end - 14s, end - 4s},
                      .end = {.earliest = end, .latest = end},
                      .are_programme = true};
    CHECK(start_of(playlist, dates, end - 11s) == chosen(0));
    CHECK(start_of(playlist, dates, end - 7s) == chosen(1));
}

TEST_CASE("start: where the list's dates go back, the newest segment of the time") {
    hls::MediaPlaylist playlist;
    playlist.target_duration = 5s;
    playlist.segments.resize(4);
    for (auto& segment : playlist.segments)
        segment.duration = 4s;
    Dates const dates{.begins = {end - 9s, end - 5s, end - 8s, end - 4s},
                      .end = {.earliest = end, .latest = end},
                      .are_programme = true};
    CHECK(start_of(playlist, dates, end - 7s) == chosen(2));
}

} // namespace start_position_test
