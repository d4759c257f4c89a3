#include "workers/segment/playlist_change.hpp"

#include <algorithm>
#include <string_view>

namespace continuo::segment {
namespace {

std::string_view file_name(std::string_view uri) {
    uri = uri.substr(0, uri.find_first_of("?#"));
    return uri.substr(uri.find_last_of('/') + 1); // npos + 1 is the beginning
}

/// Whether numbers that both lists have mean the same segments; nothing where they share none.
std::optional<bool> agree(hls::MediaPlaylist const& a, hls::MediaPlaylist const& b) {
    auto const first = std::max(a.media_sequence, b.media_sequence);
    auto const end = std::min(end_of(a), end_of(b));
    if (first >= end) return std::nullopt;
    for (auto number = first; number < end; ++number) {
        auto const& in_a = a.segments[number - a.media_sequence];
        auto const& in_b = b.segments[number - b.media_sequence];
        if (in_a.duration == in_b.duration && file_name(in_a.uri) == file_name(in_b.uri)) {
            return true;
        }
    }
    return false;
}

} // namespace

std::uint64_t end_of(hls::MediaPlaylist const& playlist) noexcept {
    return playlist.media_sequence + playlist.segments.size();
}

PlaylistChange change_of(hls::MediaPlaylist const& before, hls::MediaPlaylist const& now) {
    if (before == now) return PlaylistChange::none;
    auto const same = agree(before, now);
    auto const is_shorter = end_of(now) < end_of(before);
    if (same == false) return PlaylistChange::restarted;
    if (!is_shorter) return PlaylistChange::grown;
    return same ? PlaylistChange::behind : PlaylistChange::restarted;
}

} // namespace continuo::segment
