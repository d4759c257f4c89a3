// ABR_VARIANTS -> the qualities it asks for. Inside this room only.
#pragma once

#include "core/config/section.hpp"

#include <string>
#include <vector>

namespace continuo::config {

/// Bit rates as ffmpeg takes them: "128k", "128K", "2.8M", or plain bits per second: "128000".
std::optional<std::uint64_t> parse_ffmpeg_bitrate(std::string_view text);

inline constexpr Scalar<std::uint64_t> ffmpeg_bitrate{parse_ffmpeg_bitrate,
                                                      "a bit rate such as 128k or 128000"};

/// `json`: [{"name":"720p","height":720,"video_bitrate":"2800k","audio_bitrate":"128k"}, ...],
/// where "resolution":"1280x720" may stand for the height and "bitrate" for the video's; a variant
/// without a name is called after its height. `before`: the variants in front of them, whose names
/// are taken.
std::vector<Variant> read_abr_variants(std::string const& json, std::vector<Variant> before,
                                       Problems& problems);

} // namespace continuo::config
