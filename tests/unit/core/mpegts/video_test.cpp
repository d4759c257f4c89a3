#include "core/mpegts/audio.hpp"
#include "core/mpegts/bits.hpp"
#include "core/mpegts/video.hpp"
#include "tests/support/hex.hpp"

#include <doctest/doctest.h>

namespace video_test {

using namespace continuo;
using namespace continuo::mpegts;

struct Sample {
    char const* hex;
    VideoParameters parameters;
};

void check(Result<VideoParameters> (*parse)(std::span<std::uint8_t const>), Sample const& sample) {
    CAPTURE(sample.hex);
    auto const parsed = parse(test::bytes_of(sample.hex));
    REQUIRE(parsed.has_value());
    CHECK(*parsed == sample.parameters);
}

TEST_CASE("H.264 SPS: progressive, interlaced, cropped, baseline and 4:4:4 as x264 writes them") {
    check(parse_h264_sps, {"6764001facd9405005bb011000000300100000030320f1831960",
                           {.codecs = "avc1.64001f", .width = 1280, .height = 720}});
    check(parse_h264_sps, {"67640028acd94078044fde022000007d20001d4c03e2c5b2c0",
                           {.codecs = "avc1.640028", .width = 1920, .height = 1080}});
    check(parse_h264_sps, {"6742c015d901b1fe4f011000000300100000030320f162e480",
                           {.codecs = "avc1.42c015", .width = 426, .height = 240}});
    check(parse_h264_sps, {"67f4001e919b281405ff1380880000030008000003019078b16cb0",
                           {.codecs = "avc1.f4001e", .width = 640, .height = 360}});
}

TEST_CASE("HEVC SPS: main and main 10 as x265 writes them, with cropping") {
    check(
        parse_hevc_sps,
        {"420101016000000300900000030000030078a003c0801107536595952930bc05a02000000300200000030321",
         {.codecs = "hvc1.1.6.L120.90", .width = 1918, .height = 1078}});
    check(parse_hevc_sps,
          {"42010102200000030090000003000003003fa005020169365959a4932bc05a020000030002000003003210",
           {.codecs = "hvc1.2.4.L63.90", .width = 640, .height = 360}});
}

TEST_CASE("MPEG-2 sequence: with its extension, without one it is MPEG-1") {
    check(parse_mpeg2_sequence, {"2d024013ffffe018 000001b5 148a00010000",
                                 {.codecs = "mp4v.61", .width = 720, .height = 576}});
    check(parse_mpeg2_sequence,
          {"2d024013ffffe018", {.codecs = "mp4v.6a", .width = 720, .height = 576}});
}

TEST_CASE("parameter sets: every truncation in front of the size is refused, none is read beyond") {
    auto const h264 = test::bytes_of("6764001facd9405005bb");
    for (std::size_t size = 0; size < h264.size() - 1; ++size) {
        CAPTURE(size);
        CHECK_FALSE(parse_h264_sps(std::span(h264).first(size)).has_value());
    }
    auto const hevc = test::bytes_of("420101016000000300900000030000030078a003c0801107");
    for (std::size_t size = 0; size < hevc.size() - 2; ++size) {
        CAPTURE(size);
        CHECK_FALSE(parse_hevc_sps(std::span(hevc).first(size)).has_value());
    }
    CHECK_FALSE(parse_mpeg2_sequence(test::bytes_of("2d024013ffffe0")).has_value());
}

TEST_CASE("parameter sets: another NAL unit, or a picture without size, is refused") {
    CHECK_FALSE(parse_h264_sps(test::bytes_of("68ebe3cb22c0")).has_value());
    CHECK_FALSE(parse_hevc_sps(test::bytes_of("4401c073c189")).has_value());
    CHECK_FALSE(parse_mpeg2_sequence(test::bytes_of("0000001300000000")).has_value());
}

TEST_CASE("bits: Exp-Golomb codes, signed and unsigned, and emulation prevention") {
    auto const codes = test::bytes_of("A6 42 98 E2 04 8A"); // 1 010 011 00100 00101 00110 00111 ...
    BitReader bits(codes);
    for (std::uint32_t expected = 0; expected < 7; ++expected)
        CHECK(bits.ue() == expected);
    BitReader signed_bits(codes);
    for (int const expected : {0, 1, -1, 2, -2, 3, -3})
        CHECK(signed_bits.se() == expected);
    CHECK_FALSE(bits.exhausted());

    auto const escaped = test::bytes_of("00 00 03 01 00 00 03");
    BitReader plain(escaped);
    CHECK(plain.bits(24) == 0x000001);
    CHECK(plain.bits(16) == 0);
    CHECK_FALSE(plain.exhausted());
    CHECK(plain.bits(8) == 0);
    CHECK(plain.exhausted());

    auto const endless = test::bytes_of("00 00 00 00 00 00 00");
    BitReader zeros(endless);
    CHECK(zeros.ue() == 0);
    CHECK(zeros.exhausted());
}

TEST_CASE("audio: codec strings from the first frame") {
    CHECK(codecs_of(AudioCodec::aac_adts, test::bytes_of("FF F1 4C 80 2E 7F FC")) == "mp4a.40.2");
    CHECK(codecs_of(AudioCodec::aac_adts, test::bytes_of("FF F1 0C 80")) == "mp4a.40.1");
    CHECK(codecs_of(AudioCodec::mpeg, test::bytes_of("FF FB 90 64")) == "mp4a.40.34");
    CHECK(codecs_of(AudioCodec::mpeg, test::bytes_of("FF FD 84 04")) == "mp4a.40.33");
    CHECK(codecs_of(AudioCodec::ac3, {}) == "ac-3");
    CHECK(codecs_of(AudioCodec::eac3, {}) == "ec-3");
    CHECK(codecs_of(AudioCodec::aac_adts, test::bytes_of("FF F1")).empty());
    CHECK(codecs_of(AudioCodec::aac_adts, test::bytes_of("00 00 00")).empty());
}

} // namespace video_test
