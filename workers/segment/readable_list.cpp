#include "workers/segment/readable_list.hpp"

#include "workers/segment/segment_key.hpp"

namespace continuo::segment {
namespace {

constexpr std::uint64_t largest_number = std::uint64_t{1} << 62;

/// Gives every byte range its offset: one without follows the segment before it (RFC 8216
/// §4.3.2.2).
void place_byte_ranges(hls::MediaPlaylist& list) {
    hls::MediaSegment const* before = nullptr;
    for (auto& segment : list.segments) {
        if (segment.byte_range && !segment.byte_range->offset_bytes) {
            auto const follows = before && before->byte_range && before->uri == segment.uri;
            segment.byte_range->offset_bytes =
                follows ? *before->byte_range->offset_bytes + before->byte_range->length_bytes : 0;
        }
        before = &segment;
    }
}

} // namespace

Result<hls::MediaPlaylist> readable_list(std::string_view text) {
    auto list = hls::parse_media_playlist(text);
    if (!list) return list.error();
    if (list->media_sequence > largest_number) {
        return fail(Errc::out_of_range, "its media sequence number");
    }
    place_byte_ranges(*list);
    return list;
}

std::string reason_for_others(hls::MediaPlaylist const& list) {
    hls::MediaSegment const* before = nullptr;
    for (auto const& segment : list.segments) {
        if (segment.map) return "its segments are fragmented MP4";
        if (!before || segment.keys != before->keys) {
            auto const key = key_of(segment, list.media_sequence);
            if (!key) return key.error().context;
        }
        before = &segment;
    }
    return {};
}

char const* reason_of_no_playlist(std::string_view text) noexcept {
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return "the answer is empty";
    return text[first] == '<' ? "a web page instead of a playlist" : "no playlist";
}

} // namespace continuo::segment
