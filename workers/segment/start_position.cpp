#include "workers/segment/start_position.hpp"

#include <algorithm>

namespace continuo::segment {
namespace {

std::size_t usual_start(hls::MediaPlaylist const& playlist) {
    auto const& segments = playlist.segments;
    if (playlist.ended) return 0;
    auto const second_newest = std::max<std::size_t>(segments.size(), 2) - 2;
    for (auto i = segments.size(); i-- > second_newest;) {
        if (segments[i].discontinuity) return i;
    }
    return second_newest;
}

} // namespace

StartPosition start_of(hls::MediaPlaylist const& playlist, Dates const& dates,
                       std::optional<hls::WallTime> at) {
    StartPosition const usual{.index = usual_start(playlist), .is_at = false};
    // an ended list is nobody's live edge: only what it says itself tells when it was made
    if (!at || (playlist.ended && !dates.are_programme)) return usual;
    auto const newest = playlist.segments.size() - 1;
    // Behind its first keyframe the next one may take two more segments until its GOP is whole.
    if (playlist.ended ? *at >= dates.end.middle() : *at > dates.begins[newest]) return usual;
    // the newest one that had begun; dates may go back in the list
    auto const begins = dates.begins.rbegin();
    auto const found = std::find_if(begins, dates.begins.rend(),
                                    [&](hls::WallTime begin) { return begin <= *at; });
    auto const behind = static_cast<std::size_t>(dates.begins.rend() - found);
    if (behind == 0) return {.index = 0, .is_at = true};
    auto const index = behind - 1;
    auto const end = dates.begins[index] + length_of(playlist.segments[index]);
    return {.index = *at < end ? index : index + 1, .is_at = true}; // else it lies in a hole
}

} // namespace continuo::segment
