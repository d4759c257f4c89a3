#include "core/hls/multivariant_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace multivariant_text_test {

using namespace continuo;
using Kind = hls::ListedStream::Kind;

std::string const master =
    "\xEF\xBB\xBF#EXTM3U\r\n"
    "#EXT-X-VERSION:6\r\n"
    "\n"
    "#EXT-X-SESSION-KEY:METHOD=AES-128,URI=\"key\"\n"
    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"A, B\",X-URI=\"x\",URI=\"sound/a.m3u8\",X-C=d\n"
    "#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID=\"cc\",NAME=\"E\",INSTREAM-ID=\"CC1\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=300,SCORE=2.5,CODECS=\"avc1.42c01e,mp4a.40.2\",AUDIO=\"a\"\n"
    "hi/index.m3u8\n"
    "# a remark\n"
    "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI=\"iframes.m3u8\"\n"
    "#EXT-X-STREAM-INF:BANDWIDTH=100\n"
    "#EXT-X-UNHEARD-OF\n"
    "lo/index.m3u8?a=1";

TEST_CASE("multivariant text: every stream that has a URI is listed, with all its attributes") {
    auto const streams = hls::listed_streams(master);
    REQUIRE(streams.has_value());
    REQUIRE(streams->size() == 3);
    auto const& sound = streams->at(0);
    CHECK(sound.kind == Kind::rendition);
    CHECK(sound.uri == "sound/a.m3u8");
    CHECK(sound.attribute("NAME") == "A, B");
    CHECK(sound.attribute("X-C") == "d");
    CHECK(sound.attribute("URI").empty());
    auto const& high = streams->at(1);
    CHECK(high.kind == Kind::variant);
    CHECK(high.uri == "hi/index.m3u8");
    CHECK(high.attributes.front() == std::pair<std::string, std::string>("BANDWIDTH", "300"));
    CHECK(high.attribute("SCORE") == "2.5");
    CHECK(streams->at(2).uri == "lo/index.m3u8?a=1");
}

TEST_CASE("multivariant text: URIs are replaced, and what is not known stays as it is") {
    auto const text =
        hls::with_uris(master, [](std::size_t index) { return std::to_string(index) + "/i.m3u8"; });
    REQUIRE(text.has_value());
    CHECK(*text == "#EXTM3U\n"
                   "#EXT-X-VERSION:6\n"
                   "\n"
                   "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"A, B\",X-URI=\"x\",URI=\"0/i.m3u8"
                   "\",X-C=d\n"
                   "#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID=\"cc\",NAME=\"E\",INSTREAM-ID="
                   "\"CC1\"\n"
                   "#EXT-X-STREAM-INF:BANDWIDTH=300,SCORE=2.5,CODECS=\"avc1.42c01e,mp4a.40.2\","
                   "AUDIO=\"a\"\n"
                   "1/i.m3u8\n"
                   "# a remark\n"
                   "#EXT-X-STREAM-INF:BANDWIDTH=100\n"
                   "#EXT-X-UNHEARD-OF\n"
                   "2/i.m3u8\n");
}

TEST_CASE("multivariant text: what is no playlist is refused with its line") {
    auto const broken = hls::with_uris("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=x\na\n",
                                       [](std::size_t) { return std::string(); });
    REQUIRE_FALSE(broken.has_value());
    CHECK(broken.error().context.find("line 2") != std::string::npos);
    CHECK_FALSE(hls::listed_streams("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n").has_value());
    CHECK_FALSE(hls::listed_streams("no playlist").has_value());
}

TEST_CASE("multivariant text: every truncation is a playlist with fewer streams, or an error") {
    for (std::size_t length = 0; length < master.size(); ++length) {
        CAPTURE(length);
        auto const text = master.substr(0, length);
        auto const streams = hls::listed_streams(text);
        auto const rewritten = hls::with_uris(text, [](std::size_t) { return std::string("u"); });
        REQUIRE(streams.has_value() == rewritten.has_value());
        if (!streams) continue;
        auto const again = hls::listed_streams(*rewritten);
        REQUIRE(again.has_value());
        CHECK(again->size() == streams->size());
    }
}

} // namespace multivariant_text_test
