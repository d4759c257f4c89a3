#include "supervisor/run/film_texts.hpp"

#include <doctest/doctest.h>

namespace continuo::supervisor::film_texts_test {

using Kind = media::FilmTrack::Kind;

media::FilmTrack track(Kind kind, unsigned number, bool is_text) {
    return {.kind = kind, .number = number, .is_text = is_text};
}

TEST_CASE("film texts: subtitles that are text, eight at most") {
    media::Film film;
    film.tracks = {track(Kind::video, 1, false), track(Kind::subtitle, 1, false),
                   track(Kind::subtitle, 2, true)};
    REQUIRE(text_tracks(film).size() == 1);
    CHECK(text_tracks(film)[0].number == 2);
    for (unsigned number = 3; number < 20; ++number)
        film.tracks.push_back(track(Kind::subtitle, number, true));
    CHECK(text_tracks(film).size() == 8);
    CHECK(text_tracks({}).empty());
}

TEST_CASE("film texts: their files lie beside those of the pictures") {
    CHECK(text_path(0, "source/18c2f3a9b01/000012.ts") == "text1/18c2f3a9b01/000012.vtt");
    CHECK(text_path(7, "source/18c2f3a9b01/000012.ts") == "text8/18c2f3a9b01/000012.vtt");
    CHECK(text_path(0, "").empty());
    CHECK(text_path(0, "../x/000012.ts").empty());
}

} // namespace continuo::supervisor::film_texts_test
