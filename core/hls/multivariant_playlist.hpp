// The multivariant playlist as a value: which qualities and renditions a channel has, and where
// their media playlists are.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::hls {

/// What a tag says beyond what its value here knows, such as VIDEO-RANGE or STABLE-VARIANT-ID:
/// names, and values as they are written, quotes included; in their order, no name twice.
using FurtherAttributes = std::vector<std::pair<std::string, std::string>>;

/// EXT-X-STREAM-INF and the URI after it; numbers are 0 and texts empty where the attribute is
/// absent.
struct VariantStream {
    std::string uri;
    std::uint64_t bandwidth_bps{};         ///< BANDWIDTH: peak segment bit rate
    std::uint64_t average_bandwidth_bps{}; ///< AVERAGE-BANDWIDTH
    std::string codecs;                    ///< CODECS: RFC 6381 list
    int width{};                           ///< RESOLUTION
    int height{};
    double frame_rate{};         ///< FRAME-RATE; written with three decimals
    std::string audio;           ///< AUDIO: group id
    std::string video;           ///< VIDEO: group id
    std::string subtitles;       ///< SUBTITLES: group id
    std::string closed_captions; ///< CLOSED-CAPTIONS: group id, or NONE
    FurtherAttributes further{};

    friend bool operator==(VariantStream const&, VariantStream const&) = default;
};

/// EXT-X-MEDIA.
struct Rendition {
    std::string type; ///< TYPE: AUDIO, VIDEO, SUBTITLES, CLOSED-CAPTIONS
    std::string group_id;
    std::string name;
    std::optional<std::string> uri; ///< absent: it is inside the variant's own segments
    std::string language;
    std::string instream_id;
    std::string characteristics;
    std::string channels;
    bool is_default{false};
    bool autoselect{false};
    bool forced{false};
    FurtherAttributes further{};

    friend bool operator==(Rendition const&, Rendition const&) = default;
};

struct MultivariantPlaylist {
    int version{3};                   ///< EXT-X-VERSION; 1 where a playlist read has none
    bool independent_segments{false}; ///< EXT-X-INDEPENDENT-SEGMENTS
    std::vector<Rendition> renditions;
    std::vector<VariantStream> variants;

    friend bool operator==(MultivariantPlaylist const&, MultivariantPlaylist const&) = default;
};

/// RFC 8216 §4.3.4. Texts come from us or from a parsed playlist: they hold no double quote and no
/// line end, but for the quotes of further attributes.
std::string to_text(MultivariantPlaylist const& playlist);

/// Reads what is found in the field; unknown tags, I-frame playlists and session data are passed
/// over. Errors name the line: `Errc::malformed`; `Errc::truncated` for an EXT-X-STREAM-INF without
/// its URI.
Result<MultivariantPlaylist> parse_multivariant_playlist(std::string_view text);

} // namespace continuo::hls
