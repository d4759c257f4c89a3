#include "http/pseudolive/linear.hpp"
#include "tests/support/sample_asset.hpp"

#include <doctest/doctest.h>

namespace linear_test {

using namespace continuo;
using namespace continuo::pseudolive;
using namespace continuo::test;

std::vector<Ticks90k> const durations{Ticks90k{900'000}, Ticks90k{900'000}};

using Tracks = std::vector<std::size_t>;

TEST_CASE("linear: variants are matched by bandwidth, the first always with the first") {
    auto const one = sample_asset("one", durations, {{"a", 8000}, {"b", 4000}, {"c", 2000}});
    auto const two = sample_asset("two", durations, {{"x", 9000}, {"y", 1500}});
    auto const made = linear({{"one", one, 1}, {"two", two, 3}});
    REQUIRE(made.has_value());
    CHECK(made->items[0].tracks == Tracks{0, 1, 2});
    CHECK(made->items[1].tracks == Tracks{0, 0, 1}); // 4000 is nearer to 9000 than to 1500
    CHECK(made->items[1].times == 3);
    CHECK(made->face.ids == std::vector<std::string>{"a", "b", "c"});
    CHECK(made->face.master.variants[0].bandwidth_bps == 9000);
    CHECK(made->face.master.variants[1].bandwidth_bps == 9000);
    CHECK(made->face.master.variants[2].bandwidth_bps == 2000);
}

TEST_CASE("linear: sound is matched by language, and subtitles that one lacks are left out") {
    auto const one = sample_asset("one", durations, {{"a", 8000}});
    add_rendition(*one, "AUDIO", "english", "en");
    add_rendition(*one, "AUDIO", "deutsch", "de");
    add_rendition(*one, "SUBTITLES", "text", "en");
    auto const two = sample_asset("two", durations, {{"a", 8000}});
    add_rendition(*two, "AUDIO", "d", "de");
    add_rendition(*two, "AUDIO", "e", "en");
    auto const made = linear({{"one", one, 1}, {"two", two, 1}});
    REQUIRE(made.has_value());
    CHECK(made->face.ids == std::vector<std::string>{"a", "english", "deutsch"});
    CHECK(made->items[0].tracks == Tracks{0, 1, 2});
    CHECK(made->items[1].tracks == Tracks{0, 2, 1});
    CHECK(made->face.master.renditions.size() == 2);
    CHECK(made->face.master.variants[0].subtitles.empty());
    CHECK(made->face.master.variants[0].audio == "g");
}

TEST_CASE("linear: what RFC 8216 does not know is told where it is the same in all assets") {
    auto const one = sample_asset("one", durations, {{"a", 8000}});
    add_rendition(*one, "AUDIO", "english", "en");
    auto const two = sample_asset("two", durations, {{"a", 8000}});
    add_rendition(*two, "AUDIO", "e", "en");
    one->master.variants[0].further = {{"VIDEO-RANGE", "PQ"}, {"STABLE-VARIANT-ID", "\"1\""}};
    two->master.variants[0].further = {{"STABLE-VARIANT-ID", "\"2\""}, {"VIDEO-RANGE", "PQ"}};
    one->master.renditions[0].further = {{"BIT-DEPTH", "16"}, {"SAMPLE-RATE", "48000"}};
    two->master.renditions[0].further = {{"SAMPLE-RATE", "48000"}};
    auto const made = linear({{"one", one, 1}, {"two", two, 1}});
    REQUIRE(made.has_value());
    auto const& master = made->face.master;
    CHECK(master.variants[0].further == hls::FurtherAttributes{{"VIDEO-RANGE", "PQ"}});
    CHECK(master.renditions[0].further == hls::FurtherAttributes{{"SAMPLE-RATE", "48000"}});
}

TEST_CASE("linear: an asset of its own, twice, is what it is") {
    auto const one = sample_asset("one", durations, {{"a", 8000}, {"b", 8000}});
    add_rendition(*one, "SUBTITLES", "text", "en");
    one->master.variants[0].further = {{"VIDEO-RANGE", "SDR"}};
    one->master.renditions[0].further = {{"ASSOC-LANGUAGE", "\"de\""}};
    auto const made = linear({{"one", one, 2}});
    REQUIRE(made.has_value());
    CHECK(made->face.ids == face_of(*one).ids);
    CHECK(made->face.master == one->master);
    CHECK(made->items[0].tracks == Tracks{0, 1, 2});
}

TEST_CASE("linear: sound beside the variants and in them can't follow each other") {
    auto const one = sample_asset("one", durations, {{"a", 8000}});
    auto const two = sample_asset("two", durations, {{"a", 8000}});
    add_rendition(*two, "AUDIO", "e", "en");
    CHECK(linear({{"one", one, 1}, {"two", two, 1}}).error().reason ==
          "the sound of \"one\" is in its variants, that of \"two\" is not");
    CHECK(linear({{"two", two, 1}, {"one", one, 1}}).error().reason ==
          "the sound of \"two\" is beside its variants, that of \"one\" is not");
}

TEST_CASE("linear: fragmented MP4 and transport streams can't follow each other") {
    auto const one = sample_asset("one", durations, {{"a", 8000}});
    auto const two = sample_asset("two", durations, {{"a", 8000}}, /*with_map=*/true);
    auto const words = "\"two\" is fragmented MP4, \"one\" is not: no list can have both";
    CHECK(linear({{"one", one, 1}, {"two", two, 1}}).error().reason == words);
    CHECK(linear({{"two", two, 1}, {"one", one, 1}}).error().reason == words);
}

} // namespace linear_test
