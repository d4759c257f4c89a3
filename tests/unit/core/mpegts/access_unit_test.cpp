#include "core/mpegts/access_unit.hpp"
#include "tests/support/hex.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace access_unit_test {

using namespace continuo::mpegts;
using continuo::test::bytes_of;

std::string const h264_sps = "00000001 6764001facd9405005bb011000000300100000030320f1831960";
std::string const h264_delimiter = "00000001 09F0";
std::string const slice_data = "9A 22 6C 42 DF D2 E2 88";

struct Case {
    char const* name;
    VideoCodec codec;
    bool random_access;
    std::string hex;
    Verdict expected;
    bool has_parameters;
};

std::vector<Case> cases() {
    using enum VideoCodec;
    using enum Verdict;
    auto const hevc_sps =
        std::string("00000001 420101016000000300900000030000030078a003c080110753659595"
                    "2930bc05a02000000300200000030321");
    return {
        {"IDR", h264, false,
         h264_delimiter + h264_sps + "00000001 68EBE3CB 000001 65 88 84" + slice_data, keyframe,
         true},
        {"P slice", h264, false, h264_delimiter + "000001 41" + slice_data, other, false},
        {"data partition A", h264, false, h264_delimiter + "000001 42" + slice_data, other, false},
        {"recovery point", h264, false,
         h264_delimiter + h264_sps + "000001 06 06 01 C4 80 000001 41" + slice_data, keyframe,
         true},
        {"recovery point behind another message", h264, false,
         h264_delimiter + "000001 06 01 01 32 06 01 C4 80 000001 41" + slice_data, keyframe, false},
        {"picture timing alone", h264, false,
         h264_delimiter + "000001 06 01 01 32 80 000001 41" + slice_data, other, false},
        {"random access indicator", h264, true,
         h264_delimiter + h264_sps + "000001 41" + slice_data, keyframe, true},
        {"random access indicator and nothing else", h264, true, "00000001 09", keyframe, false},
        {"nothing", h264, false, "", other, false},
        {"HEVC IDR", hevc, false, "000001 460150" + hevc_sps + "000001 2801 AC74", keyframe, true},
        {"HEVC CRA", hevc, false, "000001 2A01 AC74", keyframe, false},
        {"HEVC trailing picture", hevc, false, "000001 0201 D011", other, false},
        {"MPEG-2 I", mpeg2, false,
         "000001B3 2D024013FFFFE018 000001B5 148A00010000 000001B8 00080040 00000100 000FFFF8 00",
         keyframe, true},
        {"MPEG-2 P", mpeg2, false, "00000100 0057FFF8 00", other, false},
        {"MPEG-2 B", mpeg2, false, "00000100 009FFFF8 00", other, false},
    };
}

TEST_CASE("access unit: keyframes of all codecs, in every chunking") {
    for (auto const& row : cases()) {
        CAPTURE(row.name);
        auto const bytes = bytes_of(row.hex);
        AccessUnitClassifier classifier(row.codec);
        for (std::size_t chunk = 1; chunk <= std::max<std::size_t>(bytes.size(), 1); ++chunk) {
            CAPTURE(chunk);
            classifier.begin(row.random_access);
            for (std::size_t at = 0; at < bytes.size(); at += chunk) {
                auto const size = std::min(chunk, bytes.size() - at);
                classifier.feed(std::span(bytes).subspan(at, size));
            }
            REQUIRE(classifier.finish() == row.expected);
            REQUIRE(classifier.parameters().has_value() == row.has_parameters);
        }
    }
}

TEST_CASE("access unit: decided with the first bytes of a slice, not at its end") {
    auto const bytes = bytes_of(h264_delimiter + "000001 41" + slice_data);
    AccessUnitClassifier classifier(VideoCodec::h264);
    classifier.begin(/*random_access=*/false);
    CHECK(classifier.feed(std::span(bytes).first(9)) == Verdict::undecided);
    CHECK(classifier.feed(std::span(bytes).subspan(9, 3)) == Verdict::other);
}

TEST_CASE("access unit: no truncation makes a keyframe of a picture that is none") {
    auto const bytes =
        bytes_of(h264_delimiter + h264_sps + "000001 06 01 01 32 80 000001 41" + slice_data);
    AccessUnitClassifier classifier(VideoCodec::h264);
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        classifier.begin(/*random_access=*/false);
        classifier.feed(std::span(bytes).first(size));
        CHECK(classifier.finish() == Verdict::other);
    }
}

TEST_CASE(
    "access unit: without a slice in its first bytes the indicator decides, and no more is kept") {
    std::vector<std::uint8_t> const noise(AccessUnitClassifier::max_bytes + 100, 0x55);
    AccessUnitClassifier classifier(VideoCodec::h264);
    classifier.begin(/*random_access=*/false);
    CHECK(classifier.feed(noise) == Verdict::other);
    classifier.begin(/*random_access=*/true);
    CHECK(classifier.feed(noise) == Verdict::keyframe);
}

} // namespace access_unit_test
