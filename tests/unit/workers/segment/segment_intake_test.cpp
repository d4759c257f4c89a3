#include "tests/support/ts_builder.hpp"
#include "workers/segment/segment_intake.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace segment_intake_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;

struct Taken {
    Bytes bytes;
    std::optional<SegmentFormat> format;
};

Taken taken(std::span<std::uint8_t const> segment, std::size_t chunk) {
    SegmentIntake intake;
    Taken result;
    do {
        auto const part = segment.first(std::min(chunk, segment.size()));
        segment = segment.subspan(part.size());
        intake.take(part, /*is_all=*/segment.empty(), result.bytes);
    } while (!segment.empty());
    result.format = intake.format();
    return result;
}

Bytes bytes_of(std::string_view text, std::size_t size = 2000) {
    Bytes bytes(text.begin(), text.end());
    bytes.resize(std::max(bytes.size(), size), ' ');
    return bytes;
}

TEST_CASE("segment intake: whole packets pass, whatever the chunks and wherever it is torn") {
    auto const stream = stream_of({.pictures = 5});
    REQUIRE(stream.size() > 4 * mpegts::packet_size);
    for (std::size_t size = 0; size <= stream.size(); ++size) {
        auto const torn = std::span(stream).first(size);
        for (std::size_t const chunk : {1U, 100U, 188U, 5000U}) {
            auto const result = taken(torn, chunk);
            auto const whole = size - size % mpegts::packet_size;
            REQUIRE(result.bytes.size() == whole);
            REQUIRE(std::equal(result.bytes.begin(), result.bytes.end(), stream.begin()));
            REQUIRE(result.format ==
                    (whole > 0 ? SegmentFormat::transport_stream : SegmentFormat::unknown));
        }
    }
}

TEST_CASE("segment intake: what lies in front of the first packet is dropped") {
    auto const stream = stream_of({.pictures = 5});
    auto segment = bytes_of("G? ", 150);
    segment.insert(segment.end(), stream.begin(), stream.end());
    for (std::size_t const chunk : {1U, 149U, 5000U}) {
        auto const result = taken(segment, chunk);
        CHECK(result.format == SegmentFormat::transport_stream);
        CHECK(result.bytes == stream);
    }
}

TEST_CASE(
    "segment intake: other formats are told by their first bytes; none but packed audio passes") {
    struct Row {
        Bytes segment;
        SegmentFormat format;
    };
    std::string const box("\0\0\0\x18"
                          "styp",
                          8);
    std::string const fragment("\0\0\x01\0"
                               "moof",
                               8);
    Row const rows[] = {
        {bytes_of("ID3\x04 G"), SegmentFormat::packed_audio},
        {bytes_of("\xFF\xF1\x50\x80"), SegmentFormat::packed_audio},
        {bytes_of("\xFF\xFB\x90"), SegmentFormat::packed_audio},
        {bytes_of("\x0B\x77"), SegmentFormat::packed_audio},
        {bytes_of(box), SegmentFormat::fragmented_mp4},
        {bytes_of(fragment), SegmentFormat::fragmented_mp4},
        {bytes_of("<!DOCTYPE html>GGG"), SegmentFormat::unknown},
        {bytes_of("G", 100), SegmentFormat::unknown},
        {bytes_of("WEBVTT"), SegmentFormat::unknown},
        {{}, SegmentFormat::unknown},
    };
    for (auto const& row : rows) {
        for (std::size_t const chunk : {1U, 5000U}) {
            auto const result = taken(row.segment, chunk);
            CHECK(result.format == row.format);
            auto const passes = row.format == SegmentFormat::packed_audio; // others take it
            CHECK(result.bytes == (passes ? row.segment : Bytes()));
        }
        CHECK(name_of(row.format).size() > 10);
    }
}

} // namespace segment_intake_test
