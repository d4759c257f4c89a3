// One media playlist of the ladder with all that was seen of it: what the rules across variants
// compare.
#pragma once

#include "core/hls/rules/playlist_watch.hpp"
#include "core/hls/rules/segment_log.hpp"

#include <cstdint>
#include <string>

namespace continuo::hls::rules {

enum class StreamKind : std::uint8_t {
    variant,   ///< of EXT-X-STREAM-INF, or a media playlist verified alone
    rendition, ///< audio or video of EXT-X-MEDIA
    subtitles,
};

struct Stream {
    std::string name; ///< as findings call it: the path of its URL
    StreamKind kind{StreamKind::variant};
    std::string uri;   ///< as the multivariant playlist names it; empty without one
    std::string group; ///< a rendition's GROUP-ID
    PlaylistWatch watch;
    SegmentLog log;
};

} // namespace continuo::hls::rules
