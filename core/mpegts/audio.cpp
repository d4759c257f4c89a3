#include "core/mpegts/audio.hpp"

namespace continuo::mpegts {
namespace {

std::string adts_codecs(std::span<std::uint8_t const> frame) {
    // ISO/IEC 13818-7 §6.2: twelve sync bits, ID, layer 00, protection_absent, then the profile
    if (frame.size() < 3 || frame[0] != 0xFF || (frame[1] & 0xF6) != 0xF0) return {};
    return "mp4a.40." + std::to_string((frame[2] >> 6) + 1);
}

std::string mpeg_audio_codecs(std::span<std::uint8_t const> frame) {
    if (frame.size() < 2 || frame[0] != 0xFF || (frame[1] & 0xE0) != 0xE0) return {};
    auto const layer =
        frame[1] >> 1 & 0x3; // ISO/IEC 11172-3 §2.4.2.3: 3 is layer I, 1 is layer III
    return layer == 0 ? std::string{} : "mp4a.40." + std::to_string(35 - layer);
}

} // namespace

std::string codecs_of(AudioCodec codec, std::span<std::uint8_t const> frame) {
    switch (codec) {
    case AudioCodec::aac_adts: return adts_codecs(frame);
    case AudioCodec::aac_latm:
        return "mp4a.40.2"; // the object type lies deep in StreamMuxConfig; it is LC on air
    case AudioCodec::mpeg: return mpeg_audio_codecs(frame);
    case AudioCodec::ac3: return "ac-3";
    case AudioCodec::eac3: return "ec-3";
    case AudioCodec::opus: return "opus";
    }
    return {};
}

} // namespace continuo::mpegts
