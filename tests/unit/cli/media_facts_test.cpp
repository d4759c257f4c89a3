#include "cli/media_facts.hpp"

#include <doctest/doctest.h>

namespace continuo::cli::media_facts_test {

using namespace std::chrono_literals;

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
            CHECK(complaint_about_media({video, audio}).empty());
}

TEST_CASE("media facts: what can't be copied is named, with the command that converts it") {
    CHECK(complaint_about_media({"vp9", "opus"}) ==
          "vp9 video can't be copied into MPEG-TS (H.264, HEVC and MPEG-2 can)");
    CHECK(conversion_of({"vp9", "opus"}, "/media/a clip.webm") ==
          "convert it once: ffmpeg -i '/media/a clip.webm' -map 0:v:0 -map '0:a:0?' -c:v libx264 "
          "-c:a aac '/media/a clip-h264.mp4'");
    CHECK(complaint_about_media({"h264", "flac"}) ==
          "flac audio can't be copied into MPEG-TS (AAC, MP3, AC-3 and E-AC-3 can)");
    CHECK(conversion_of({"h264", "flac"}, "it's.mkv") ==
          "convert it once: ffmpeg -i 'it'\\''s.mkv' -map 0:v:0 -map '0:a:0?' -c:v copy -c:a aac "
          "'it'\\''s-h264.mp4'");
    CHECK(complaint_about_media({"", "aac"}) == "has no video; a channel needs a picture");
    CHECK(conversion_of({"", "aac"}, "a.m4a").empty());
}

TEST_CASE("media facts: the first GOP is as long as from keyframe to keyframe") {
    auto const gop = parse_first_gop(R"({"packets": [
        {"pts_time": "9.960000", "flags": "__"},
        {"pts_time": "10.000000", "flags": "K_"},
        {"flags": "K_"},
        {"pts_time": "10.120000", "flags": "__"},
        {"pts_time": "10.040000", "flags": "__"},
        {"pts_time": "12.002000", "flags": "K__"},
        {"pts_time": "14.000000", "flags": "K__"}]})");
    REQUIRE(gop.has_value());
    CHECK(*gop == FirstGop{.length = 2002ms, .ended = true});
}

TEST_CASE("media facts: a GOP without an end is as long as what was seen of it") {
    CHECK(*parse_first_gop(R"({"packets": [{"pts_time": "1.0", "flags": "K_"},
        {"pts_time": "7.5", "flags": "__"}, {"pts_time": "7.4", "flags": "__"}]})") ==
          FirstGop{.length = 6500ms, .ended = false});
    for (auto const* text :
         {R"({"packets": []})", R"({"packets": [{"pts_time": "1.0", "flags": "__"}]})",
          R"({"packets": [1, {"pts_time": 1, "flags": "K_"}, {"pts_time": "nan", "flags": "K"}]})"})
        CHECK(*parse_first_gop(text) == FirstGop{});
}

TEST_CASE("media facts: times that make no sense are no endless GOP") {
    auto const gop = parse_first_gop(R"({"packets": [{"pts_time": "-1e300", "flags": "K_"},
        {"pts_time": "1e300", "flags": "K_"}]})");
    REQUIRE(gop.has_value());
    CHECK(gop->length == 24h);
    for (auto const* text : {"", "{", "[]", "{}", R"({"packets": 1})"})
        CHECK(parse_first_gop(text).error().code == Errc::malformed);
}

TEST_CASE("media facts: a GOP longer than the target duration is said with what admits it") {
    CHECK(complaint_about_gop({.length = 6000ms, .ended = true}, 6s).empty());
    CHECK(complaint_about_gop({.length = 6001ms, .ended = true}, 6s) ==
          "GOP 6.0 s is longer than target_duration 6 s: set target_duration: 7s for this channel");
    CHECK(complaint_about_gop({.length = 6001ms, .ended = false}, 6s) ==
          "GOP is longer than 6.0 s, target_duration is 6 s: set a longer target_duration for this "
          "channel, at least its distance of keyframes");
}

TEST_CASE("media facts: only what we fetch is asked") {
    for (auto const* url : {"https://host/live.m3u8", "rtmp://host/live/key", "rtsp://host/1",
                            "srt://host:9000?mode=caller", "tcp://host:1"})
        CHECK(is_pulled(url));
    for (auto const* url : {"udp://239.0.0.1:1234", "rtp://0.0.0.0:1", "tcp://0.0.0.0:1?listen=1",
                            "srt://0.0.0.0:9000?mode=listener"})
        CHECK_FALSE(is_pulled(url));
}

TEST_CASE("media facts: the last words name the reason alone, and no secret") {
    auto const* const url = "http://me:pw@host/x.m3u8?token=1";
    CHECK(last_words("[tcp @ 0x1] failed\nhttp://me:pw@host/x.m3u8?token=1: Connection refused\n\n",
                     url) == "Connection refused");
    CHECK(last_words("can't open http://me:pw@host/x.m3u8?token=1", url) ==
          "can't open http://***@host/x.m3u8?token=***");
    CHECK(last_words("", url).empty());
    CHECK(last_words(url, url).empty());
}

} // namespace continuo::cli::media_facts_test
