#include "core/mpegts/pes.hpp"
#include "core/mpegts/timestamp.hpp"
#include "tests/support/hex.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

namespace pes_test {

using namespace continuo;
using namespace continuo::mpegts;

// PTS 8'589'934'591 (all ones), DTS 0, then two bytes of payload
auto const with_both =
    test::bytes_of("00 00 01 E0 00 00 80 C0 0A 3F FF FF FF FF 11 00 01 00 01 AA BB");

TEST_CASE("PES: PTS, DTS and where the payload begins") {
    auto const header = parse_pes_header(with_both);
    REQUIRE(header.has_value());
    CHECK(header->stream_id == 0xE0);
    CHECK(header->pts == clock_turn - Ticks90k(1));
    CHECK(header->dts == Ticks90k(0));
    CHECK(header->dts_coded);
    CHECK(header->payload_offset == 19);
}

TEST_CASE("PES: without a DTS it is the PTS; stuffing is skipped") {
    auto const header =
        parse_pes_header(test::bytes_of("00 00 01 C0 00 00 80 80 07 21 00 07 D8 61 FF FF 77"));
    REQUIRE(header.has_value());
    CHECK(header->pts == Ticks90k(126'000));
    CHECK(header->dts == header->pts);
    CHECK_FALSE(header->dts_coded);
    CHECK(header->payload_offset == 16);
}

TEST_CASE("PES: streams without times have a short header") {
    auto const header = parse_pes_header(test::bytes_of("00 00 01 BE 00 10"));
    REQUIRE(header.has_value());
    CHECK_FALSE(header->pts);
    CHECK(header->payload_offset == 6);
}

TEST_CASE("PES: every truncation of the header is an error") {
    for (std::size_t size = 0; size < 19; ++size) {
        CAPTURE(size);
        CHECK_FALSE(parse_pes_header(std::span(with_both).first(size)).has_value());
    }
    CHECK(parse_pes_header(std::span(with_both).first(19)).has_value());
}

TEST_CASE("PES: no start code, or a header too short for what it announces") {
    CHECK_FALSE(parse_pes_header(test::bytes_of("00 00 02 E0 00 00 80 00 00")).has_value());
    CHECK_FALSE(
        parse_pes_header(test::bytes_of("00 00 01 E0 00 00 80 80 00 21 00 07 D8 61")).has_value());
    CHECK_FALSE(parse_pes_header(test::bytes_of("00 00 01 E0 00 00 80 C0 05 21 00 07 D8 61 00"))
                    .has_value());
}

TEST_CASE("timestamps: every bit goes round, prefix and markers stay") {
    for (int bit = 0; bit < 33; ++bit) {
        CAPTURE(bit);
        std::array<std::uint8_t, timestamp_size> field{0x31, 0x00, 0x01, 0x00, 0x01};
        Ticks90k const time{std::int64_t{1} << bit};
        write_timestamp(field, time);
        CHECK(read_timestamp(field) == time);
        CHECK((field[0] & 0xF1) == 0x31);
        CHECK((field[2] & 1) == 1);
        CHECK((field[4] & 1) == 1);
    }
}

TEST_CASE("moving in time: PCR, PTS and DTS wrap, the PCR extension stays") {
    std::array<std::uint8_t, packet_size> packet{};
    auto const head = test::bytes_of("47 41 00 30 07 10 FF FF FF FF FF 55");
    std::copy(head.begin(), head.end(), packet.begin());
    std::copy(with_both.begin(), with_both.end(), packet.begin() + 12);
    auto const before = parse_packet(packet)->pcr.value();
    CHECK(before == (std::uint64_t{1} << 33) * 300 - 300 + 0x155);

    move_in_time(packet, Ticks90k(11));

    auto const moved = parse_packet(packet);
    REQUIRE(moved.has_value());
    CHECK(moved->pcr == 10ULL * 300 + 0x155);
    auto const header = parse_pes_header(moved->payload);
    REQUIRE(header.has_value());
    CHECK(header->pts == Ticks90k(10));
    CHECK(header->dts == Ticks90k(11));
    move_in_time(packet, Ticks90k(-11));
    CHECK(parse_packet(packet)->pcr == before);
    CHECK(parse_pes_header(parse_packet(packet)->payload)->pts == clock_turn - Ticks90k(1));
}

TEST_CASE("moving in time: a packet without times stays as it is") {
    std::array<std::uint8_t, packet_size> packet{};
    auto const head = test::bytes_of("47 01 00 10 00 00 01 E0");
    std::copy(head.begin(), head.end(), packet.begin());
    auto const before = packet;
    move_in_time(packet, Ticks90k(1000));
    CHECK(packet == before);
}

} // namespace pes_test
