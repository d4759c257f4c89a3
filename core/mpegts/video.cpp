#include "core/mpegts/video.hpp"

#include "core/mpegts/bits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace continuo::mpegts {
namespace {

constexpr unsigned h264_sps_type = 7;
constexpr unsigned hevc_sps_type = 33;
constexpr std::int64_t max_size = 16384; // pixels; nothing that is broadcast comes near

struct Cropping {
    std::int64_t left{}, right{}, top{}, bottom{}; // in units of the chroma grid
};

/// Size in luma samples, or an error for what no picture can be.
Result<VideoParameters> with_size(std::string codecs, std::int64_t width, std::int64_t height) {
    if (width <= 0 || height <= 0 || width > max_size || height > max_size) {
        return fail(Errc::malformed, fmt::format("picture size {}x{}", width, height));
    }
    return VideoParameters{.codecs = std::move(codecs),
                           .width = static_cast<int>(width),
                           .height = static_cast<int>(height)};
}

bool has_chroma_fields(std::uint32_t profile_idc) {
    constexpr std::array<std::uint32_t, 13> profiles{100, 110, 122, 244, 44,  83, 86,
                                                     118, 128, 138, 139, 134, 135};
    return std::ranges::find(profiles, profile_idc) != profiles.end();
}

void skip_scaling_list(BitReader& bits, int size) {
    std::int64_t last = 8;
    std::int64_t next = 8;
    for (int i = 0; i < size && !bits.exhausted(); ++i) {
        if (next != 0) next = (last + bits.se() + 256) % 256;
        if (next != 0) last = next;
    }
}

/// Returns chroma_format_idc.
std::uint32_t read_chroma_fields(BitReader& bits) {
    auto const chroma_format = bits.ue();
    if (chroma_format == 3) bits.skip(1); // separate_colour_plane_flag
    bits.ue();                            // bit_depth_luma_minus8
    bits.ue();                            // bit_depth_chroma_minus8
    bits.skip(1);                         // qpprime_y_zero_transform_bypass_flag
    if (bits.flag()) {                    // seq_scaling_matrix_present_flag
        for (int i = 0; i < (chroma_format == 3 ? 12 : 8); ++i) {
            if (bits.flag()) skip_scaling_list(bits, i < 6 ? 16 : 64);
        }
    }
    return chroma_format;
}

void skip_picture_order_count(BitReader& bits) {
    auto const type = bits.ue();
    if (type == 0) bits.ue(); // log2_max_pic_order_cnt_lsb_minus4
    if (type != 1) return;
    bits.skip(1); // delta_pic_order_always_zero_flag
    bits.se();    // offset_for_non_ref_pic
    bits.se();    // offset_for_top_to_bottom_field
    auto const count = bits.ue();
    for (std::uint32_t i = 0; i < count && !bits.exhausted(); ++i)
        bits.se();
}

Cropping read_cropping(BitReader& bits) {
    Cropping cropping;
    if (!bits.flag()) return cropping;
    cropping.left = bits.ue();
    cropping.right = bits.ue();
    cropping.top = bits.ue();
    cropping.bottom = bits.ue();
    return cropping;
}

void skip_hevc_sub_layers(BitReader& bits, unsigned sub_layers) {
    std::array<bool, 8> profile{};
    std::array<bool, 8> level{};
    for (unsigned i = 0; i < sub_layers; ++i) {
        profile[i] = bits.flag();
        level[i] = bits.flag();
    }
    if (sub_layers > 0) bits.skip(2 * (8 - sub_layers)); // reserved_zero_2bits
    for (unsigned i = 0; i < sub_layers; ++i) {
        if (profile[i]) bits.skip(88);
        if (level[i]) bits.skip(8);
    }
}

std::uint32_t reversed(std::uint32_t value) {
    std::uint32_t result = 0;
    for (int i = 0; i < 32; ++i)
        result = result << 1 | (value >> i & 1);
    return result;
}

/// profile_tier_level() as the codecs parameter of ISO/IEC 14496-15 Annex E.
std::string read_hevc_codecs(BitReader& bits, unsigned sub_layers) {
    auto const space = bits.bits(2);
    auto const high_tier = bits.flag();
    auto const profile = bits.bits(5);
    auto const compatibility = reversed(bits.bits(32));
    std::array<std::uint32_t, 6> constraints{};
    for (auto& byte : constraints)
        byte = bits.bits(8);
    auto const level = bits.bits(8);
    skip_hevc_sub_layers(bits, sub_layers);

    constexpr std::array<char const*, 4> spaces{"", "A", "B", "C"};
    auto text = fmt::format("hvc1.{}{}.{:X}.{}{}", spaces[space], profile, compatibility,
                            high_tier ? 'H' : 'L', level);
    auto used = constraints.size();
    while (used > 0 && constraints[used - 1] == 0)
        --used;
    for (std::size_t i = 0; i < used; ++i)
        text += fmt::format(".{:X}", constraints[i]);
    return text;
}

} // namespace

Result<VideoParameters> parse_h264_sps(std::span<std::uint8_t const> nal) {
    if (nal.size() < 4) return fail(Errc::truncated, "H.264 SPS");
    if ((nal[0] & 0x1FU) != h264_sps_type) return fail(Errc::malformed, "H.264 NAL unit type");
    BitReader bits(nal.subspan(1));
    auto const profile = bits.bits(8);
    auto const compatibility = bits.bits(8);
    auto const level = bits.bits(8);
    bits.ue(); // seq_parameter_set_id
    auto const chroma_format = has_chroma_fields(profile) ? read_chroma_fields(bits) : 1;
    bits.ue(); // log2_max_frame_num_minus4
    skip_picture_order_count(bits);
    bits.ue();    // max_num_ref_frames
    bits.skip(1); // gaps_in_frame_num_value_allowed_flag
    auto const width = (std::int64_t{bits.ue()} + 1) * 16;
    auto const map_units = std::int64_t{bits.ue()} + 1;
    auto const fields = bits.flag() ? 1 : 2; // frame_mbs_only_flag
    if (fields == 2) bits.skip(1);           // mb_adaptive_frame_field_flag
    bits.skip(1);                            // direct_8x8_inference_flag
    auto const cropping = read_cropping(bits);
    if (bits.exhausted()) return fail(Errc::truncated, "H.264 SPS");

    auto const unit_x = chroma_format == 1 || chroma_format == 2 ? 2 : 1;
    auto const unit_y = (chroma_format == 1 ? 2 : 1) * fields;
    return with_size(fmt::format("avc1.{:02x}{:02x}{:02x}", profile, compatibility, level),
                     width - unit_x * (cropping.left + cropping.right),
                     map_units * 16 * fields - unit_y * (cropping.top + cropping.bottom));
}

Result<VideoParameters> parse_hevc_sps(std::span<std::uint8_t const> nal) {
    if (nal.size() < 3) return fail(Errc::truncated, "HEVC SPS");
    if ((nal[0] >> 1 & 0x3FU) != hevc_sps_type) return fail(Errc::malformed, "HEVC NAL unit type");
    BitReader bits(nal.subspan(2));
    bits.skip(4); // sps_video_parameter_set_id
    auto const sub_layers = bits.bits(3);
    bits.skip(1); // sps_temporal_id_nesting_flag
    auto codecs = read_hevc_codecs(bits, sub_layers);
    bits.ue(); // sps_seq_parameter_set_id
    auto const chroma_format = bits.ue();
    if (chroma_format == 3) bits.skip(1); // separate_colour_plane_flag
    std::int64_t const width = bits.ue();
    std::int64_t const height = bits.ue();
    auto const cropping = read_cropping(bits);
    if (bits.exhausted()) return fail(Errc::truncated, "HEVC SPS");

    auto const unit_x = chroma_format == 1 || chroma_format == 2 ? 2 : 1;
    auto const unit_y = chroma_format == 1 ? 2 : 1;
    return with_size(std::move(codecs), width - unit_x * (cropping.left + cropping.right),
                     height - unit_y * (cropping.top + cropping.bottom));
}

Result<VideoParameters> parse_mpeg2_sequence(std::span<std::uint8_t const> unit) {
    if (unit.size() < 8) return fail(Errc::truncated, "MPEG-2 sequence header");
    std::int64_t width = unit[0] << 4 | unit[1] >> 4;
    std::int64_t height = (unit[1] & 0x0F) << 8 | unit[2];
    constexpr std::array<std::uint8_t, 4> extension_start{0x00, 0x00, 0x01, 0xB5};
    auto const extension =
        std::search(unit.begin() + 8, unit.end(), extension_start.begin(), extension_start.end());
    auto const at_extension = unit.subspan(static_cast<std::size_t>(extension - unit.begin()));
    auto const fields = at_extension.subspan(std::min(at_extension.size(), extension_start.size()));
    if (fields.size() < 3 || fields[0] >> 4 != 1) return with_size("mp4v.6a", width, height);
    width |= (fields[1] & 0x01) << 13 | (fields[2] & 0x80) << 5;
    height |= (fields[2] & 0x60) << 7;
    return with_size("mp4v.61", width, height);
}

} // namespace continuo::mpegts
