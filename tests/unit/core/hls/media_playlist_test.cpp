#include "core/hls/media_playlist.hpp"

#include <doctest/doctest.h>

#include <string>

namespace media_playlist_test {

using namespace continuo;
using namespace std::chrono_literals;

hls::WallTime at(std::chrono::milliseconds since_epoch) {
    return hls::WallTime{since_epoch};
}

hls::MediaSegment segment(std::string uri, Ticks90k duration) {
    hls::MediaSegment made;
    made.uri = std::move(uri);
    made.duration = duration;
    return made;
}

struct Golden {
    char const* name;
    hls::MediaPlaylist playlist;
    std::string text;
};

hls::MediaPlaylist live() {
    hls::MediaPlaylist playlist;
    playlist.target_duration = 6s;
    playlist.media_sequence = 450'000'012;
    playlist.discontinuity_sequence = 3;
    playlist.segments = {segment("18c2f-000012.ts", Ticks90k{345'600}),
                         segment("18c2f-000013.ts", Ticks90k{360'360}),
                         segment("../source/18c2f-000014.ts", Ticks90k{1})};
    playlist.segments[0].program_date_time = at(1'795'270'402'120ms);
    playlist.segments[1].discontinuity = true;
    playlist.segments[1].program_date_time = at(1'795'270'405'960ms);
    playlist.segments[1].extra_tags = {"#EXT-X-CUE-OUT:30"};
    return playlist;
}

hls::MediaPlaylist encrypted_fmp4() {
    hls::MediaPlaylist playlist;
    playlist.version = 7;
    playlist.target_duration = 4s;
    playlist.independent_segments = true;
    playlist.ended = true;
    playlist.playlist_type = "VOD";
    playlist.server_control = "HOLD-BACK=12.0";
    hls::MediaMap const first_map{.uri = "init.mp4", .byte_range = hls::ByteRange{720, 0}};
    hls::MediaMap const second_map{.uri = "other.mp4", .byte_range = {}};
    hls::MediaKey const aes{.format = "identity",
                            .attributes = "METHOD=SAMPLE-AES,URI=\"https://k/1,2\",IV=0x1"};
    hls::MediaKey const drm{.format = "com.example.drm",
                            .attributes =
                                "METHOD=SAMPLE-AES,URI=\"skd://1\",KEYFORMAT=\"com.example.drm\""};
    auto first = segment("a.m4s", Ticks90k{360'000});
    first.byte_range = hls::ByteRange{1000, 720};
    first.map = first_map;
    first.keys = {aes, drm};
    auto second = segment("a.m4s", Ticks90k{360'000});
    second.byte_range = hls::ByteRange{900, std::nullopt};
    second.map = first_map;
    second.keys = {aes, drm};
    second.title = "the second, with a comma";
    auto third = segment("b.m4s", Ticks90k{180'000});
    third.map = second_map;
    third.keys = {drm};
    third.gap = true;
    auto fourth = segment("c.m4s", Ticks90k{180'000});
    fourth.map = second_map;
    playlist.segments = {first, second, third, fourth};
    return playlist;
}

std::vector<Golden> goldens() {
    return {{"a live list", live(),
             "#EXTM3U\n"
             "#EXT-X-VERSION:3\n"
             "#EXT-X-TARGETDURATION:6\n"
             "#EXT-X-MEDIA-SEQUENCE:450000012\n"
             "#EXT-X-DISCONTINUITY-SEQUENCE:3\n"
             "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T14:13:22.120Z\n"
             "#EXTINF:3.840000,\n"
             "18c2f-000012.ts\n"
             "#EXT-X-DISCONTINUITY\n"
             "#EXT-X-CUE-OUT:30\n"
             "#EXT-X-PROGRAM-DATE-TIME:2026-11-21T14:13:25.960Z\n"
             "#EXTINF:4.004000,\n"
             "18c2f-000013.ts\n"
             "#EXTINF:0.000011,\n"
             "../source/18c2f-000014.ts\n"},
            {"an encrypted fMP4 file", encrypted_fmp4(),
             "#EXTM3U\n"
             "#EXT-X-VERSION:7\n"
             "#EXT-X-TARGETDURATION:4\n"
             "#EXT-X-MEDIA-SEQUENCE:0\n"
             "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
             "#EXT-X-PLAYLIST-TYPE:VOD\n"
             "#EXT-X-SERVER-CONTROL:HOLD-BACK=12.0\n"
             "#EXT-X-INDEPENDENT-SEGMENTS\n"
             "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"https://k/1,2\",IV=0x1\n"
             "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://1\",KEYFORMAT=\"com.example.drm\"\n"
             "#EXT-X-MAP:URI=\"init.mp4\",BYTERANGE=\"720@0\"\n"
             "#EXT-X-BYTERANGE:1000@720\n"
             "#EXTINF:4.000000,\n"
             "a.m4s\n"
             "#EXT-X-BYTERANGE:900\n"
             "#EXTINF:4.000000,the second, with a comma\n"
             "a.m4s\n"
             "#EXT-X-KEY:METHOD=NONE\n"
             "#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://1\",KEYFORMAT=\"com.example.drm\"\n"
             "#EXT-X-MAP:URI=\"other.mp4\"\n"
             "#EXT-X-GAP\n"
             "#EXTINF:2.000000,\n"
             "b.m4s\n"
             "#EXT-X-KEY:METHOD=NONE\n"
             "#EXTINF:2.000000,\n"
             "c.m4s\n"
             "#EXT-X-ENDLIST\n"}};
}

std::string error_of(std::string_view text) {
    auto const parsed = hls::parse_media_playlist(text);
    return parsed ? "" : to_text(parsed.error());
}

std::string const head = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n";

TEST_CASE("media playlist: a value is written as expected, and read back as the same value") {
    for (auto const& golden : goldens()) {
        CAPTURE(golden.name);
        CHECK(hls::to_text(golden.playlist) == golden.text);
        auto const parsed = hls::parse_media_playlist(golden.text);
        REQUIRE(parsed.has_value());
        CHECK(*parsed == golden.playlist);
    }
}

TEST_CASE("media playlist: every truncation is an error or gives the segments that are whole") {
    for (auto const& golden : goldens())
        for (std::size_t size = 0; size < golden.text.size(); ++size) {
            auto const parsed = hls::parse_media_playlist(golden.text.substr(0, size));
            if (!parsed) continue;
            REQUIRE(parsed->segments.size() <= golden.playlist.segments.size());
            for (std::size_t i = 0; i + 1 < parsed->segments.size(); ++i)
                CHECK(parsed->segments[i] == golden.playlist.segments[i]);
        }
}

TEST_CASE("media playlist: what is met in the field is read") {
    auto const parsed = hls::parse_media_playlist(
        "\xEF\xBB\xBF#EXTM3U\r\n"
        "#EXT-X-ALLOW-CACHE:NO\r\n"
        "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0\r\n"
        "#EXT-X-PART-INF:PART-TARGET=0.33\r\n"
        "#EXT-X-TARGETDURATION:9.6\r\n"
        "#EXT-X-MEDIA-SEQUENCE:7\r\n"
        "# made by hand\r\n"
        "\r\n"
        "#EXTINF:9\r\n"
        "http://other.example/seg?a=1,b=2#x \r\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-02-28T23:59:59.1234567+01:30\r\n"
        "#EXT-X-DATERANGE:ID=\"splice, 6\",SCTE35-OUT=0xFC\r\n"
        "#EXT-X-PART:DURATION=0.33,URI=\"p1.mp4\"\r\n"
        "#EXTINF:9.009,title\r\n"
        "seg8.ts\r\n"
        "#EXT-X-PROGRAM-DATE-TIME:2026-02-28T22:30:08\r\n"
        "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p2.mp4\"");
    REQUIRE(parsed.has_value());
    CHECK(parsed->version == 1);
    CHECK(parsed->target_duration == 10s);
    CHECK(parsed->media_sequence == 7);
    REQUIRE(parsed->segments.size() == 2);
    CHECK(parsed->segments[0].uri == "http://other.example/seg?a=1,b=2#x");
    CHECK(parsed->segments[0].duration == 9s);
    CHECK(parsed->segments[0].extra_tags.empty());
    CHECK(parsed->segments[1].duration == Ticks90k{810'810});
    CHECK(parsed->segments[1].program_date_time == hls::WallTime{1'772'317'799'123'456us});
    CHECK(parsed->segments[1].extra_tags ==
          std::vector<std::string>{"#EXT-X-DATERANGE:ID=\"splice, 6\",SCTE35-OUT=0xFC"});
}

TEST_CASE("media playlist: errors name the line and the tag") {
    CHECK(error_of("") == "line 0: is not #EXTM3U: malformed");
    CHECK(error_of("<html>") == "line 1: is not #EXTM3U: malformed");
    CHECK(error_of("#EXTM3U\n#EXTINF:4,\na.ts\n") ==
          "line 3: the playlist ends without a target duration: malformed");
    CHECK(error_of(head + "a.ts\n") == "line 3: a URI without EXTINF: malformed");
    CHECK(error_of(head + "#EXTINF:4,\n") == "line 3: #EXTINF without its URI: truncated");
    CHECK(error_of(head + "#EXTINF:-1,\na.ts") ==
          "line 3: EXTINF is no number of seconds: malformed");
    CHECK(error_of(head + "#EXTINF:inf,\na.ts") ==
          "line 3: EXTINF is no number of seconds: malformed");
    CHECK(error_of(head + "#EXTINF:1e3,\na.ts") ==
          "line 3: EXTINF is no number of seconds: malformed");
    CHECK(error_of(head + "#EXT-X-MEDIA-SEQUENCE:18446744073709551616\n") ==
          "line 3: MEDIA-SEQUENCE is no number: malformed");
    CHECK(error_of(head + "#EXT-X-DISCONTINUITY-SEQUENCE:-1\n") ==
          "line 3: DISCONTINUITY-SEQUENCE is no number: malformed");
    CHECK(error_of(head + "#EXT-X-VERSION:0\n") == "line 3: VERSION is no number: malformed");
    CHECK(error_of(head + "#EXT-X-PROGRAM-DATE-TIME:2026-02-30T00:00:00Z\n") ==
          "line 3: PROGRAM-DATE-TIME is no date: malformed");
    CHECK(error_of(head + "#EXT-X-BYTERANGE:5@x\n") ==
          "line 3: BYTERANGE is not LENGTH[@OFFSET]: malformed");
    CHECK(error_of(head + "#EXT-X-MAP:BYTERANGE=\"5@0\"\n") ==
          "line 3: MAP without URI: malformed");
    CHECK(error_of(head + "#EXT-X-KEY:METHOD=AES-128,URI=\"k\n") ==
          "line 3: KEY: attribute URI lacks a closing quote: malformed");
    CHECK(error_of(head + "#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n") ==
          "line 3: a delta update where a whole playlist was expected: not supported");
    CHECK(error_of(head + "#EXT-X-STREAM-INF:BANDWIDTH=1\n") ==
          "line 3: a list of variants where segments were expected: not supported");
}

TEST_CASE("media playlist: lists of variants are told from lists of segments") {
    CHECK(hls::is_multivariant("#EXTM3U\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\na.m3u8\r\n"));
    CHECK(hls::is_multivariant("#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO\n"));
    CHECK_FALSE(hls::is_multivariant("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:4\n"));
    CHECK_FALSE(hls::is_multivariant(""));
}

TEST_CASE("media playlist: a text that is no playlist is told by its first line") {
    CHECK(hls::is_playlist("#EXTM3U\r\n"));
    CHECK(hls::is_playlist("\xEF\xBB\xBF#EXTM3U"));
    CHECK_FALSE(hls::is_playlist("<html>\n#EXTM3U\n"));
    CHECK_FALSE(hls::is_playlist(""));
}

} // namespace media_playlist_test
