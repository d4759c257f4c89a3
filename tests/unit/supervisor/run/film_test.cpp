#include "supervisor/run/film.hpp"

#include <doctest/doctest.h>

namespace continuo::supervisor::film_test {

using namespace std::chrono_literals;
using Kind = media::FilmTrack::Kind;

media::Film film() {
    media::Film film;
    film.tracks = {{.kind = Kind::video, .number = 1},
                   {.kind = Kind::audio, .number = 1, .language = "eng"},
                   {.kind = Kind::audio, .number = 2, .language = "jpn"},
                   {.kind = Kind::subtitle, .number = 1, .language = "ger"}};
    film.duration = 120s;
    film.picture_length = 60s;
    return film;
}

TEST_CASE("film source: its tracks are chosen, its first subtitle is burned in") {
    config::Source source;
    source.location = "/film.mkv";
    source.film.audio = "ja";
    source.film.proxy = "http://127.0.0.1:1";
    auto const played = film_to_play(source, film(), 7s);
    REQUIRE(played.has_value());
    CHECK(played->location == "/film.mkv");
    CHECK(played->audio == 2u);
    CHECK(played->subtitle == 1u);
    CHECK(played->position == 7s);
    CHECK(played->proxy == "http://127.0.0.1:1");
}

TEST_CASE("film source: who works on a stranger's film may write little") {
    config::Source source;
    CHECK_FALSE(confined_for(source, {}).confinement);
    source.film.proxy = "http://127.0.0.1:1";
    CHECK(confined_for(source, {}).confinement->file_bytes == 4u << 20);
}

TEST_CASE("film source: what has no picture, or lacks a track, is refused in words") {
    config::Source source;
    source.film.subtitle = "fre";
    CHECK(film_to_play(source, film(), 0s).error().context ==
          "no subtitle track is \"fre\"; there are 1 (ger)");
    auto sound = film();
    sound.tracks.erase(sound.tracks.begin());
    CHECK(film_to_play({}, sound, 0s).error().context == "it has no picture");
}

TEST_CASE("film source: it is over where its picture ends, whatever other tracks do") {
    CHECK_FALSE(is_over(film(), 59'900ms));
    CHECK(is_over(film(), 59'996ms));
    CHECK(is_over(film(), 61s));
    auto untold = film();
    untold.picture_length.reset();
    CHECK_FALSE(is_over(untold, 61s));
    untold.duration.reset();
    CHECK_FALSE(is_over(untold, 1000h));
}

TEST_CASE("film source: an end far from where it should be is none") {
    CHECK(complaint_about_end(film(), 58s).empty());
    CHECK(complaint_about_end(film(), 1040ms) ==
          "breaks off at 1.0 s of 60.0 s: the file is incomplete, or its connection was lost");
    auto untold = film();
    untold.picture_length.reset();
    CHECK(complaint_about_end(untold, 90s).empty());
    CHECK_FALSE(complaint_about_end(untold, 89s).empty());
    untold.duration = 20s;
    CHECK(complaint_about_end(untold, 15s).empty());
    CHECK_FALSE(complaint_about_end(untold, 14s).empty());
    untold.duration.reset();
    CHECK(complaint_about_end(untold, 0s).empty());
}

TEST_CASE("film source: keyframes two seconds apart make segments of four, from any place") {
    for (auto const position : {0ms, 61'500ms}) {
        auto const grid = grid_of_film(position, 4s);
        Ticks90k const first = 10s + position;
        auto const cell = timeline::cell_of(grid, first);
        CHECK(timeline::cell_of(grid, first + Ticks90k(40ms)) == cell); // a picture later
        CHECK(timeline::cell_of(grid, first + Ticks90k(2s)) == cell);
        CHECK(timeline::cell_of(grid, first + Ticks90k(4s)) == cell + 1);
        CHECK(timeline::cell_of(grid, first + Ticks90k(6040ms)) == cell + 1);
        CHECK(timeline::cell_of(grid, first + Ticks90k(8s)) == cell + 2);
    }
}

TEST_CASE("film source: timestamps count from ten seconds on") {
    CHECK(position_in_film(Ticks90k(71'500ms)) == 61'500ms);
    CHECK(position_in_film(Ticks90k(9s)) == 0s);
}

} // namespace continuo::supervisor::film_test
