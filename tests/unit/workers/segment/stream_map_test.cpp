#include "tests/support/hex.hpp"
#include "workers/segment/stream_map.hpp"

#include <doctest/doctest.h>

namespace stream_map_test {

using namespace continuo;
using namespace continuo::segment;
using test::bytes_of;

TEST_CASE("stream map: the tables name what is kept, its descriptors with it, and nothing else") {
    mpegts::Pmt pmt{
        .program_number = 9,
        .version = 4,
        .pcr_pid = 0x1FE,
        .descriptors = bytes_of("05 04 43 55 45 49"),
        .streams = {{.type = 0x0F, .pid = 0x21, .descriptors = bytes_of("0A 04 64 65 75 00")},
                    {.type = 0x1B, .pid = 0x20, .descriptors = {}},
                    {.type = 0x0F, .pid = 0x22, .descriptors = {}},
                    {.type = 0x06, .pid = 0x23, .descriptors = bytes_of("56 05 64 65 75 09 00")},
                    {.type = 0x86, .pid = 0x24, .descriptors = {}}}};
    unsigned counter = 0;
    auto stream = mpegts::packets_of_section(
        mpegts::encode(mpegts::Pat{.programs = {{9, 0x90}, {10, 0x91}}}), 0, counter);
    auto const map_packets = mpegts::packets_of_section(mpegts::encode(pmt), 0x90, counter);
    stream.insert(stream.end(), map_packets.begin(), map_packets.end());
    StreamMap map;
    for (std::size_t at = 0; at < stream.size(); at += mpegts::packet_size) {
        CHECK(map.take(mpegts::parse_packet(mpegts::PacketBytes(stream.data() + at, 188)).value()));
    }
    REQUIRE(map.streams());
    CHECK(map.streams()->leading_pid == 0x20);
    CHECK(map.streams()->audio_pid == 0x21);
    CHECK(map.streams()->keep(0x24));
    CHECK(map.streams()->keep(0x1FE));
    CHECK_FALSE(map.streams()->keep(0x22));
    CHECK_FALSE(map.streams()->keep(0x23));

    auto const tables = map.first_tables();
    REQUIRE(tables.size() == 2 * mpegts::packet_size);
    auto const pat = mpegts::parse_pat(std::span(tables).subspan(5));
    CHECK(pat.value().programs == std::vector<mpegts::Pat::Program>{{9, 0x90}});
    std::erase_if(pmt.streams,
                  [](auto const& entry) { return entry.pid == 0x22 || entry.pid == 0x23; });
    CHECK(mpegts::parse_pmt(std::span(tables).subspan(mpegts::packet_size + 5)).value() == pmt);
}

} // namespace stream_map_test
