// The ways in which playlists announce breaks; they are older than each other's authors knew, so a
// channel may write several at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace continuo::hls {

enum class CueStyle : std::uint8_t {
    x_cue,        ///< EXT-X-CUE-OUT, EXT-X-CUE-OUT-CONT, EXT-X-CUE-IN
    x_scte35,     ///< EXT-X-SCTE35
    x_daterange,  ///< EXT-X-DATERANGE with SCTE35-OUT and SCTE35-IN (RFC 8216 §4.3.2.7)
    x_splicepoint ///< EXT-X-SPLICEPOINT-SCTE35
};

std::string_view to_text(CueStyle style) noexcept; ///< "x_cue", as operators write it
/// Nothing for any other text.
std::optional<CueStyle> cue_style_of(std::string_view name) noexcept;

} // namespace continuo::hls
