// AAC as transport streams carry it: where one frame ends and the next begins, and how long it
// lasts.
#pragma once

#include "core/base/ticks.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace continuo::mpegts {

inline constexpr std::size_t adts_header_size = 7; ///< bytes, without CRC

struct AdtsFrame {
    std::size_t size{};      ///< bytes, with the header
    std::uint64_t samples{}; ///< of each channel
    std::uint64_t rate{};    ///< samples per second
    Ticks90k length{};       ///< rounded down
};

/// The frame at the beginning of `bytes`, which may end before it does. Nothing where no frame
/// begins. Spec: ISO/IEC 13818-7 §6.2.
std::optional<AdtsFrame> parse_adts_frame(std::span<std::uint8_t const> bytes) noexcept;

/// How long the frames are that begin in `payload`, one behind the other from its first byte;
/// rounded once, not frame by frame.
Ticks90k length_of_adts(std::span<std::uint8_t const> payload) noexcept;

} // namespace continuo::mpegts
