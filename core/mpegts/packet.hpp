// One MPEG-2 transport packet, as it lies in the stream: the smallest thing that the data plane
// moves.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace continuo::mpegts {

inline constexpr std::size_t packet_size = 188; ///< bytes, ISO/IEC 13818-1 §2.4.3.2
inline constexpr std::uint8_t sync_byte = 0x47;
inline constexpr std::uint16_t pat_pid = 0x0000;
inline constexpr std::size_t pid_count = 0x2000;  ///< PIDs have 13 bits
inline constexpr std::uint16_t null_pid = 0x1FFF; ///< stuffing of constant bit rates

using PacketBytes = std::span<std::uint8_t const, packet_size>;
using MutablePacketBytes = std::span<std::uint8_t, packet_size>;

struct Packet {
    std::uint16_t pid{};
    std::uint8_t continuity_counter{}; ///< 4 bit; counts packets with payload, per PID
    bool damaged{false}; ///< transport_error_indicator: the receiver could not correct it
    bool payload_unit_start{false};
    bool discontinuity{false};
    bool random_access{false};
    std::optional<std::uint64_t> pcr; ///< 27 MHz, 42 bit
    std::span<std::uint8_t const> payload;
};

/// Parses one transport packet.
/// `bytes`: sync byte first; `payload` in the result points into it.
/// Errors: `Errc::malformed` without the sync byte, with the reserved adaptation_field_control or
/// with an adaptation field that leaves the packet. Spec: ISO/IEC 13818-1 §2.4.3.2 to §2.4.3.5.
Result<Packet> parse_packet(PacketBytes bytes);

/// The PID alone, for those who only sort; `bytes` begins with a sync byte.
constexpr std::uint16_t pid_of(PacketBytes bytes) noexcept {
    return static_cast<std::uint16_t>((bytes[1] & 0x1F) << 8 | bytes[2]);
}

/// Overwrites the continuity counter; `counter` modulo 16.
constexpr void set_continuity_counter(MutablePacketBytes bytes, unsigned counter) noexcept {
    bytes[3] = static_cast<std::uint8_t>((bytes[3] & 0xF0) | (counter & 0x0F));
}

} // namespace continuo::mpegts
