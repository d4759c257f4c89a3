// Which fields a tfhd and a trun hold: the bits of their flags. For this room's .cpp files.
// Spec: ISO/IEC 14496-12 §8.8.7.1 and §8.8.8.1.
#pragma once

#include <cstdint>

namespace continuo::mp4::track_header { // tfhd

inline constexpr std::uint32_t has_base_data_offset = 0x1;
inline constexpr std::uint32_t has_description_index = 0x2;
inline constexpr std::uint32_t has_default_duration = 0x8;
inline constexpr std::uint32_t has_default_size = 0x10;
inline constexpr std::uint32_t has_default_flags = 0x20;
inline constexpr std::uint32_t base_is_moof = 0x2'0000;

} // namespace continuo::mp4::track_header

namespace continuo::mp4::track_run { // trun

inline constexpr std::uint32_t has_data_offset = 0x1;
inline constexpr std::uint32_t has_first_flags = 0x4;
inline constexpr std::uint32_t has_duration = 0x100;
inline constexpr std::uint32_t has_size = 0x200;
inline constexpr std::uint32_t has_flags = 0x400;
inline constexpr std::uint32_t has_composition_offset = 0x800;

} // namespace continuo::mp4::track_run
