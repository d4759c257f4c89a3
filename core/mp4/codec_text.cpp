#include "core/mp4/codec_text.hpp"

#include "core/mp4/field_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace continuo::mp4 {
namespace {

Box const* find(std::span<Box const> boxes, FourCC type) noexcept {
    auto const found = std::ranges::find(boxes, type, &Box::type);
    return found == boxes.end() ? nullptr : &*found;
}

/// AVCDecoderConfigurationRecord. Spec: ISO/IEC 14496-15 §5.3.3.
std::string avc_text(FourCC format, FieldReader fields) {
    fields.skip(1); // configurationVersion
    auto const profile = fields.u8();
    auto const compatibility = fields.u8();
    auto const level = fields.u8();
    if (fields.failed()) return to_text(format);
    return fmt::format("{}.{:02x}{:02x}{:02x}", to_text(format), profile, compatibility, level);
}

std::uint32_t reversed(std::uint32_t value) noexcept {
    std::uint32_t result = 0;
    for (int bit = 0; bit < 32; ++bit)
        result = result << 1 | (value >> bit & 1);
    return result;
}

/// HEVCDecoderConfigurationRecord. Spec: ISO/IEC 14496-15 §8.3.3 and Annex E.3.
std::string hevc_text(FourCC format, FieldReader fields) {
    fields.skip(1); // configurationVersion
    auto const profile = fields.u8();
    auto const compatibility = reversed(fields.u32());
    auto constraints = fields.take(6);
    auto const level = fields.u8();
    if (fields.failed()) return to_text(format);
    constexpr std::array<char const*, 4> spaces{"", "A", "B", "C"};
    auto text =
        fmt::format("{}.{}{}.{:X}.{}{}", to_text(format), spaces[profile >> 6], profile & 0x1F,
                    compatibility, (profile & 0x20) != 0 ? 'H' : 'L', level);
    while (!constraints.empty() && constraints.back() == 0)
        constraints = constraints.first(constraints.size() - 1);
    for (auto const byte : constraints)
        text += fmt::format(".{:X}", byte);
    return text;
}

/// AV1CodecConfigurationRecord. Spec: AV1 Codec ISO Media File Format Binding §2.3 and §5.
std::string av1_text(FourCC format, FieldReader fields) {
    fields.skip(1); // marker, version
    auto const profile_and_level = fields.u8();
    auto const flags = fields.u8();
    if (fields.failed()) return to_text(format);
    auto const high_bitdepth = (flags & 0x40) != 0;
    auto const twelve_bit = (flags & 0x20) != 0;
    auto const depth = high_bitdepth ? (twelve_bit ? 12 : 10) : 8;
    return fmt::format("{}.{}.{:02}{}.{:02}", to_text(format), profile_and_level >> 5,
                       profile_and_level & 0x1F, (flags & 0x80) != 0 ? 'H' : 'M', depth);
}

/// VPCodecConfigurationRecord. Spec: VP Codec ISO Media File Format Binding.
std::string vp_text(FourCC format, FieldReader fields) {
    (void)version_and_flags(fields); // neither changes the first three fields
    auto const profile = fields.u8();
    auto const level = fields.u8();
    auto const depth = fields.u8() >> 4;
    if (fields.failed()) return to_text(format);
    return fmt::format("{}.{:02}.{:02}.{:02}", to_text(format), profile, level, depth);
}

/// The number of 7-bit groups that a descriptor's size is written in. Spec: ISO/IEC 14496-1 §8.3.3.
std::uint32_t descriptor_size(FieldReader& fields) noexcept {
    std::uint32_t size = 0;
    for (int i = 0; i < 4; ++i) {
        auto const byte = fields.u8();
        size = size << 7 | (byte & 0x7FU);
        if ((byte & 0x80) == 0) break;
    }
    return size;
}

constexpr std::uint8_t es_descriptor = 0x03;
constexpr std::uint8_t decoder_configuration = 0x04;
constexpr std::uint8_t decoder_specific = 0x05;
constexpr std::uint8_t mpeg4_audio = 0x40;
constexpr std::uint8_t mpeg4_video = 0x20;
constexpr std::uint32_t visual_object_sequence = 0x1B0; // start code; the profile stands behind it

/// audioObjectType: five bits, six more where they are all ones. Spec: ISO/IEC 14496-3 §1.6.2.1.
unsigned audio_object_type(FieldReader& fields) noexcept {
    unsigned const first = fields.u8();
    unsigned const type = first >> 3;
    if (type != 31) return type;
    unsigned const second = fields.u8();
    return 32 + ((first & 7) << 3 | second >> 5);
}

/// esds. Spec: ISO/IEC 14496-1 §7.2.6.5 and §7.2.6.6, RFC 6381 §3.3.
std::string mpeg4_text(FourCC format, FieldReader fields) {
    (void)version_and_flags(fields); // both are 0
    if (fields.u8() != es_descriptor) return to_text(format);
    (void)descriptor_size(fields); // of all that follows
    fields.skip(2);                // ES_ID
    auto const flags = fields.u8();
    if ((flags & 0x80) != 0) fields.skip(2);           // dependsOn_ES_ID
    if ((flags & 0x40) != 0) fields.skip(fields.u8()); // URL
    if ((flags & 0x20) != 0) fields.skip(2);           // OCR_ES_ID
    if (fields.u8() != decoder_configuration) return to_text(format);
    (void)descriptor_size(fields);
    auto const object_type = fields.u8();
    if (fields.failed()) return to_text(format);
    auto text = fmt::format("{}.{:02x}", to_text(format), object_type);
    if (object_type != mpeg4_audio && object_type != mpeg4_video) return text;
    fields.skip(12); // stream type, buffer size, bit rates
    if (fields.u8() != decoder_specific) return text;
    (void)descriptor_size(fields);
    if (object_type == mpeg4_video && fields.u32() != visual_object_sequence) return text;
    auto const type = object_type == mpeg4_audio ? audio_object_type(fields) : fields.u8();
    return fields.failed() ? text : fmt::format("{}.{}", text, type);
}

/// mhaC of MPEG-H. Spec: ISO/IEC 23008-3 §20.
std::string mpegh_text(FourCC format, FieldReader fields) {
    fields.skip(1); // configurationVersion
    auto const profile_level = fields.u8();
    if (fields.failed()) return to_text(format);
    return fmt::format("{}.0x{:02X}", to_text(format), profile_level);
}

struct Reading {
    FourCC configuration;
    std::string (*text)(FourCC format, FieldReader fields);
};

constexpr std::array readings{Reading{"avcC", avc_text},   Reading{"hvcC", hevc_text},
                              Reading{"av1C", av1_text},   Reading{"vpcC", vp_text},
                              Reading{"esds", mpeg4_text}, Reading{"mhaC", mpegh_text}};

} // namespace

std::string codec_text(FourCC format, std::span<Box const> boxes) {
    if (format == FourCC("Opus")) return "opus"; // as players know it
    for (auto const& reading : readings)
        if (auto const* box = find(boxes, reading.configuration))
            return reading.text(format, FieldReader(*box));
    return to_text(format);
}

} // namespace continuo::mp4
