// A playlist that grows in tests, and a follower that is driven along it.
#pragma once

#include "workers/segment/playlist_follower.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace continuo::test {

using Time = segment::WallClock::Time;

inline constexpr Time start{std::chrono::seconds(1000)};
inline constexpr segment::WallClock wall_clock{
    .steady = start, .wall = hls::WallTime{std::chrono::seconds(1'800'000'000)}};

/// A list of 4 s segments, target duration 4 s.
struct List {
    std::uint64_t first = 10;
    std::size_t count = 3;
    bool ended = false;
    std::string before_last{}; ///< a line in front of the newest segment
    std::string name = "s";
};
std::string text(List const& list);

/// A load that began `asked` after the start and came 0.1 s later; with `published_before` its
/// header told how long before that the list was published.
segment::PlaylistLoad load(std::chrono::milliseconds asked);
segment::PlaylistLoad load(std::chrono::milliseconds asked,
                           std::chrono::milliseconds published_before);

segment::PlaylistFollower follower(std::optional<hls::WallTime> at = {});

/// Fetches whatever is due, up to the live edge; the names.
std::string fetch_all(segment::PlaylistFollower& follower);

/// A line each.
std::string remarks(segment::PlaylistFollower& follower);

inline segment::FetchFailure const no{.reason = "http://a/s: HTTP 404", .answered = true};
inline segment::FetchFailure const silence{.reason = "http://a/s: no answer", .answered = false};

} // namespace continuo::test
