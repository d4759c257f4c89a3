#include "core/hls/media_playlist.hpp"

#include "core/hls/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace continuo::hls {
namespace {

using Out = std::back_insert_iterator<std::string>;

void write_head(Out out, MediaPlaylist const& playlist) {
    fmt::format_to(out,
                   "#EXTM3U\n"
                   "#EXT-X-VERSION:{}\n"
                   "#EXT-X-TARGETDURATION:{}\n"
                   "#EXT-X-MEDIA-SEQUENCE:{}\n"
                   "#EXT-X-DISCONTINUITY-SEQUENCE:{}\n",
                   playlist.version, playlist.target_duration.count(), playlist.media_sequence,
                   playlist.discontinuity_sequence);
    if (playlist.playlist_type)
        fmt::format_to(out, "#EXT-X-PLAYLIST-TYPE:{}\n", *playlist.playlist_type);
    if (playlist.server_control)
        fmt::format_to(out, "#EXT-X-SERVER-CONTROL:{}\n", *playlist.server_control);
    if (playlist.independent_segments) fmt::format_to(out, "#EXT-X-INDEPENDENT-SEGMENTS\n");
}

void write_keys(Out out, std::vector<MediaKey> const& in_force, std::vector<MediaKey> const& keys) {
    if (in_force == keys) return;
    auto const stays = [&](MediaKey const& old) {
        return std::ranges::find(keys, old.format, &MediaKey::format) != keys.end();
    };
    if (!std::ranges::all_of(in_force, stays)) fmt::format_to(out, "#EXT-X-KEY:METHOD=NONE\n");
    for (auto const& key : keys)
        fmt::format_to(out, "#EXT-X-KEY:{}\n", key.attributes);
}

void write_map(Out out, std::optional<MediaMap> const& in_force,
               std::optional<MediaMap> const& map) {
    if (in_force == map || !map) return;
    fmt::format_to(out, "#EXT-X-MAP:URI=\"{}\"", map->uri);
    if (map->byte_range) fmt::format_to(out, ",BYTERANGE=\"{}\"", to_text(*map->byte_range));
    fmt::format_to(out, "\n");
}

void write_segment(Out out, MediaSegment const& segment) {
    if (segment.gap) fmt::format_to(out, "#EXT-X-GAP\n");
    if (segment.byte_range)
        fmt::format_to(out, "#EXT-X-BYTERANGE:{}\n", to_text(*segment.byte_range));
    fmt::format_to(out, "#EXTINF:{},{}\n{}\n", seconds_text(segment.duration), segment.title,
                   segment.uri);
}

} // namespace

std::string to_text(MediaPlaylist const& playlist) {
    std::string text;
    Out const out{text};
    write_head(out, playlist);

    MediaSegment const nothing;
    auto const* previous = &nothing;
    for (auto const& segment : playlist.segments) {
        if (segment.discontinuity) fmt::format_to(out, "#EXT-X-DISCONTINUITY\n");
        write_keys(out, previous->keys, segment.keys);
        write_map(out, previous->map, segment.map);
        for (auto const& tag : segment.extra_tags)
            fmt::format_to(out, "{}\n", tag);
        if (segment.program_date_time)
            fmt::format_to(out, "#EXT-X-PROGRAM-DATE-TIME:{}\n",
                           date_text(*segment.program_date_time));
        write_segment(out, segment);
        previous = &segment;
    }
    if (playlist.ended) fmt::format_to(out, "#EXT-X-ENDLIST\n");
    return text;
}

} // namespace continuo::hls
