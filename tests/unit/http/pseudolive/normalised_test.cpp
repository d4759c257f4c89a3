#include "http/pseudolive/normalised.hpp"

#include <doctest/doctest.h>

#include <string>

namespace normalised_test {

using namespace continuo;
using namespace continuo::pseudolive;

storage::Accepted<std::vector<hls::MediaSegment>> normalised_text(std::string const& body) {
    return normalised(
        hls::parse_media_playlist("#EXTM3U\n#EXT-X-TARGETDURATION:4\n" + body).value(),
        "720p/index.m3u8");
}

std::string reason(std::string const& body) {
    auto const segments = normalised_text(body);
    return segments ? "taken" : segments.error().reason;
}

TEST_CASE("normalised: segments and maps are named from the asset's folder on") {
    auto const segments =
        *normalised_text("#EXT-X-MAP:URI=\"../init.mp4\"\n#EXTINF:4,one\n1 a.m4s?x=1\n"
                         "#EXT-X-DISCONTINUITY\n#EXTINF:4,\nsub/2.m4s\n");
    CHECK(segments[0].uri == "720p/1%20a.m4s");
    CHECK(segments[0].title == "one");
    CHECK(segments[0].map->uri == "init.mp4");
    CHECK(segments[1].uri == "720p/sub/2.m4s");
    CHECK(segments[1].discontinuity);
}

TEST_CASE("normalised: a byte range gets its beginning, the map's is 0") {
    auto const segments = *normalised_text(
        "#EXT-X-MAP:URI=\"all.mp4\",BYTERANGE=\"700\"\n"
        "#EXT-X-BYTERANGE:100@700\n#EXTINF:4,\nall.mp4\n#EXT-X-BYTERANGE:50\n#EXTINF:4,\nall.mp4\n"
        "#EXT-X-BYTERANGE:10\n#EXTINF:4,\nall.mp4\n");
    CHECK(segments[0].map->byte_range == hls::ByteRange{700, 0});
    CHECK(segments[1].byte_range == hls::ByteRange{50, 800});
    CHECK(segments[2].byte_range == hls::ByteRange{10, 850});
    CHECK(reason("#EXT-X-BYTERANGE:100@0\n#EXTINF:4,\na.mp4\n#EXT-X-BYTERANGE:50\n#EXTINF:4,\n"
                 "b.mp4\n") == "segment 1 (b.mp4): has a byte range that follows none");
}

TEST_CASE("normalised: a key without IV gets the segment's number in this list for one") {
    auto const segments = *normalised_text(
        "#EXT-X-MEDIA-SEQUENCE:254\n#EXT-X-KEY:METHOD=AES-128,URI=\"../k.bin\"\n#EXTINF:4,\na.ts\n"
        "#EXTINF:4,\nb.ts\n#EXT-X-KEY:METHOD=AES-128,URI=\"https://host/k\",IV=0x1\n#EXTINF:4,\n"
        "c.ts\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI=\"skd://x\",KEYFORMAT=\"com.apple\"\n#EXTINF:4,\n"
        "d.ts\n");
    CHECK(segments[0].keys.at(0).attributes ==
          "METHOD=AES-128,URI=\"k.bin\",IV=0x000000000000000000000000000000FE");
    CHECK(segments[1].keys.at(0).attributes.ends_with("FF"));
    CHECK(segments[2].keys.at(0).attributes == "METHOD=AES-128,URI=\"https://host/k\",IV=0x1");
    CHECK(key_uri(segments[2].keys.at(0)) == "https://host/k");
    CHECK(segments[3].keys.back().attributes.find("IV") == std::string::npos);
}

TEST_CASE("normalised: only the URI of a key is taken for one") {
    auto const segments = *normalised_text("#EXT-X-KEY:METHOD=AES-128,X=\"../k\",Y-URI=\"k\","
                                           "URI=\"../k\", \n#EXTINF:4,\na.ts\n");
    CHECK(segments[0].keys.at(0).attributes == "METHOD=AES-128,X=\"../k\",Y-URI=\"k\",URI=\"k\","
                                               "IV=0x00000000000000000000000000000000");
}

TEST_CASE("normalised: dates and unknown tags speak of another time and go") {
    auto const segments =
        *normalised_text("#EXT-X-PROGRAM-DATE-TIME:2020-01-01T00:00:00Z\n#EXT-X-CUE-OUT:30\n"
                         "#EXTINF:4,\na.ts\n#EXTINF:4,\nb.ts\n");
    CHECK_FALSE(segments[0].program_date_time);
    CHECK(segments[0].extra_tags.empty());
    CHECK_FALSE(segments[1].program_date_time);
}

TEST_CASE("normalised: a discontinuity before the first segment is that of every lap") {
    CHECK_FALSE(normalised_text("#EXT-X-DISCONTINUITY\n#EXTINF:4,\na.ts\n")->front().discontinuity);
}

TEST_CASE("normalised: each refusal names the segment") {
    CHECK(reason("") == "lists no segment");
    CHECK(reason("#EXTINF:4,\na.ts\n#EXTINF:4,\n../../b.ts\n") ==
          "segment 1 (../../b.ts): \"../../b.ts\" leads out of the asset's folder");
    CHECK(reason("#EXT-X-BYTERANGE:18446744073709551615@0\n#EXTINF:4,\na.ts\n"
                 "#EXT-X-BYTERANGE:1\n#EXTINF:4,\na.ts\n") ==
          "segment 1 (a.ts): has a byte range that no file has");
    CHECK(reason("#EXT-X-GAP\n#EXTINF:4,\na.ts\n") == "segment 0 (a.ts): is marked as missing");
    CHECK(reason("#EXT-X-MAP:URI=\"/init.mp4\"\n#EXTINF:4,\na.m4s\n") ==
          "segment 0 (a.m4s): map: \"/init.mp4\" is absolute; only files of the asset's folder are "
          "served");
    CHECK(reason("#EXT-X-KEY:METHOD=AES-128,URI=\"../../k\"\n#EXTINF:4,\na.ts\n") ==
          "segment 0 (a.ts): key: \"../../k\" leads out of the asset's folder");
    CHECK(reason("#EXT-X-KEY:URI=\"k\"\n#EXTINF:4,\na.ts\n") ==
          "segment 0 (a.ts): key: it has no METHOD");
}

} // namespace normalised_test
