#include "core/media/film.hpp"
#include "core/media/language.hpp"

#include <doctest/doctest.h>

#include <string>

namespace continuo::media::film_test {

using namespace std::chrono_literals;
using Kind = FilmTrack::Kind;

constexpr std::string_view answer = R"({"streams": [
  {"codec_type": "video", "codec_name": "h264", "disposition": {"default": 1, "attached_pic": 0},
   "tags": {"DURATION": "00:01:30.021000000"}},
  {"codec_type": "audio", "codec_name": "aac", "disposition": {"default": 1},
   "tags": {"language": "eng", "title": "Stereo"}},
  {"codec_type": "audio", "codec_name": "ac3", "disposition": {"default": 0},
   "tags": {"language": "jpn"}},
  {"codec_type": "subtitle", "codec_name": "subrip", "disposition": {"default": 0, "forced": 1},
   "tags": {"language": "ger", "title": "Forced"}},
  {"codec_type": "subtitle", "codec_name": "ass", "tags": {"language": "ger"}},
  {"codec_type": "subtitle", "codec_name": "hdmv_pgs_subtitle", "disposition": {"default": 1},
   "tags": {"language": "und", "title": "Signs & Songs"}},
  {"codec_type": "video", "codec_name": "mjpeg", "disposition": {"attached_pic": 1}},
  {"codec_type": "attachment", "codec_name": "ttf"}],
  "format": {"duration": "5400.500000"}})";

Film film() {
    auto const parsed = parse_film(answer);
    REQUIRE(parsed.has_value());
    return *parsed;
}

Film without_flags() {
    auto all = film();
    for (auto& track : all.tracks)
        track.is_default = false;
    return all;
}

std::optional<unsigned> chosen(Film const& film, Kind kind, std::string_view choice) {
    auto const track = chosen_track(film, kind, choice);
    CAPTURE(choice);
    REQUIRE(track.has_value());
    return *track;
}

TEST_CASE("film: tracks are counted among their kind, cover art and attachments left out") {
    auto const all = film();
    REQUIRE(all.tracks.size() == 6);
    CHECK(all.tracks[0] == FilmTrack{.kind = Kind::video,
                                     .number = 1,
                                     .language = "",
                                     .title = "",
                                     .codec = "h264",
                                     .is_default = true});
    CHECK(all.tracks[2] ==
          FilmTrack{.kind = Kind::audio, .number = 2, .language = "jpn", .codec = "ac3"});
    CHECK(all.tracks[3] == FilmTrack{.kind = Kind::subtitle,
                                     .number = 1,
                                     .language = "ger",
                                     .title = "Forced",
                                     .codec = "subrip",
                                     .is_forced = true,
                                     .is_text = true});
    CHECK(all.tracks[5] == FilmTrack{.kind = Kind::subtitle,
                                     .number = 3,
                                     .language = "",
                                     .title = "Signs & Songs",
                                     .codec = "hdmv_pgs_subtitle",
                                     .is_default = true});
    CHECK(all.duration == 5'400'500ms);
    CHECK(all.picture_length == 90'021ms);
}

TEST_CASE("film: its length comes from the stream where that tells, and from nobody who lies") {
    auto const length = [](std::string const& stream) {
        auto const parsed = parse_film(R"({"streams":[{"codec_type":"video")" + stream + "}]}");
        REQUIRE(parsed.has_value());
        CHECK_FALSE(parsed->duration);
        return parsed->picture_length;
    };
    CHECK(length(R"(,"duration":"12.5","tags":{"DURATION":"00:00:01.0"})") == 12'500ms);
    CHECK(length(R"(,"tags":{"DURATION":"01:00:00.000000000"})") == 3'600'000ms);
    for (auto const* const lie :
         {"", R"(,"duration":"N/A")", R"(,"duration":"-1")", R"(,"duration":"1e99")",
          R"(,"duration":"nan")", R"(,"duration":"0.0")", R"(,"duration":7)",
          R"(,"duration":"99999999999")", R"(,"tags":{"DURATION":"a:b"})", R"(,"tags":[])"})
        CHECK_FALSE(length(lie));
}

TEST_CASE("film: titles are one line that fits on a page") {
    auto const parsed =
        parse_film(R"({"streams":[{"codec_type":"audio","tags":{"title":"a\nb\u0000c )" +
                   std::string(198, 'x') + "\u00e4\u00e4\"}}]}");
    REQUIRE(parsed.has_value());
    CHECK(parsed->tracks[0].title == "abc " + std::string(196, 'x'));
    auto const cut = parse_film(R"({"streams":[{"codec_type":"audio","tags":{"title":")" +
                                std::string(199, 'x') + "\u00e4\"}}]}");
    REQUIRE(cut.has_value());
    CHECK(cut->tracks[0].title == std::string(199, 'x'));
}

TEST_CASE("film: what is no answer of ffprobe is an error, wherever it breaks off") {
    for (std::size_t size = 0; size < answer.size(); ++size)
        CHECK_FALSE(parse_film(answer.substr(0, size)).has_value());
    for (auto const* const text : {"null", "[]", "{}", R"({"streams":{}})", R"({"streams":1})"})
        CHECK_FALSE(parse_film(text).has_value());
    std::string many = R"({"streams":[0)";
    for (int i = 0; i < 200; ++i)
        many += ",0";
    CHECK(parse_film(many + "]}").error().code == Errc::out_of_range);
    CHECK(parse_film(R"({"streams":[1,null,"x",{},{"codec_type":3}]})")->tracks.empty());
}

TEST_CASE("film: the usual track is the flagged one, else the first") {
    CHECK(chosen(film(), Kind::subtitle, "auto") == 3);
    CHECK(chosen(film(), Kind::audio, "auto") == 1);
    CHECK(chosen(without_flags(), Kind::subtitle, "auto") == 1);
    CHECK(chosen(without_flags(), Kind::audio, "auto") == 1);
    CHECK(chosen(Film{}, Kind::subtitle, "auto") == std::nullopt);
    CHECK(chosen(Film{}, Kind::audio, "auto") == std::nullopt);
}

TEST_CASE("film: a track is chosen by number, language or title, or none is") {
    CHECK(chosen(film(), Kind::subtitle, "off") == std::nullopt);
    CHECK(chosen(Film{}, Kind::subtitle, "off") == std::nullopt);
    CHECK(chosen(film(), Kind::subtitle, "1") == 1);
    CHECK(chosen(film(), Kind::audio, "2") == 2);
    CHECK(chosen(film(), Kind::audio, "ja") == 2);
    CHECK(chosen(film(), Kind::audio, "EN") == 1);
    CHECK(chosen(film(), Kind::subtitle, "signs") == 3);
    CHECK(chosen(film(), Kind::subtitle, "SONGS") == 3);
    CHECK(chosen(film(), Kind::subtitle, "forced") == 1);
}

TEST_CASE("film: of a language the forced track is the last choice") {
    CHECK(chosen(film(), Kind::subtitle, "deu") == 2);
    auto only_forced = film();
    only_forced.tracks[4].language = "fre";
    CHECK(chosen(only_forced, Kind::subtitle, "deu") == 1);
}

TEST_CASE("film: what is not there is said with what there is") {
    auto const complaint = [](Film const& film, Kind kind, std::string_view choice) {
        auto const track = chosen_track(film, kind, choice);
        REQUIRE_FALSE(track.has_value());
        CHECK(track.error().code == Errc::not_found);
        return track.error().context;
    };
    CHECK(complaint(film(), Kind::audio, "fre") ==
          "no audio track is \"fre\"; there are 1 (eng, \"Stereo\"), 2 (jpn)");
    for (auto const* const choice : {"0", "4", "99999999999999999999", "", "-1", "+1", "1 "})
        complaint(film(), Kind::subtitle, choice);
    CHECK(complaint(Film{}, Kind::subtitle, "ger") ==
          "there is no subtitle track, \"ger\" was asked for");
}

TEST_CASE("language: codes of two and three letters, both of the latter, and regions") {
    for (auto const* const german : {"de", "deu", "ger", "GER", "de-CH", "de_AT"})
        CHECK(is_same_language(german, "ger"));
    CHECK(is_same_language("tlh", "TLH")); // in no table
    CHECK_FALSE(is_same_language("en", "ger"));
    CHECK_FALSE(is_same_language("", ""));
    CHECK_FALSE(is_same_language("-CH", "de"));
    CHECK_FALSE(is_same_language("xx", "yy"));
}

} // namespace continuo::media::film_test
