#include "supervisor/run/ladder.hpp"

#include <doctest/doctest.h>

namespace ladder_test {

using namespace continuo;
using namespace continuo::supervisor;

constexpr auto master = R"(#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",LANGUAGE="en",DEFAULT=YES,URI="audio/en.m3u8"
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="inside"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",URI="subtitles/en.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=3000000,RESOLUTION=1280x720,AUDIO="a"
720/index.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=1000000,RESOLUTION=640x360,AUDIO="a"
https://other.example.com/360.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=1100000,RESOLUTION=640x360
https://other.example.com/360.m3u8
)";

TEST_CASE("ladder: the variants of a master, each once, and behind them the audio renditions") {
    auto const ladder = ladder_of(master, "https://example.com/live/master.m3u8").value();
    REQUIRE(ladder.size() == 3);
    CHECK(ladder[0].name == "0");
    CHECK(ladder[0].location == "https://example.com/live/720/index.m3u8");
    CHECK(ladder[0].height == 720);
    CHECK(ladder[0].audio_group == "a");
    CHECK(ladder[1].location == "https://other.example.com/360.m3u8");
    CHECK(ladder[2].location == "https://example.com/live/audio/en.m3u8");
    REQUIRE(ladder[2].rendition);
    CHECK(ladder[2].rendition->language == "en");
    config::Channel written;
    written.resegment.emplace().master = "m";
    auto const variants = with_ladder(written, ladder).variants;
    REQUIRE(variants.size() == 3);
    CHECK(variants[0].copy);
    CHECK_FALSE(variants[1].copy);
    CHECK(variants[2].name == "2");
    CHECK(with_ladder(written, {}) == written);
}

TEST_CASE("ladder: paths are seen from the master's folder") {
    auto const ladder =
        ladder_of("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow/a b.m3u8\n", "/srv/in/master.m3u8");
    CHECK(ladder.value().at(0).location == "/srv/in/low/a b.m3u8");
}

TEST_CASE("ladder: a media playlist is a ladder of one") {
    auto const ladder =
        ladder_of("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\na.ts\n", "/a.m3u8");
    REQUIRE(ladder.value().size() == 1);
    CHECK(ladder.value()[0].location == "/a.m3u8");
}

TEST_CASE("ladder: what names nothing that can be cut is refused") {
    CHECK(!ladder_of("<html>", "/a.m3u8"));
    CHECK(!ladder_of("", "/a.m3u8"));
    CHECK(!ladder_of("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nrtmp://a/b\n", "/a.m3u8"));
    std::string many = "#EXTM3U\n";
    for (int i = 0; i < 33; ++i)
        many += "#EXT-X-STREAM-INF:BANDWIDTH=1\n" + std::to_string(i) + ".m3u8\n";
    CHECK(ladder_of(many, "/a.m3u8").error().code == Errc::unsupported);
}

} // namespace ladder_test
