#include "cli/media_facts.hpp"

#include <doctest/doctest.h>

namespace continuo::cli {
namespace {

TEST_CASE("media facts: the first stream of each kind counts") {
    auto const facts = parse_media_facts(R"({"streams": [
        {"codec_type": "data"},
        {"codec_type": "audio", "codec_name": "aac"},
        {"codec_type": "video", "codec_name": "h264"},
        {"codec_type": "video", "codec_name": "mjpeg"},
        {"codec_type": "audio", "codec_name": "flac"}]})");
    REQUIRE(facts.has_value());
    CHECK(*facts == MediaFacts{.video_codec = "h264", .audio_codec = "aac"});
}

TEST_CASE("media facts: a stream that ffmpeg can't name is unknown, no stream is none") {
    CHECK(*parse_media_facts(R"({"streams": [{"codec_type": "video"}]})") ==
          MediaFacts{.video_codec = "unknown", .audio_codec = {}});
    CHECK(*parse_media_facts(R"({"streams": []})") == MediaFacts{});
}

TEST_CASE("media facts: what is no answer of ffprobe's is refused") {
    for (auto const* text : {"", "{", "[]", "{}", R"({"streams": 1})", R"({"streams": [1]})"})
        CHECK(parse_media_facts(text).error().code == Errc::malformed);
}

TEST_CASE("media facts: what MPEG-TS carries and we cut is no complaint") {
    for (auto const* video : {"h264", "hevc", "mpeg2video"})
        for (auto const* audio : {"aac", "mp3", "ac3", "eac3", ""})
            CHECK(complaint_about_source({video, audio}, "a.mp4").empty());
}

TEST_CASE("media facts: what can't be copied is named, with the command that converts it") {
    CHECK(complaint_about_source({"vp9", "opus"}, "/media/a clip.webm") ==
          "vp9 video can't be copied into MPEG-TS (H.264, HEVC and MPEG-2 can); convert it once: "
          "ffmpeg -i '/media/a clip.webm' -map 0:v:0 -map '0:a:0?' -c:v libx264 -c:a aac '/media/a "
          "clip-h264.mp4'");
    CHECK(complaint_about_source({"h264", "flac"}, "it's.mkv") ==
          "flac audio can't be copied into MPEG-TS (AAC, MP3, AC-3 and E-AC-3 can); convert it "
          "once: ffmpeg -i 'it'\\''s.mkv' -map 0:v:0 -map '0:a:0?' -c:v copy -c:a aac "
          "'it'\\''s-h264.mp4'");
    CHECK(complaint_about_source({"", "aac"}, "a.m4a") ==
          "has no video; a channel needs a picture");
}

} // namespace
} // namespace continuo::cli
