#include "cli/resegment/measured_variant.hpp"

#include <doctest/doctest.h>

namespace continuo::cli::resegment::measured_variant_test {

contract::SegmentLine line(std::uint64_t bytes, int seconds) {
    contract::SegmentLine made;
    made.bytes = bytes;
    made.duration = Ticks90k(seconds * 90'000);
    made.video = {.codecs = "avc1.42c01e", .width = 320, .height = 180, .frame_rate = 25};
    made.audio_codecs = "mp4a.40.2";
    return made;
}

TEST_CASE("measured variant: peak and average are those of the segments") {
    MeasuredVariant variant;
    variant.add(line(1000, 2));
    variant.add(line(5000, 4));
    CHECK(variant.master() == "#EXTM3U\n"
                              "#EXT-X-VERSION:3\n"
                              "#EXT-X-STREAM-INF:BANDWIDTH=10000,AVERAGE-BANDWIDTH=8000,"
                              "RESOLUTION=320x180,FRAME-RATE=25.000,"
                              "CODECS=\"avc1.42c01e,mp4a.40.2\"\n"
                              "0/index.m3u8\n");
}

TEST_CASE("measured variant: a picture without sound, and sound without a picture") {
    auto silent = line(1000, 2);
    silent.audio_codecs.clear();
    MeasuredVariant video;
    video.add(silent);
    CHECK(video.master().find("CODECS=\"avc1.42c01e\"") != std::string::npos);
    auto blind = line(1000, 0);
    blind.video = {};
    MeasuredVariant audio;
    audio.add(blind);
    CHECK(audio.master().find("CODECS=\"mp4a.40.2\"") != std::string::npos);
}

} // namespace continuo::cli::resegment::measured_variant_test
