#include "core/mp4/media_time.hpp"
#include "core/mp4/movie.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace movie_test {

using namespace continuo;
using namespace test::fmp4;

TestTrack sound() {
    TestTrack track;
    track.id = 2;
    track.timescale = 48'000;
    track.handler = "soun";
    track.edits = {{.duration = 0, .media_time = 1024}};
    track.default_duration = 1024;
    track.default_flags = sync_flags;
    return track;
}

std::int64_t shift_of(std::vector<TestEdit> edits, std::uint8_t version = 1) {
    TestTrack track;
    track.edits = std::move(edits);
    track.version = version;
    auto const movie = mp4::parse_movie(init_of({track})).value();
    return presentation_shift(movie, movie.tracks.front());
}

TEST_CASE("movie: tracks with their clocks, kinds, codecs and defaults") {
    auto const movie = mp4::parse_movie(init_of({TestTrack(), sound()})).value();
    CHECK(movie.timescale == 1000);
    REQUIRE(movie.tracks.size() == 2);
    auto const& video = movie.tracks[0];
    CHECK(video.id == 1);
    CHECK(video.timescale == 12'800);
    CHECK(video.handler == mp4::video_handler);
    CHECK(video.entry.codecs == "avc1.64001f");
    CHECK(video.entry.width == 1280);
    CHECK(video.entry.height == 720);
    CHECK(video.edits.empty());
    auto const& audio = movie.tracks[1];
    CHECK(audio.id == 2);
    CHECK(audio.handler == mp4::audio_handler);
    CHECK(audio.entry.codecs == "mp4a.40.2");
    CHECK(audio.entry.channels == 2);
    CHECK(audio.entry.sample_rate_hz == 48'000);
    CHECK(audio.defaults == mp4::SampleDefaults{.duration = 1024, .size = 0, .flags = sync_flags});
    CHECK(audio.edits == std::vector<mp4::Edit>{{.duration = 0, .media_time = 1024}});
    CHECK(movie.find(2) == &audio);
    CHECK(movie.find(3) == nullptr);
}

TEST_CASE("movie: boxes of version 1 say the same in more bits") {
    auto track = sound();
    track.version = 1;
    track.edits = {{.duration = std::uint64_t{1} << 40, .media_time = -1},
                   {.duration = 0, .media_time = std::int64_t{1} << 35}};
    auto const movie = mp4::parse_movie(init_of({track})).value();
    CHECK(movie.tracks[0].id == 2);
    CHECK(movie.tracks[0].timescale == 48'000);
    CHECK(movie.tracks[0].edits[0].duration == std::uint64_t{1} << 40);
    CHECK(movie.tracks[0].edits[1].media_time == std::int64_t{1} << 35);
}

TEST_CASE("movie: an edit list moves what is shown") {
    for (auto const version : {std::uint8_t{0}, std::uint8_t{1}}) {
        CHECK(shift_of({}, version) == 0);
        CHECK(shift_of({{.duration = 0, .media_time = 1024}}, version) == -1024);
        CHECK(shift_of({{.duration = 500, .media_time = -1}}, version) == 6'400);
        CHECK(shift_of({{.duration = 500, .media_time = -1}, {.duration = 0, .media_time = 512}},
                       version) == 6'400 - 512);
        CHECK(shift_of({{.duration = 0, .media_time = 512}, {.duration = 500, .media_time = -1}},
                       version) == -512); // what comes later is not in front
    }
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    CHECK(shift_of({{.duration = most, .media_time = -1}}) == 0);
    CHECK(shift_of({{.duration = 0, .media_time = std::numeric_limits<std::int64_t>::max()}}) == 0);
}

TEST_CASE("movie: what is missing is told") {
    auto const error = [](Bytes const& file) {
        auto const movie = mp4::parse_movie(file);
        return movie ? std::string() : to_text(movie.error());
    };
    auto const mvhd = full_box("mvhd", 0, 0, joined({Bytes(8, 0), number(1000, 4), Bytes(84, 0)}));
    CHECK(error(box("ftyp", Bytes(8, 0))) == "moov: not found");
    CHECK(error({}) == "moov: not found");
    CHECK(error(box("moov", {})) == "moov without mvhd at byte 0: malformed");
    CHECK(error(box("moov", full_box("mvhd", 0, 0, Bytes(96, 0)))) ==
          "timescale of mvhd at byte 8 is 0: malformed");
    CHECK(error(box("moov", joined({mvhd, box("trak", {})}))) ==
          "trak without tkhd at byte 116: malformed");
    auto const tkhd = full_box("tkhd", 0, 0, joined({Bytes(8, 0), number(1, 4), Bytes(68, 0)}));
    CHECK(error(box("moov", joined({mvhd, box("trak", tkhd)}))) ==
          "trak without mdhd at byte 116: malformed");
    CHECK(error(box("moov", full_box("mvhd", 0, 0, Bytes(3, 0)))) ==
          "mvhd of 15 bytes at byte 8: truncated");
}

TEST_CASE("movie: an edit list that claims more entries than it has is truncated") {
    auto file = init_of({sound()});
    std::string_view const text(reinterpret_cast<char const*>(file.data()), file.size());
    file[text.find("elst") + 8] = 0xFF; // its count
    CHECK(mp4::parse_movie(file).error().code == Errc::truncated);
}

TEST_CASE("movie: boxes nested without end are not followed") {
    constexpr std::size_t levels = 200'000; // more than a stack would take
    Bytes whole;
    for (std::size_t level = levels; level > 0; --level) {
        auto const head = joined({number(8 * level, 4), {'m', 'd', 'i', 'a'}});
        whole.insert(whole.end(), head.begin(), head.end());
    }
    auto const file = box("moov", box("trak", whole));
    CHECK_FALSE(mp4::parse_movie(file).has_value());
}

TEST_CASE("movie: no truncation is taken for the whole") {
    auto const file = init_of({TestTrack(), sound()});
    for (std::size_t size = 0; size < file.size(); ++size)
        CHECK_FALSE(mp4::parse_movie(std::span(file).first(size)).has_value());
}

TEST_CASE("media time: units become ticks, rounded to the nearest") {
    CHECK(mp4::ticks_of(12'800, 12'800) == Ticks90k(90'000));
    CHECK(mp4::ticks_of(1024, 48'000) == Ticks90k(1920));
    CHECK(mp4::ticks_of(1024, 44'100) == Ticks90k(2090)); // 2089.8
    CHECK(mp4::ticks_of(-1024, 44'100) == Ticks90k(-2090));
    CHECK(mp4::ticks_of(1, 180'000) == Ticks90k(1)); // a half goes up
    CHECK(mp4::ticks_of(-1, 180'000) == Ticks90k(0));
    CHECK(mp4::ticks_of(0, 1) == Ticks90k(0));
    CHECK(mp4::ticks_of(mp4::max_seconds, 1) == Ticks90k(mp4::max_seconds * 90'000));
    constexpr std::uint32_t fine = 4'294'967'295;
    CHECK(mp4::ticks_of(std::numeric_limits<std::int64_t>::max(), fine).count() > 0);
}

} // namespace movie_test
