#include "core/mpegts/packet.hpp"

namespace continuo::mpegts {
namespace {

constexpr std::size_t header_size = 4;
constexpr std::size_t pcr_size = 6;

std::uint64_t pcr_of(std::span<std::uint8_t const> field) {
    auto const base = std::uint64_t{field[0]} << 25 | std::uint64_t{field[1]} << 17 |
                      std::uint64_t{field[2]} << 9 | std::uint64_t{field[3]} << 1 | field[4] >> 7;
    auto const extension = std::uint64_t{field[4] & 1U} << 8 | field[5];
    return base * 300 + extension;
}

void read_adaptation_field(std::span<std::uint8_t const> field, Packet& packet) {
    if (field.empty()) return; // a length of 0 is one byte of stuffing
    auto const flags = field[0];
    packet.discontinuity = (flags & 0x80) != 0;
    packet.random_access = (flags & 0x40) != 0;
    if ((flags & 0x10) != 0 && field.size() > pcr_size) packet.pcr = pcr_of(field.subspan(1));
}

} // namespace

Result<Packet> parse_packet(PacketBytes bytes) {
    if (bytes[0] != sync_byte) return fail(Errc::malformed, "transport packet without sync byte");
    Packet packet;
    packet.pid = pid_of(bytes);
    packet.continuity_counter = bytes[3] & 0x0F;
    packet.damaged = (bytes[1] & 0x80) != 0;
    packet.payload_unit_start = (bytes[1] & 0x40) != 0;
    auto const control = bytes[3] >> 4 & 0x3;
    if (control == 0) return fail(Errc::malformed, "reserved adaptation_field_control");
    auto rest = std::span<std::uint8_t const>(bytes).subspan(header_size);
    if ((control & 0x2) != 0) {
        std::size_t const length = rest[0];
        rest = rest.subspan(1);
        if (length > rest.size())
            return fail(Errc::malformed, "adaptation field beyond its packet");
        read_adaptation_field(rest.first(length), packet);
        rest = rest.subspan(length);
    }
    if ((control & 0x1) != 0) packet.payload = rest;
    return packet;
}

} // namespace continuo::mpegts
