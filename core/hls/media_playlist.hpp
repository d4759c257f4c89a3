// One media playlist as a value whose fields carry their tags: the renderer fills it and writes it
// out, the verifier and the resegmenter read other people's. Knows text only; URIs stay as written,
// the shell resolves them.
#pragma once

#include "core/base/result.hpp"
#include "core/base/ticks.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::hls {

using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// A part of a resource; without an offset it follows the part before it (RFC 8216 §4.3.2.2).
struct ByteRange {
    std::uint64_t length_bytes{};
    std::optional<std::uint64_t> offset_bytes;

    friend bool operator==(ByteRange const&, ByteRange const&) = default;
};

/// EXT-X-MAP: what a decoder needs before the segment.
struct MediaMap {
    std::string uri;
    std::optional<ByteRange> byte_range;

    friend bool operator==(MediaMap const&, MediaMap const&) = default;
};

/// EXT-X-KEY; its attributes are kept as one text, since keys are passed on and never used.
struct MediaKey {
    std::string format{"identity"}; ///< KEYFORMAT; one key of each format can be in force
    std::string attributes;         ///< `METHOD=AES-128,URI="..."`; never METHOD=NONE

    friend bool operator==(MediaKey const&, MediaKey const&) = default;
};

struct MediaSegment {
    std::string uri;
    Ticks90k duration{};       ///< EXTINF
    std::string title;         ///< EXTINF, after the comma
    bool discontinuity{false}; ///< EXT-X-DISCONTINUITY
    std::optional<WallTime>
        program_date_time; ///< EXT-X-PROGRAM-DATE-TIME; written in whole milliseconds, UTC
    std::optional<ByteRange> byte_range; ///< EXT-X-BYTERANGE
    std::optional<MediaMap> map;         ///< EXT-X-MAP in force; written where it changes
    std::vector<MediaKey> keys;          ///< EXT-X-KEY in force; written where they change
    bool gap{false};                     ///< EXT-X-GAP
    std::vector<std::string>
        extra_tags; ///< whole lines before the segment that we do not know: cues, date ranges

    friend bool operator==(MediaSegment const&, MediaSegment const&) = default;
};

struct MediaPlaylist {
    int version{3};                            ///< EXT-X-VERSION; 1 where a playlist read has none
    std::chrono::seconds target_duration{};    ///< EXT-X-TARGETDURATION
    std::uint64_t media_sequence{};            ///< EXT-X-MEDIA-SEQUENCE
    std::uint64_t discontinuity_sequence{};    ///< EXT-X-DISCONTINUITY-SEQUENCE; always written
    bool independent_segments{false};          ///< EXT-X-INDEPENDENT-SEGMENTS
    bool ended{false};                         ///< EXT-X-ENDLIST
    std::optional<std::string> playlist_type;  ///< EXT-X-PLAYLIST-TYPE: VOD or EVENT
    std::optional<std::string> server_control; ///< EXT-X-SERVER-CONTROL: its attributes, as written
    std::vector<MediaSegment> segments;

    friend bool operator==(MediaPlaylist const&, MediaPlaylist const&) = default;
};

/// RFC 8216 §4.3.2, §4.3.3; EXTINF with six decimals, so that a duration read back is the same
/// number of ticks.
std::string to_text(MediaPlaylist const& playlist);

/// Reads playlists as they are found: CR LF, a byte order mark, unknown tags, a TARGETDURATION with
/// decimals (rounded up), EXTINF without comma, dates without zone (UTC). Tags of parts and hints
/// (low latency) are passed over. Errors name the line: `Errc::malformed`; `Errc::truncated` for an
/// EXTINF without its URI; `Errc::unsupported` for a multivariant playlist and for delta updates
/// (EXT-X-SKIP).
Result<MediaPlaylist> parse_media_playlist(std::string_view text);

/// Whether a text claims to be a playlist: its first line is #EXTM3U.
bool is_playlist(std::string_view text) noexcept;

/// Whether a playlist lists variants rather than segments.
bool is_multivariant(std::string_view text) noexcept;

} // namespace continuo::hls
