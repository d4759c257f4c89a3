#include "core/mpegts/psi.hpp"
#include "core/mpegts/stream_kind.hpp"
#include "tests/support/hex.hpp"

#include <doctest/doctest.h>

namespace psi_test {

using namespace continuo;
using namespace continuo::mpegts;

using Bytes = std::vector<std::uint8_t>;

// As ffmpeg writes them: programme 1 with its PMT on 0x1000; H.264 on 0x100, AAC (language und) on
// 0x101.
auto const pat_bytes = test::bytes_of("00 B0 0D 00 01 C1 00 00 00 01 F0 00 2A B1 04 B2");
auto const pmt_bytes = test::bytes_of("02 B0 1D 00 01 C1 00 00 E1 00 F0 00 1B E1 00 F0 00 0F E1 01"
                                      "F0 06 0A 04 75 6E 64 00 08 7D E8 77");

Pmt rich_pmt() {
    return {.program_number = 7,
            .version = 3,
            .pcr_pid = 0x1FFE,
            .descriptors = test::bytes_of("05 04 43 55 45 49"),
            .streams = {{.type = 0x24, .pid = 0x31, .descriptors = {}},
                        {.type = 0x06, .pid = 0x32, .descriptors = test::bytes_of("6A 01 00")},
                        {.type = 0x86, .pid = 0x33, .descriptors = {}}}};
}

Result<std::vector<Bytes>> sections_of(Bytes const& packets) {
    SectionAssembler assembler;
    std::vector<Bytes> sections;
    for (std::size_t at = 0; at + packet_size <= packets.size(); at += packet_size) {
        auto const packet = parse_packet(PacketBytes(packets.data() + at, packet_size));
        if (!packet) return packet.error();
        assembler.feed(*packet, [&](std::span<std::uint8_t const> section) {
            sections.emplace_back(section.begin(), section.end());
        });
    }
    return sections;
}

/// A section of `size` bytes that is no PAT and no PMT.
Bytes private_section(std::size_t size, std::uint8_t fill) {
    Bytes section(size, fill);
    section[0] = 0xFC;
    section[1] = static_cast<std::uint8_t>(0x30 | (size - 3) >> 8);
    section[2] = static_cast<std::uint8_t>(size - 3);
    return section;
}

TEST_CASE("PAT: read as ffmpeg writes it, and written alike") {
    auto const pat = parse_pat(pat_bytes);
    REQUIRE(pat.has_value());
    CHECK(pat->transport_stream_id == 1);
    REQUIRE(pat->programs.size() == 1);
    CHECK(pat->programs[0] == Pat::Program{.number = 1, .pmt_pid = 0x1000});
    CHECK(encode(*pat) == pat_bytes);
}

TEST_CASE("PMT: read as ffmpeg writes it, and written alike") {
    auto const pmt = parse_pmt(pmt_bytes);
    REQUIRE(pmt.has_value());
    CHECK(pmt->pcr_pid == 0x100);
    REQUIRE(pmt->streams.size() == 2);
    CHECK(video_codec_of(pmt->streams[0]) == VideoCodec::h264);
    CHECK(audio_codec_of(pmt->streams[1]) == AudioCodec::aac_adts);
    CHECK(encode(*pmt) == pmt_bytes);
}

TEST_CASE("PMT: every field goes round") {
    auto const pmt = parse_pmt(encode(rich_pmt()));
    REQUIRE(pmt.has_value());
    CHECK(*pmt == rich_pmt());
}

TEST_CASE("PSI: every truncation and every flipped byte is refused") {
    for (std::size_t size = 0; size < pmt_bytes.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(parse_pmt(std::span(pmt_bytes).first(size)).has_value());
    }
    for (std::size_t size = 0; size < pat_bytes.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(parse_pat(std::span(pat_bytes).first(size)).has_value());
    }
    for (std::size_t at = 0; at < pmt_bytes.size(); ++at) {
        CAPTURE(at);
        auto flipped = pmt_bytes;
        flipped[at] ^= 0x10;
        if (at != 1)
            CHECK_FALSE(
                parse_pmt(flipped).has_value()); // the length's reserved bits are the CRC's alone
    }
}

TEST_CASE("sections: one is put together again whatever its size") {
    for (std::size_t const size : {16U, 183U, 184U, 185U, 367U, 368U, 1024U, 4096U}) {
        CAPTURE(size);
        auto const section = private_section(size, 0x55);
        unsigned counter = 13;
        auto const packets = packets_of_section(section, 0x123, counter);
        CHECK(packets.size() % packet_size == 0);
        CHECK(counter == 13 + packets.size() / packet_size);
        auto const sections = sections_of(packets);
        REQUIRE(sections.has_value());
        REQUIRE(sections->size() == 1);
        CHECK(sections->front() == section);
    }
}

TEST_CASE("sections: two in one packet, and one that ends where the next begins") {
    auto const first = private_section(250, 0x11);
    auto const second = private_section(40, 0x22);
    unsigned counter = 0;
    auto packets = packets_of_section(first, 0x50, counter);
    // the second packet becomes: pointer_field, the first section's end, the second section twice
    auto const tail = Bytes(first.begin() + 183, first.end());
    Bytes payload{static_cast<std::uint8_t>(tail.size())};
    for (auto const& part : {tail, second, second}) {
        payload.insert(payload.end(), part.begin(), part.end());
    }
    payload.resize(184, 0xFF);
    packets[packet_size + 1] |= 0x40;
    std::copy(payload.begin(), payload.end(), packets.begin() + packet_size + 4);
    auto const sections = sections_of(packets);
    REQUIRE(sections.has_value());
    REQUIRE(sections->size() == 3);
    CHECK(sections->at(0) == first);
    CHECK(sections->at(1) == second);
    CHECK(sections->at(2) == second);
}

TEST_CASE("sections: one with a packet missing is dropped, the next one comes") {
    unsigned counter = 0;
    auto packets = packets_of_section(private_section(600, 0x11), 0x50, counter);
    packets.erase(packets.begin() + packet_size, packets.begin() + 2 * packet_size);
    auto const next = private_section(30, 0x22);
    auto const more = packets_of_section(next, 0x50, counter);
    packets.insert(packets.end(), more.begin(), more.end());
    auto const sections = sections_of(packets);
    REQUIRE(sections.has_value());
    REQUIRE(sections->size() == 1);
    CHECK(sections->front() == next);
}

TEST_CASE("descriptors: found by tag, never beyond the end") {
    auto const descriptors = test::bytes_of("0A 04 75 6E 64 00 6A 01 33 05 04 43");
    CHECK(find_descriptor(descriptors, 0x6A).size() == 1);
    CHECK(find_descriptor(descriptors, 0x05).empty());
    CHECK(find_descriptor(descriptors, 0x7A).empty());
}

TEST_CASE("stream kinds: private data is audio, video, data or nothing by its descriptors") {
    auto const stream = [](std::string_view descriptors) {
        return Pmt::Stream{.type = 0x06, .pid = 0x40, .descriptors = test::bytes_of(descriptors)};
    };
    CHECK(audio_codec_of(stream("6A 01 00")) == AudioCodec::ac3);
    CHECK(audio_codec_of(stream("05 04 45 41 43 33")) == AudioCodec::eac3);
    CHECK(audio_codec_of(stream("05 04 4F 70 75 73")) == AudioCodec::opus);
    CHECK(video_codec_of(stream("05 04 48 45 56 43")) == VideoCodec::hevc);
    CHECK(is_data(stream("")));
    CHECK_FALSE(is_data(stream("56 05 64 65 75 09 00")));
    CHECK_FALSE(is_data(stream("6A 01 00")));
    CHECK(is_data({.type = 0x86, .pid = 0x40, .descriptors = {}}));
    CHECK(name_of_foreign_video({.type = 0x33, .pid = 0x40, .descriptors = {}}) ==
          "VVC video (stream type 0x33)");
    CHECK(name_of_foreign_video({.type = 0x1B, .pid = 0x40, .descriptors = {}}).empty());
}

} // namespace psi_test
