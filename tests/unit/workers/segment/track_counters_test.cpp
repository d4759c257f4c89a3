#include "workers/segment/track_counters.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace track_counters_test {

using namespace continuo;
using namespace continuo::segment;

using Bytes = std::vector<std::uint8_t>;

Bytes packet_of(std::uint8_t pid, unsigned counter, std::uint8_t content, bool has_payload = true) {
    Bytes packet(mpegts::packet_size, content);
    packet[0] = mpegts::sync_byte;
    packet[1] = 0;
    packet[2] = pid;
    packet[3] = static_cast<std::uint8_t>((has_payload ? 0x10 : 0x20) | (counter & 0xF));
    if (!has_payload) packet[4] = 183;
    return packet;
}

mpegts::PacketBytes bytes_of(Bytes const& packet) {
    return std::span(packet).first<mpegts::packet_size>();
}

std::optional<unsigned> next(TrackCounters& counters, Bytes const& packet) {
    return counters.next(mpegts::parse_packet(bytes_of(packet)).value(), bytes_of(packet));
}

TEST_CASE("track counters: packets that follow each other keep their numbers, each PID its own") {
    TrackCounters counters;
    for (unsigned i = 0; i < 40; ++i) {
        CHECK(next(counters, packet_of(1, 5 + i, 1)) == ((5 + i) & 0xF));
        CHECK(next(counters, packet_of(2, 9 + i, 1)) == ((9 + i) & 0xF));
    }
}

TEST_CASE("track counters: behind what is missing they run on") {
    TrackCounters counters;
    CHECK(next(counters, packet_of(1, 3, 1)) == 3U);
    CHECK(next(counters, packet_of(1, 9, 2)) == 4U);
    CHECK(next(counters, packet_of(1, 10, 3)) == 5U);
}

TEST_CASE("track counters: a packet without payload counts nothing, one sent twice goes on once") {
    TrackCounters counters;
    CHECK(next(counters, packet_of(1, 3, 1)) == 3U);
    CHECK(next(counters, packet_of(1, 3, 1, /*has_payload=*/false)) == 3U);
    CHECK(next(counters, packet_of(1, 4, 2)) == 4U);
    CHECK_FALSE(next(counters, packet_of(1, 4, 2)));
    CHECK(next(counters, packet_of(1, 4, 7)) == 5U); // the same number is not yet the same packet
}

TEST_CASE("track counters: the short way numbers and remembers like the long one") {
    for (unsigned const gap : {0U, 4U}) {
        CAPTURE(gap);
        TrackCounters quick;
        TrackCounters slow;
        for (auto* const counters : {&quick, &slow}) {
            (void)next(*counters, packet_of(1, 0, 1));
            (void)next(*counters, packet_of(1, 1 + gap, 2));
            (void)next(*counters, packet_of(2, 7, 3));
        }
        Bytes run;
        Bytes expected;
        for (unsigned i = 1; i < 30; ++i) {
            for (auto packet : {packet_of(1, 1 + gap + i, 9), packet_of(2, 7 + i, 9)}) {
                run.insert(run.end(), packet.begin(), packet.end());
                packet[3] = static_cast<std::uint8_t>(0x10 | next(slow, packet).value());
                expected.insert(expected.end(), packet.begin(), packet.end());
            }
        }
        auto const input = run;
        for (std::size_t at = 0; at < input.size(); at += mpegts::packet_size)
            REQUIRE(quick.follows(std::span(input).subspan(at).first<mpegts::packet_size>()));
        quick.number(run);
        CHECK(run == expected);
        SUBCASE("while the packets are there") {}
        SUBCASE("and when they are gone") {
            quick.keep_latest();
        }
        Bytes const last(input.end() - mpegts::packet_size, input.end());
        CHECK_FALSE(quick.follows(bytes_of(last)));
        CHECK_FALSE(next(quick, last));
        CHECK(next(quick, packet_of(1, 0, 0)) == next(slow, packet_of(1, 0, 0)));
    }
}

TEST_CASE("track counters: the first packet of a PID, and one behind a gap, must go the long way") {
    TrackCounters counters;
    auto const first = packet_of(1, 3, 1);
    CHECK_FALSE(counters.follows(bytes_of(first)));
    (void)next(counters, first);
    auto const later = packet_of(1, 6, 1);
    CHECK_FALSE(counters.follows(bytes_of(later)));
    auto const second = packet_of(1, 4, 1);
    CHECK(counters.follows(bytes_of(second)));
}

} // namespace track_counters_test
