#include "workers/segment/playlist_change.hpp"

#include <doctest/doctest.h>

#include <string>

namespace playlist_change_test {

using namespace continuo;
using namespace continuo::segment;
using namespace std::chrono_literals;

struct List {
    std::uint64_t first{};
    std::size_t count{};
    std::string folder{};       ///< in front of the names
    std::string token{};        ///< behind them
    std::uint64_t named_from{}; ///< added to the numbers in names
    bool ended{false};
    std::chrono::seconds duration{4};
};

hls::MediaPlaylist playlist(List const& list) {
    hls::MediaPlaylist made;
    made.target_duration = 4s;
    made.media_sequence = list.first;
    made.ended = list.ended;
    for (std::size_t i = 0; i < list.count; ++i) {
        hls::MediaSegment segment;
        segment.uri = list.folder + "seg" + std::to_string(list.first + i + list.named_from) +
                      ".ts" + list.token;
        segment.duration = list.duration;
        made.segments.push_back(segment);
    }
    return made;
}

TEST_CASE("playlist change: growth, caches and restarts") {
    struct Row {
        char const* name;
        List now;
        PlaylistChange change;
    };
    Row const rows[] = {
        {"the same", {.first = 10, .count = 5}, PlaylistChange::none},
        {"slid on", {.first = 11, .count = 5}, PlaylistChange::grown},
        {"only grew", {.first = 10, .count = 6}, PlaylistChange::grown},
        {"only lost its oldest", {.first = 11, .count = 4}, PlaylistChange::grown},
        {"ended", {.first = 10, .count = 5, .ended = true}, PlaylistChange::grown},
        {"lists older ones again", {.first = 8, .count = 8}, PlaylistChange::grown},
        {"far ahead", {.first = 40, .count = 5}, PlaylistChange::grown},
        {"right behind it", {.first = 15, .count = 5}, PlaylistChange::grown},
        {"slid on, other tokens",
         {.first = 11, .count = 5, .token = "?t=/2"},
         PlaylistChange::grown},
        {"slid on, other folder",
         {.first = 11, .count = 5, .folder = "https://b/x/"},
         PlaylistChange::grown},
        {"an older version", {.first = 9, .count = 5}, PlaylistChange::behind},
        {"an older version, its token",
         {.first = 9, .count = 5, .token = "?t=2"},
         PlaylistChange::behind},
        {"from 0", {.first = 0, .count = 1}, PlaylistChange::restarted},
        {"much older numbers", {.first = 5, .count = 5}, PlaylistChange::restarted},
        {"older numbers, other names",
         {.first = 8, .count = 5, .named_from = 100},
         PlaylistChange::restarted},
        {"older numbers, other durations",
         {.first = 8, .count = 5, .duration = 3s},
         PlaylistChange::restarted},
        {"the numbers of before, other names",
         {.first = 11, .count = 5, .named_from = 100},
         PlaylistChange::restarted},
    };
    for (auto const& row : rows) {
        CAPTURE(row.name);
        CHECK(change_of(playlist({.first = 10, .count = 5}), playlist(row.now)) == row.change);
    }
}

} // namespace playlist_change_test
