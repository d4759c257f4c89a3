#include "workers/segment/rtp.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <vector>

namespace rtp_test {

using namespace continuo::segment;

using Bytes = std::vector<std::uint8_t>;

/// The first byte, then sequence 0x1234, a timestamp and a source.
Bytes header(std::uint8_t first) {
    return {first, 33, 0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 2};
}

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (auto const& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

Bytes const packet(188, 0x47);

TEST_CASE("rtp: a datagram without header stays as it is") {
    auto const result = without_rtp(packet);
    CHECK(result.payload.size() == packet.size());
    CHECK_FALSE(result.sequence);
    CHECK(without_rtp({}).payload.empty());
}

TEST_CASE("rtp: header, sources, extension and padding are taken off") {
    Bytes const sources(8, 9);
    Bytes const extension{0xBE, 0xDE, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8};
    Bytes const padding{0, 0, 3};
    Bytes const datagrams[] = {
        joined({header(0x80), packet}),
        joined({header(0x82), sources, packet}),
        joined({header(0x90), extension, packet}),
        joined({header(0xA0), packet, padding}),
        joined({header(0xB2), sources, extension, packet, padding}),
    };
    for (auto const& datagram : datagrams) {
        auto const result = without_rtp(datagram);
        CHECK(result.sequence == 0x1234);
        CHECK(std::ranges::equal(result.payload, packet));
    }
}

TEST_CASE("rtp: a torn header leaves nothing, wherever it is torn") {
    Bytes const extension{0xBE, 0xDE, 0, 1, 1, 2, 3, 4};
    auto const whole = joined({header(0x91), Bytes(4, 9), extension});
    for (std::size_t size = 12; size <= whole.size(); ++size) {
        CAPTURE(size);
        CHECK(without_rtp(std::span(whole).first(size)).payload.empty());
    }
    CHECK(without_rtp(joined({header(0xA0), Bytes(5, 200)})).payload.empty()); // padding > all
}

TEST_CASE("rtp: lost datagrams are counted, also where numbers come round; late ones are not") {
    SequenceWatch watch;
    for (std::uint16_t const sequence :
         std::initializer_list<std::uint16_t>{65533, 65534, 0, 1, 4, 2, 4, 5})
        watch.take(sequence);
    CHECK(watch.lost() == 3);
}

} // namespace rtp_test
