#include "core/hls/multivariant_playlist.hpp"

#include <doctest/doctest.h>

#include <string>

namespace multivariant_playlist_test {

using namespace continuo;

hls::MultivariantPlaylist ladder() {
    hls::MultivariantPlaylist playlist;
    playlist.independent_segments = true;

    hls::Rendition audio;
    audio.type = "AUDIO";
    audio.group_id = "aac";
    audio.name = "Deutsch, Stereo";
    audio.uri = "audio/index.m3u8";
    audio.language = "de";
    audio.channels = "2";
    audio.is_default = true;
    audio.autoselect = true;
    audio.further = {{"ASSOC-LANGUAGE", "\"nds\""}};
    hls::Rendition captions;
    captions.type = "CLOSED-CAPTIONS";
    captions.group_id = "cc";
    captions.name = "English";
    captions.instream_id = "CC1";
    playlist.renditions = {audio, captions};

    hls::VariantStream high;
    high.uri = "720p/index.m3u8";
    high.bandwidth_bps = 3'456'789;
    high.average_bandwidth_bps = 3'000'000;
    high.codecs = "avc1.64001f,mp4a.40.2";
    high.width = 1280;
    high.height = 720;
    high.frame_rate = 29.97;
    high.audio = "aac";
    high.closed_captions = "cc";
    hls::VariantStream low;
    low.uri = "sound/index.m3u8?a=1";
    low.bandwidth_bps = 96'000;
    low.closed_captions = "NONE";
    low.further = {{"VIDEO-RANGE", "SDR"}, {"STABLE-VARIANT-ID", "\"s,1\""}};
    playlist.variants = {high, low};
    return playlist;
}

std::string const ladder_text =
    "#EXTM3U\n"
    "#EXT-X-VERSION:3\n"
    "#EXT-X-INDEPENDENT-SEGMENTS\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"aac\",NAME=\"Deutsch, Stereo\",LANGUAGE=\"de\",DEFAULT=YES,"
    "AUTOSELECT=YES,CHANNELS=\"2\",URI=\"audio/index.m3u8\",ASSOC-LANGUAGE=\"nds\"\n"
    "#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID=\"cc\",NAME=\"English\",INSTREAM-ID=\"CC1\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=3456789,AVERAGE-BANDWIDTH=3000000,RESOLUTION=1280x720,"
    "FRAME-RATE=29.970,CODECS=\"avc1.64001f,mp4a.40.2\",AUDIO=\"aac\",CLOSED-CAPTIONS=\"cc\"\n"
    "720p/index.m3u8\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=96000,CLOSED-CAPTIONS=NONE,VIDEO-RANGE=SDR,"
    "STABLE-VARIANT-ID=\"s,1\"\n"
    "sound/index.m3u8?a=1\n";

std::string error_of(std::string_view text) {
    auto const parsed = hls::parse_multivariant_playlist(text);
    return parsed ? "" : to_text(parsed.error());
}

TEST_CASE(
    "multivariant playlist: a value is written as expected, and read back as the same value") {
    CHECK(hls::to_text(ladder()) == ladder_text);
    auto const parsed = hls::parse_multivariant_playlist(ladder_text);
    REQUIRE(parsed.has_value());
    CHECK(*parsed == ladder());
}

TEST_CASE(
    "multivariant playlist: every truncation is an error or gives the entries that are whole") {
    auto const whole = ladder();
    for (std::size_t size = 0; size < ladder_text.size(); ++size) {
        auto const parsed = hls::parse_multivariant_playlist(ladder_text.substr(0, size));
        if (!parsed) continue;
        REQUIRE(parsed->variants.size() <= whole.variants.size());
        for (std::size_t i = 0; i + 1 < parsed->variants.size(); ++i)
            CHECK(parsed->variants[i] == whole.variants[i]);
    }
}

TEST_CASE("multivariant playlist: what is met in the field is read") {
    auto const parsed = hls::parse_multivariant_playlist(
        "#EXTM3U\r\n"
        "#EXT-X-SESSION-DATA:DATA-ID=\"x\",VALUE=\"y\"\r\n"
        "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=9,URI=\"i.m3u8\"\r\n"
        "#EXT-X-STREAM-INF: PROGRAM-ID=1, BANDWIDTH=1280000 , CODECS=\"a,b\",RESOLUTION=640x360\r\n"
        "# a comment between the two\r\n"
        "\r\n"
        "low.m3u8\r\n");
    REQUIRE(parsed.has_value());
    CHECK(parsed->version == 1);
    REQUIRE(parsed->variants.size() == 1);
    CHECK(parsed->variants[0].uri == "low.m3u8");
    CHECK(parsed->variants[0].bandwidth_bps == 1'280'000);
    CHECK(parsed->variants[0].codecs == "a,b");
    CHECK(parsed->variants[0].height == 360);
    CHECK(parsed->variants[0].further == hls::FurtherAttributes{{"PROGRAM-ID", "1"}});
}

TEST_CASE("multivariant playlist: of an attribute given twice the first is passed on, of an empty "
          "one nothing") {
    auto const parsed = hls::parse_multivariant_playlist(
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,X-A=1,X-B=,X-A=2,BANDWIDTH=2,X-C=\"\"\na\n");
    REQUIRE(parsed.has_value());
    CHECK(parsed->variants[0].further == hls::FurtherAttributes{{"X-A", "1"}, {"X-C", "\"\""}});
}

TEST_CASE("multivariant playlist: errors name the line and the attribute") {
    CHECK(error_of("") == "line 0: is not #EXTM3U: malformed");
    CHECK(error_of("#EXTM3U\na.m3u8\n") == "line 2: a URI without STREAM-INF: malformed");
    CHECK(error_of("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n") ==
          "line 2: #EXT-X-STREAM-INF without its URI: truncated");
    CHECK(error_of("#EXTM3U\n#EXT-X-STREAM-INF:CODECS=\"x\"\na\n") ==
          "line 2: STREAM-INF without a BANDWIDTH: malformed");
    CHECK(error_of("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"x\na\n") ==
          "line 2: attribute CODECS lacks a closing quote: malformed");
    CHECK(error_of("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS=\"x\"y\na\n") ==
          "line 2: attribute CODECS: text after the closing quote: malformed");
    CHECK(error_of("#EXTM3U\n#EXT-X-MEDIA:URI=a\"b\n") ==
          "line 2: attribute URI: a quote inside its value: malformed");
    CHECK(error_of("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=1280\na\n") ==
          "line 2: RESOLUTION is not WIDTHxHEIGHT: malformed");
    CHECK(error_of("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,FRAME-RATE=fast\na\n") ==
          "line 2: FRAME-RATE is no number: malformed");
    CHECK(error_of("#EXTM3U\n#EXT-X-MEDIA:TYPE\n") ==
          "line 2: attribute TYPE has no value: malformed");
    CHECK(error_of("#EXTM3U\n#EXT-X-MEDIA:=3\n") ==
          "line 2: an attribute without a name: malformed");
}

} // namespace multivariant_playlist_test
