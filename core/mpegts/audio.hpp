// What an audio stream says of itself: its codec string, from stream type and first frame.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace continuo::mpegts {

enum class AudioCodec : std::uint8_t { aac_adts, aac_latm, mpeg, ac3, eac3, opus };

/// The RFC 6381 string: "mp4a.40.2" (object type from the ADTS header), "mp4a.40.34" (layer from
/// the frame header), "ac-3", "ec-3". `frame`: the beginning of a PES payload; empty while a codec
/// that needs to look into it has not seen its header there.
std::string codecs_of(AudioCodec codec, std::span<std::uint8_t const> frame);

} // namespace continuo::mpegts
