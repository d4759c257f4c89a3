#include "core/mp4/sample_entry.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

namespace sample_entry_test {

using namespace continuo;
using test::bytes_of;
using namespace test::fmp4;

Result<mp4::SampleEntry> parsed(Bytes const& entry) {
    auto const stsd = full_box("stsd", 0, 0, joined({number(1, 4), entry}));
    return mp4::parse_sample_entry(mp4::BoxCursor(stsd).next().value().value());
}

Bytes visual(std::string_view format, Bytes const& boxes) {
    return box(format, joined({Bytes(24, 0), number(640, 2), number(360, 2), Bytes(50, 0), boxes}));
}

Bytes audio(std::string_view format, Bytes const& boxes, std::uint16_t version = 0,
            Bytes const& of_version = {}) {
    return box(format, joined({Bytes(8, 0), number(version, 2), Bytes(6, 0), number(6, 2),
                               Bytes(6, 0), number(44'100, 2), Bytes(2, 0), of_version, boxes}));
}

std::string codecs_of(Bytes const& entry) {
    return parsed(entry).value().codecs;
}

Bytes esds(std::string_view hex) {
    return full_box("esds", 0, 0, bytes_of(hex));
}

TEST_CASE("sample entry: codecs in the words of playlists") {
    auto const hvcc = box("hvcC", bytes_of("01 01 60000000 900000000000 5d f000 fc fd f8 f8 0000"));
    CHECK(codecs_of(visual("avc1", box("avcC", bytes_of("01 42c01e ff")))) == "avc1.42c01e");
    CHECK(codecs_of(visual("avc3", box("avcC", bytes_of("01 640028 ff")))) == "avc3.640028");
    CHECK(codecs_of(visual("hvc1", hvcc)) == "hvc1.1.6.L93.90");
    CHECK(codecs_of(visual("hev1", box("hvcC", bytes_of("01 62 20000000 b00000000000 99")))) ==
          "hev1.A2.4.H153.B0");
    CHECK(codecs_of(visual("av01", box("av1C", bytes_of("81 05 0c 00")))) == "av01.0.05M.08");
    CHECK(codecs_of(visual("av01", box("av1C", bytes_of("81 4d c0 00")))) == "av01.2.13H.10");
    CHECK(codecs_of(visual("vp09", full_box("vpcC", 1, 0, bytes_of("00 1f 82 01 01 01 0000")))) ==
          "vp09.00.31.08");
    CHECK(codecs_of(audio("ac-3", box("dac3", bytes_of("10 3d 60")))) == "ac-3");
    CHECK(codecs_of(audio("ec-3", {})) == "ec-3");
    CHECK(codecs_of(audio("Opus", {})) == "opus");
    CHECK(codecs_of(audio("fLaC", {})) == "fLaC");
    CHECK(codecs_of(audio("mhm1", box("mhaC", bytes_of("01 10 00")))) == "mhm1.0x10");
    CHECK(codecs_of(box("wvtt", Bytes(8, 0))) == "wvtt");
}

TEST_CASE("sample entry: MPEG-4 descriptors, with sizes of one byte or four and optional fields") {
    constexpr auto rest = "15 000000 00000000 00000000";
    auto const with = [&](std::string const& hex) { return codecs_of(audio("mp4a", esds(hex))); };
    auto const head = std::string("03 19 0000 00 04 11 40") + rest;
    CHECK(with(head + "05 02 1190") == "mp4a.40.2");
    CHECK(with(head + "05 80808002 1190") == "mp4a.40.2");
    CHECK(with(head + "05 02 2b8a") == "mp4a.40.5");
    CHECK(with(head + "05 03 f94640") == "mp4a.40.42"); // USAC: an escape in five bits
    CHECK(with(std::string("03 80808022 0001 e0 0002 03 616263 0003 04 11 40") + rest +
               "05 02 1190") == "mp4a.40.2");
    CHECK(with(std::string("03 19 0000 00 04 0d 6b") + rest) == "mp4a.6b");
    CHECK(with(head) == "mp4a.40");
    CHECK(with("04 11") == "mp4a");
    CHECK(with("03 19 0000 00 04") == "mp4a");
    CHECK(with("") == "mp4a");
    CHECK(codecs_of(visual("mp4v", esds(std::string("03 19 0000 00 04 11 20") + rest +
                                        "05 05 000001b0 01"))) == "mp4v.20.1");
}

TEST_CASE("sample entry: what is encrypted goes by what it is") {
    auto const sinf = box("sinf", joined({box("frma", bytes_of("61766331")), // avc1
                                          full_box("schm", 0, 0, bytes_of("63626373 00010000"))}));
    auto const avcc = box("avcC", bytes_of("01 64001f ff"));
    auto const entry = parsed(visual("encv", joined({avcc, sinf}))).value();
    CHECK(entry.format == mp4::FourCC("encv"));
    CHECK(entry.codecs == "avc1.64001f");
    CHECK(entry.width == 640);
    CHECK(codecs_of(audio("enca", {})) == "enca");
}

TEST_CASE("sample entry: sizes of pictures, channels and rates of sound") {
    auto const picture = parsed(visual("avc1", box("avcC", {}))).value();
    CHECK(picture.codecs == "avc1");
    CHECK(picture.width == 640);
    CHECK(picture.height == 360);
    auto const sound = parsed(audio("ec-3", {})).value();
    CHECK(sound.channels == 6);
    CHECK(sound.sample_rate_hz == 44'100);
    CHECK(sound.width == 0);
}

TEST_CASE("sample entry: QuickTime's longer entries of sound") {
    auto const config = esds("03 19 0000 00 04 11 40 15 000000 00000000 00000000 05 02 1190");
    CHECK(codecs_of(audio("mp4a", config, 1, Bytes(16, 0))) == "mp4a.40.2");
    CHECK(codecs_of(audio("mp4a", config, 2, Bytes(36, 0))) == "mp4a.40.2");
}

TEST_CASE("sample entry: none, and one that is cut off") {
    auto const empty = full_box("stsd", 0, 0, number(0, 4));
    CHECK(mp4::parse_sample_entry(mp4::BoxCursor(empty).next().value().value()).value() ==
          mp4::SampleEntry());
    CHECK(parsed(box("avc1", Bytes(77, 0))).error().code == Errc::truncated);
    CHECK(parsed(box("mp4a", Bytes(27, 0))).error().code == Errc::truncated);
    CHECK(parsed(visual("avc1", bytes_of("00000020 61766343"))).error().code == Errc::truncated);
}

} // namespace sample_entry_test
