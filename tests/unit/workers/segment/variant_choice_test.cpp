#include "workers/segment/variant_choice.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace variant_choice_test {

using namespace continuo;

Result<std::string> choice(std::string const& lines) {
    auto const playlist = hls::parse_multivariant_playlist("#EXTM3U\n" + lines);
    REQUIRE(playlist.has_value());
    return segment::variant_of(*playlist);
}

TEST_CASE("variant choice: the highest bandwidth that may have a picture") {
    CHECK(choice("#EXT-X-STREAM-INF:BANDWIDTH=100\na\n#EXT-X-STREAM-INF:BANDWIDTH=300\nb\n"
                 "#EXT-X-STREAM-INF:BANDWIDTH=200\nc\n")
              .value() == "b");
    CHECK(choice("#EXT-X-STREAM-INF:BANDWIDTH=100\na\n#EXT-X-STREAM-INF:BANDWIDTH=100\nb\n")
              .value() == "a");
    CHECK(choice("#EXT-X-STREAM-INF:BANDWIDTH=100,CODECS=\"avc1.64001f,mp4a.40.2\"\nv\n"
                 "#EXT-X-STREAM-INF:BANDWIDTH=300,CODECS=\"mp4a.40.2, ec-3\"\ns\n")
              .value() == "v");
    CHECK(choice("#EXT-X-STREAM-INF:BANDWIDTH=100\na\n"
                 "#EXT-X-STREAM-INF:BANDWIDTH=300,CODECS=\"mp4a.40.2\",RESOLUTION=640x360\nb\n")
              .value() == "b"); // a careless list: the picture's size is surer than the codecs
}

TEST_CASE("variant choice: sound of its own is somebody else's to join") {
    std::string const variant = "#EXT-X-STREAM-INF:BANDWIDTH=100,AUDIO=\"a\"\nv\n";
    std::string const elsewhere = "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"x\",URI=\"x\"\n";
    std::string const inside = "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"y\"\n";
    CHECK(choice(elsewhere + variant).error().code == Errc::unsupported);
    CHECK(choice(inside + variant).value() == "v");
    CHECK(choice(elsewhere + inside + variant).value() == "v");
    CHECK(choice(variant).value() == "v");
    CHECK(
        choice("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"b\",NAME=\"x\",URI=\"x\"\n" + variant).value() ==
        "v");
    CHECK(choice("#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"a\",NAME=\"x\",URI=\"x\"\n" + variant)
              .value() == "v");
}

TEST_CASE("variant choice: a list of sound alone is refused") {
    CHECK(choice("#EXT-X-STREAM-INF:BANDWIDTH=100,CODECS=\"mp4a.40.5\"\na\n").error().code ==
          Errc::unsupported);
    CHECK(choice("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"x\",URI=\"x\"\n").error().code ==
          Errc::unsupported);
}

} // namespace variant_choice_test
