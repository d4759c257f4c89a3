#include "supervisor/channel/text_renditions.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::supervisor::text_renditions_test {

media::Film film_with(std::vector<media::FilmTrack> tracks) {
    media::Film film;
    unsigned number = 0;
    for (auto& track : tracks) {
        track.kind = media::FilmTrack::Kind::subtitle;
        track.number = ++number;
    }
    film.tracks = std::move(tracks);
    return film;
}

TEST_CASE("text renditions: each text has one, beside the pictures of each segment") {
    contract::ChannelSnapshot snapshot;
    snapshot.variants.emplace_back().name = "source";
    snapshot.segments.resize(2);
    snapshot.segments[0].files = {"source/18c2f3a9b01/000012.ts"};
    snapshot.segments[1].files = {"source/18c2f3a9b01/000013.ts"};
    add_text_renditions(snapshot, film_with({{.language = "ger", .is_text = true},
                                             {.language = "eng", .is_text = false},
                                             {.language = "jpn", .is_text = true}}));
    REQUIRE(snapshot.variants.size() == 3);
    CHECK(snapshot.variants[1].name == "text1");
    CHECK(snapshot.variants[1].rendition->language == "ger");
    CHECK(snapshot.variants[2].rendition->language == "jpn");
    CHECK_FALSE(snapshot.variants[1].rendition->is_default);
    CHECK_FALSE(snapshot.variants[1].rendition->autoselect);
    CHECK(snapshot.segments[1].files == std::vector<std::string>{"source/18c2f3a9b01/000013.ts",
                                                                 "text1/18c2f3a9b01/000013.vtt",
                                                                 "text2/18c2f3a9b01/000013.vtt"});
}

TEST_CASE("text renditions: no two have one name, and none breaks its quotes") {
    contract::ChannelSnapshot snapshot;
    add_text_renditions(snapshot, film_with({{.language = "ger", .is_text = true},
                                             {.language = "ger", .is_text = true},
                                             {.title = "The \"cut\"", .is_text = true},
                                             {.is_text = true}}));
    std::vector<std::string> names;
    for (auto const& variant : snapshot.variants)
        names.push_back(variant.rendition->name);
    CHECK(names == std::vector<std::string>{"ger", "ger 2", "The 'cut'", "4"});
}

TEST_CASE("text renditions: what belongs to segments are the files of all texts") {
    auto const film = film_with({{.is_text = true}, {.is_text = true}});
    CHECK(text_files(film, {"source/18c2f3a9b01/000012.ts", "no segment"}) ==
          std::vector<std::string>{"text1/18c2f3a9b01/000012.vtt", "text2/18c2f3a9b01/000012.vtt"});
    CHECK(text_files({}, {"source/18c2f3a9b01/000012.ts"}).empty());
}

} // namespace continuo::supervisor::text_renditions_test
