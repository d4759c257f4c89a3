#include "core/mpegts/packet.hpp"
#include "tests/support/hex.hpp"

#include <doctest/doctest.h>

#include <array>

namespace packet_test {

using namespace continuo;
using namespace continuo::mpegts;

/// A packet that begins with `hex`, filled up with 0xFF.
std::array<std::uint8_t, packet_size> packet_from(std::string_view hex) {
    std::array<std::uint8_t, packet_size> packet;
    packet.fill(0xFF);
    auto const head = test::bytes_of(hex);
    std::copy(head.begin(), head.end(), packet.begin());
    return packet;
}

TEST_CASE("packet: a payload without adaptation field fills the packet") {
    auto const bytes = packet_from("47 41 00 1A 00 00 01 E0");
    auto const packet = parse_packet(bytes);
    REQUIRE(packet.has_value());
    CHECK(packet->pid == 0x100);
    CHECK(packet->continuity_counter == 0xA);
    CHECK(packet->payload_unit_start);
    CHECK_FALSE(packet->random_access);
    CHECK_FALSE(packet->damaged);
    CHECK_FALSE(packet->pcr);
    CHECK(packet->payload.size() == 184);
    CHECK(packet->payload.data() == bytes.data() + 4);
}

TEST_CASE("packet: the adaptation field gives PCR, random access and discontinuity") {
    // PCR base 0x1_2345_6789, extension 0x155
    auto const bytes = packet_from("47 01 00 30 07 D0 91 A2 B3 C4 FF 55 00 00 01 E0");
    auto const packet = parse_packet(bytes);
    REQUIRE(packet.has_value());
    CHECK(packet->discontinuity);
    CHECK(packet->random_access);
    CHECK(packet->pcr == 0x1'2345'6789ULL * 300 + 0x155);
    CHECK(packet->payload.size() == 184 - 8);
    CHECK(packet->payload[0] == 0x00);
}

TEST_CASE("packet: an adaptation field alone leaves no payload") {
    auto const bytes = packet_from("47 01 00 20 B7 00");
    auto const packet = parse_packet(bytes);
    REQUIRE(packet.has_value());
    CHECK(packet->payload.empty());
}

TEST_CASE("packet: an adaptation field of length zero is one byte of stuffing") {
    auto const bytes = packet_from("47 01 00 30 00 AB");
    auto const packet = parse_packet(bytes);
    REQUIRE(packet.has_value());
    CHECK_FALSE(packet->random_access);
    CHECK(packet->payload.size() == 183);
}

TEST_CASE("packet: a PCR flag without room for the PCR gives none") {
    auto const packet = parse_packet(packet_from("47 01 00 30 03 10 91 A2"));
    REQUIRE(packet.has_value());
    CHECK_FALSE(packet->pcr);
}

TEST_CASE("packet: what is not one is refused") {
    for (auto const* const hex : {
             "48 01 00 10",       // no sync byte
             "47 01 00 00",       // reserved adaptation_field_control
             "47 01 00 30 B8 00", // adaptation field of 184 bytes
             "47 01 00 20 FF 00",
         }) {
        CAPTURE(hex);
        auto const packet = parse_packet(packet_from(hex));
        REQUIRE_FALSE(packet.has_value());
        CHECK(packet.error().code == make_error_code(Errc::malformed));
    }
}

TEST_CASE("packet: the continuity counter is written without touching its neighbours") {
    auto bytes = packet_from("47 01 00 DA");
    set_continuity_counter(bytes, 0x13);
    CHECK(bytes[3] == 0xD3);
}

} // namespace packet_test
