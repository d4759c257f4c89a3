#include "core/mpegts/stream_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace continuo::mpegts {
namespace {

constexpr std::uint8_t private_pes = 0x06;
constexpr std::uint8_t registration_tag = 0x05; // ISO/IEC 13818-1 §2.6.8
constexpr std::uint8_t teletext_tag = 0x56;     // ETSI EN 300 468
constexpr std::uint8_t subtitling_tag = 0x59;
constexpr std::uint8_t ac3_tag = 0x6A;
constexpr std::uint8_t eac3_tag = 0x7A;

bool has(Pmt::Stream const& stream, std::uint8_t tag) noexcept {
    return !find_descriptor(stream.descriptors, tag).empty();
}

bool is_registered_as(Pmt::Stream const& stream, std::string_view format) noexcept {
    auto const body = find_descriptor(stream.descriptors, registration_tag);
    return body.size() >= format.size() &&
           std::ranges::equal(body.first(format.size()), format, [](auto byte, char letter) {
               return byte == static_cast<std::uint8_t>(letter);
           });
}

/// Neither picture nor sound nor text.
bool is_private_data(Pmt::Stream const& stream) noexcept {
    return stream.type == private_pes && !video_codec_of(stream) && !audio_codec_of(stream) &&
           !has(stream, teletext_tag) && !has(stream, subtitling_tag);
}

} // namespace

std::optional<VideoCodec> video_codec_of(Pmt::Stream const& stream) noexcept {
    switch (stream.type) {
    case 0x01:
    case 0x02: return VideoCodec::mpeg2;
    case 0x1B: return VideoCodec::h264;
    case 0x24: return VideoCodec::hevc;
    }
    if (stream.type == private_pes && is_registered_as(stream, "HEVC")) return VideoCodec::hevc;
    return {};
}

std::optional<AudioCodec> audio_codec_of(Pmt::Stream const& stream) noexcept {
    switch (stream.type) {
    case 0x03:
    case 0x04: return AudioCodec::mpeg;
    case 0x0F: return AudioCodec::aac_adts;
    case 0x11: return AudioCodec::aac_latm;
    case 0x81: return AudioCodec::ac3;
    case 0x87: return AudioCodec::eac3;
    }
    if (stream.type != private_pes) return {};
    if (has(stream, ac3_tag) || is_registered_as(stream, "AC-3")) return AudioCodec::ac3;
    if (has(stream, eac3_tag) || is_registered_as(stream, "EAC3")) return AudioCodec::eac3;
    if (is_registered_as(stream, "Opus")) return AudioCodec::opus;
    return {};
}

bool is_data(Pmt::Stream const& stream) noexcept {
    switch (stream.type) {
    case 0x05: // private sections
    case 0x15: // metadata in PES: ID3
    case scte35_sections: return true;
    }
    return is_private_data(stream);
}

bool may_carry_cues(Pmt::Stream const& stream) noexcept {
    return stream.type == scte35_sections || is_private_data(stream);
}

std::string name_of_foreign_video(Pmt::Stream const& stream) {
    auto const named = [&](char const* name) {
        return fmt::format("{} (stream type {:#04x})", name, stream.type);
    };
    switch (stream.type) {
    case 0x10: return named("MPEG-4 part 2 video");
    case 0x1E:
    case 0x20: return named("3D video");
    case 0x21: return named("JPEG 2000 video");
    case 0x33: return named("VVC video");
    case 0x42: return named("AVS video");
    case 0xD1: return named("Dirac video");
    case 0xEA: return named("VC-1 video");
    }
    if (stream.type == private_pes && is_registered_as(stream, "AV01")) return named("AV1 video");
    return {};
}

} // namespace continuo::mpegts
