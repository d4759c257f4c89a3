#include "core/mpegts/adts.hpp"
#include "tests/support/hex.hpp"

#include <doctest/doctest.h>

namespace continuo::mpegts::adts_test {

using test::bytes_of;

TEST_CASE("adts: a frame's header says how many bytes and how long it is") {
    auto const frame = parse_adts_frame(bytes_of("FF F1 4C 80 2E 7F FC"));
    REQUIRE(frame);
    CHECK(frame->size == 371);
    CHECK(frame->length == Ticks90k(1920)); // 1024 samples at 48 kHz
    CHECK(parse_adts_frame(bytes_of("FF F1 50 80 2E 7F FC"))->length == Ticks90k(2089)); // 44.1 kHz
    CHECK(parse_adts_frame(bytes_of("FF F9 58 80 2E 7F FC"))->length == Ticks90k(3840)); // 24 kHz
    CHECK(parse_adts_frame(bytes_of("FF F0 4C 83 FF FF FD"))->size == 8191);             // with CRC
    CHECK(parse_adts_frame(bytes_of("FF F1 4C 80 2E 7F FD"))->length ==
          Ticks90k(3840)); // two blocks
}

TEST_CASE("adts: the frames of a payload are as long as their samples, torn ones too") {
    auto const frame = [](char const* header) {
        auto bytes = bytes_of(header);
        bytes.resize(371, 0x21);
        return bytes;
    };
    auto payload = frame("FF F1 50 80 2E 7F FC"); // 44.1 kHz
    CHECK(length_of_adts(payload) == Ticks90k(2089));
    for (int i = 1; i < 15; ++i) {
        auto const more = frame("FF F1 50 80 2E 7F FC");
        payload.insert(payload.end(), more.begin(), more.end());
    }
    CHECK(length_of_adts(payload) == Ticks90k(31'346)); // 15 x 2089.8
    payload.resize(payload.size() - 100);
    CHECK(length_of_adts(payload) == Ticks90k(31'346));
    payload.resize(14 * 371 + 6);
    CHECK(length_of_adts(payload) == Ticks90k(29'257));
    CHECK(length_of_adts({}) == Ticks90k(0));
}

TEST_CASE("adts: what is no frame, or no whole header, is nothing") {
    auto const header = bytes_of("FF F1 4C 80 2E 7F FC");
    for (std::size_t size = 0; size < header.size(); ++size)
        CHECK_FALSE(parse_adts_frame(std::span(header).first(size)));
    for (auto const* const text : {
             "FE F1 4C 80 2E 7F FC", // syncword
             "FF E1 4C 80 2E 7F FC", // syncword
             "FF F3 4C 80 2E 7F FC", // layer
             "FF F1 74 80 2E 7F FC", // a reserved sampling frequency
             "FF F1 7C 80 2E 7F FC", // one that is not listed
             "FF F1 4C 80 00 FF FC", // no longer than its header
         })
        CHECK_FALSE(parse_adts_frame(bytes_of(text)));
}

} // namespace continuo::mpegts::adts_test
