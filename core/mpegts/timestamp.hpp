// PTS, DTS and PCR where they stand in a packet: read and moved in time.
#pragma once

#include "core/base/ticks.hpp"
#include "core/mpegts/packet.hpp"

#include <cstdint>
#include <span>

namespace continuo::mpegts {

inline constexpr std::size_t timestamp_size =
    5; ///< bytes of a PTS or DTS field, with its marker bits

/// The 33 bits of a PTS or DTS field; marker bits are not looked at, as some encoders get them
/// wrong.
Ticks90k read_timestamp(std::span<std::uint8_t const, timestamp_size> field) noexcept;

/// Writes 33 bits into a field and leaves its prefix and marker bits as they are.
void write_timestamp(std::span<std::uint8_t, timestamp_size> field, Ticks90k time) noexcept;

/// Moves PCR, PTS and DTS of a packet by `shift`, modulo the 33-bit clock. A packet without any
/// stays as it is.
void move_in_time(MutablePacketBytes packet, Ticks90k shift) noexcept;

} // namespace continuo::mpegts
