// What a video stream says of its picture: codec string and size, from the parameter sets in front
// of a keyframe.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace continuo::mpegts {

enum class VideoCodec : std::uint8_t { h264, hevc, mpeg2 };

struct VideoParameters {
    std::string codecs; ///< RFC 6381: "avc1.64001f", "hvc1.1.6.L93.B0", "mp4v.61"
    int width{};        ///< luma samples after cropping; the sample aspect ratio is not applied
    int height{};

    friend bool operator==(VideoParameters const&, VideoParameters const&) = default;
};

/// `nal`: a sequence parameter set with its NAL unit header, without start code, as it stands in
/// the byte stream. Errors: `Errc::truncated`; `Errc::malformed` for another NAL unit type or a
/// size that can't be. Spec: ITU-T H.264 §7.3.2.1.1, RFC 6381 §3.3.
Result<VideoParameters> parse_h264_sps(std::span<std::uint8_t const> nal);

/// The same for HEVC. Spec: ITU-T H.265 §7.3.2.2 and §7.3.3, ISO/IEC 14496-15 Annex E.
Result<VideoParameters> parse_hevc_sps(std::span<std::uint8_t const> nal);

/// `unit`: a sequence_header of MPEG-1 or MPEG-2 video from behind its start code, and the
/// extension if it follows. Spec: ISO/IEC 13818-2 §6.2.2.1 and §6.2.2.3.
Result<VideoParameters> parse_mpeg2_sequence(std::span<std::uint8_t const> unit);

} // namespace continuo::mpegts
