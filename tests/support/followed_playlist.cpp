#include "tests/support/followed_playlist.hpp"

#include <fmt/format.h>

namespace continuo::test {

using namespace segment;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

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

PlaylistFollower follower(std::optional<hls::WallTime> at) {
    return PlaylistFollower(wall_clock, FollowRules{.at = at}, start);
}

std::string fetch_all(PlaylistFollower& follower) {
    std::string names;
    while (follower.fetch_due()) {
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

} // namespace continuo::test
