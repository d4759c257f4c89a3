#include "core/mpegts/timestamp.hpp"

#include "core/mpegts/pes.hpp"

namespace continuo::mpegts {
namespace {

constexpr std::size_t pcr_offset = 6;
constexpr std::size_t pts_offset_in_pes = 9;

void move_pcr(MutablePacketBytes packet, Ticks90k shift) noexcept {
    auto const field = packet.subspan<pcr_offset, 5>();
    auto const base = std::int64_t{field[0]} << 25 | std::int64_t{field[1]} << 17 |
                      std::int64_t{field[2]} << 9 | std::int64_t{field[3]} << 1 | field[4] >> 7;
    auto const moved = wrapped(Ticks90k(base) + shift).count();
    field[0] = static_cast<std::uint8_t>(moved >> 25);
    field[1] = static_cast<std::uint8_t>(moved >> 17);
    field[2] = static_cast<std::uint8_t>(moved >> 9);
    field[3] = static_cast<std::uint8_t>(moved >> 1);
    field[4] = static_cast<std::uint8_t>((field[4] & 0x7F) | (moved & 1) << 7);
}

void move_field(std::span<std::uint8_t, timestamp_size> field, Ticks90k shift) noexcept {
    write_timestamp(field, wrapped(read_timestamp(field) + shift));
}

} // namespace

Ticks90k read_timestamp(std::span<std::uint8_t const, timestamp_size> field) noexcept {
    return Ticks90k(std::int64_t{field[0] >> 1 & 0x07} << 30 | std::int64_t{field[1]} << 22 |
                    std::int64_t{field[2] >> 1} << 15 | std::int64_t{field[3]} << 7 |
                    std::int64_t{field[4] >> 1});
}

void write_timestamp(std::span<std::uint8_t, timestamp_size> field, Ticks90k time) noexcept {
    auto const ticks = static_cast<std::uint64_t>(time.count());
    field[0] = static_cast<std::uint8_t>((field[0] & 0xF1) | (ticks >> 30 & 0x07) << 1);
    field[1] = static_cast<std::uint8_t>(ticks >> 22);
    field[2] = static_cast<std::uint8_t>((field[2] & 0x01) | (ticks >> 15 & 0x7F) << 1);
    field[3] = static_cast<std::uint8_t>(ticks >> 7);
    field[4] = static_cast<std::uint8_t>((field[4] & 0x01) | (ticks & 0x7F) << 1);
}

void move_in_time(MutablePacketBytes packet, Ticks90k shift) noexcept {
    auto const parsed = parse_packet(packet);
    if (!parsed) return;
    if (parsed->pcr) move_pcr(packet, shift);
    if (!parsed->payload_unit_start) return;
    auto const header = parse_pes_header(parsed->payload);
    if (!header || !header->pts) return;
    auto const payload = packet.last(parsed->payload.size());
    move_field(payload.subspan<pts_offset_in_pes, timestamp_size>(), shift);
    if (header->dts_coded) {
        move_field(payload.subspan<pts_offset_in_pes + timestamp_size, timestamp_size>(), shift);
    }
}

} // namespace continuo::mpegts
