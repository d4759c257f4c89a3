#include "core/hls/media_playlist.hpp"

#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace continuo::hls {
namespace {

constexpr std::size_t usual_head = 256; // bytes
constexpr std::size_t usual_segment = 128;

/// Not formatted: that would be most of what a list costs.
template <class... Parts>
void add_line(std::string& text, Parts const&... parts) {
    (text.append(std::string_view(parts)), ...);
    text += '\n';
}

void add_head(std::string& text, MediaPlaylist const& playlist) {
    fmt::format_to(std::back_inserter(text),
                   "#EXTM3U\n"
                   "#EXT-X-VERSION:{}\n"
                   "#EXT-X-TARGETDURATION:{}\n"
                   "#EXT-X-MEDIA-SEQUENCE:{}\n"
                   "#EXT-X-DISCONTINUITY-SEQUENCE:{}\n",
                   playlist.version, playlist.target_duration.count(), playlist.media_sequence,
                   playlist.discontinuity_sequence);
    if (playlist.playlist_type) add_line(text, "#EXT-X-PLAYLIST-TYPE:", *playlist.playlist_type);
    if (playlist.server_control) add_line(text, "#EXT-X-SERVER-CONTROL:", *playlist.server_control);
    if (playlist.independent_segments) add_line(text, "#EXT-X-INDEPENDENT-SEGMENTS");
}

void add_keys(std::string& text, std::vector<MediaKey> const& in_force,
              std::vector<MediaKey> const& keys) {
    if (in_force == keys) return;
    auto const stays = [&](MediaKey const& old) {
        return std::ranges::find(keys, old.format, &MediaKey::format) != keys.end();
    };
    if (!std::ranges::all_of(in_force, stays)) add_line(text, "#EXT-X-KEY:METHOD=NONE");
    for (auto const& key : keys)
        add_line(text, "#EXT-X-KEY:", key.attributes);
}

void add_map(std::string& text, std::optional<MediaMap> const& in_force,
             std::optional<MediaMap> const& map) {
    if (in_force == map || !map) return;
    if (map->byte_range)
        add_line(text, "#EXT-X-MAP:URI=\"", map->uri, "\",BYTERANGE=\"", to_text(*map->byte_range),
                 "\"");
    else
        add_line(text, "#EXT-X-MAP:URI=\"", map->uri, "\"");
}

void add_segment(std::string& text, MediaSegment const& segment) {
    for (auto const& tag : segment.extra_tags)
        add_line(text, tag);
    if (segment.program_date_time)
        add_line(text, "#EXT-X-PROGRAM-DATE-TIME:", date_text(*segment.program_date_time));
    if (segment.gap) add_line(text, "#EXT-X-GAP");
    if (segment.byte_range) add_line(text, "#EXT-X-BYTERANGE:", to_text(*segment.byte_range));
    add_line(text, "#EXTINF:", seconds_text(segment.duration), ",", segment.title);
    add_line(text, segment.uri);
}

} // namespace

std::string to_text(MediaPlaylist const& playlist) {
    std::string text;
    text.reserve(usual_head + usual_segment * playlist.segments.size());
    add_head(text, playlist);

    MediaSegment const nothing;
    auto const* previous = &nothing;
    for (auto const& segment : playlist.segments) {
        if (segment.discontinuity) add_line(text, "#EXT-X-DISCONTINUITY");
        add_keys(text, previous->keys, segment.keys);
        add_map(text, previous->map, segment.map);
        add_segment(text, segment);
        previous = &segment;
    }
    if (playlist.ended) add_line(text, "#EXT-X-ENDLIST");
    return text;
}

} // namespace continuo::hls
