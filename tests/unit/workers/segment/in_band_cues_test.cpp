#include "core/base/binary_text.hpp"
#include "core/base/crc32.hpp"
#include "tests/support/ts_builder.hpp"
#include "workers/segment/in_band_cues.hpp"

#include <doctest/doctest.h>

namespace in_band_cues_test {

using namespace continuo;
using namespace continuo::segment;
using test::Bytes;
using test::TsBuilder;

constexpr CueTrack sections{.pid = TsBuilder::cue_pid};
constexpr CueTrack in_pes{.pid = TsBuilder::cue_pid, .in_pes = true};

Bytes insert(std::uint32_t id, std::size_t more = 0) {
    scte35::SpliceInsert insert{.splice_event_id = id, .out_of_network_indicator = true};
    insert.pts_time = Ticks90k(900'000);
    scte35::SpliceInfo info;
    info.pts_adjustment = Ticks90k(90'000);
    info.command = insert;
    info.alignment_stuffing.assign(more, 0xFF);
    return scte35::encode(info);
}

InBandCues::Found found_in(CueTrack const& track, Bytes const& packets) {
    InBandCues cues;
    InBandCues::Found all;
    for (std::size_t at = 0; at < packets.size(); at += mpegts::packet_size) {
        auto found = cues.take(
            track, mpegts::parse_packet(mpegts::PacketBytes(packets.data() + at, 188)).value());
        all.requests.insert(all.requests.end(), found.requests.begin(), found.requests.end());
        all.remarks.insert(all.remarks.end(), found.remarks.begin(), found.remarks.end());
    }
    return all;
}

TEST_CASE("in-band cues: sections, and private data that holds one") {
    auto const section = insert(7);
    for (auto const& found : {found_in(sections, TsBuilder().cue(section).take()),
                              found_in(in_pes, TsBuilder().cue_in_pes({}, section).take())}) {
        REQUIRE(found.requests.size() == 1);
        CHECK(found.requests[0].event.event_id == 7);
        CHECK(found.requests[0].event.time == Ticks90k(990'000));
        CHECK(found.requests[0].section == base64_of(section));
        CHECK(found.requests[0].origin == "PID 258");
        CHECK(found.requests[0].in_band);
        CHECK(found.remarks.empty());
    }
}

TEST_CASE("in-band cues: sections of any length, over several packets") {
    for (std::size_t more = 0; more < 600; more += 7) {
        CAPTURE(more);
        auto const section = insert(7, more);
        CHECK(found_in(sections, TsBuilder().cue(section).cue(section).take()).requests.size() ==
              2);
        CHECK(found_in(in_pes, TsBuilder().cue_in_pes({}, section).cue_in_pes({}, section).take())
                  .requests.size() == 2);
    }
}

TEST_CASE("in-band cues: a wrong checksum is told, but not of data that may be anything") {
    auto section = insert(7);
    section.back() ^= 1;
    auto const found = found_in(sections, TsBuilder().cue(section).cue(insert(8)).take());
    CHECK(found.requests.size() == 1);
    REQUIRE(found.remarks.size() == 1);
    CHECK(found.remarks[0].starts_with("PID 258: "));
    CHECK(found.remarks[0].find("CRC_32") != std::string::npos);

    auto const data = found_in(in_pes, TsBuilder()
                                           .cue_in_pes({}, section)
                                           .cue_in_pes({}, Bytes(300, 0x49))
                                           .cue_in_pes({}, {})
                                           .cue_in_pes({}, insert(8))
                                           .take());
    CHECK(data.requests.size() == 1);
    CHECK(data.remarks.empty());
}

TEST_CASE("in-band cues: a source that is broken for good is not told of for ever") {
    auto section = insert(7);
    section.back() ^= 1;
    TsBuilder builder;
    for (unsigned i = 0; i < 2 * InBandCues::max_remarks; ++i)
        builder.cue(section);
    auto const found = found_in(sections, builder.take());
    REQUIRE(found.remarks.size() == InBandCues::max_remarks);
    CHECK(found.remarks.back().ends_with("not told any more)"));
}

TEST_CASE("in-band cues: other tables on the PID are none, and neither is a heartbeat") {
    auto other = insert(7);
    other[0] = 0xC0;
    scte35::SpliceInfo heartbeat;
    heartbeat.command = scte35::SpliceNull{};
    auto const found =
        found_in(sections, TsBuilder().cue(other).cue(scte35::encode(heartbeat)).take());
    CHECK(found.requests.empty());
    CHECK(found.remarks.empty());
}

TEST_CASE("in-band cues: a section whose packet was lost is passed over") {
    auto packets = TsBuilder().cue(insert(1, 400)).cue(insert(2)).take();
    packets.erase(packets.begin() + 188, packets.begin() + 2 * 188);
    auto const found = found_in(sections, packets);
    REQUIRE(found.requests.size() == 1);
    CHECK(found.requests[0].event.event_id == 2);
}

TEST_CASE("in-band cues: what is encrypted is told") {
    auto section = insert(7);
    section[4] |= 0x80;
    auto const crc = crc32_mpeg2(std::span(section).first(section.size() - 4));
    for (std::size_t i = 0; i < 4; ++i)
        section[section.size() - 4 + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
    auto const found = found_in(sections, TsBuilder().cue(section).take());
    CHECK(found.requests.empty());
    CHECK(found.remarks.size() == 1);
}

} // namespace in_band_cues_test
