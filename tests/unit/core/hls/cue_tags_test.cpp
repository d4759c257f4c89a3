#include "core/hls/cue_tags.hpp"
#include "core/hls/media_playlist.hpp"
#include "tests/support/golden.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cue_tags_test {

using namespace continuo;
using namespace continuo::hls;
using namespace std::chrono_literals;
using timeline::BreakMark;
using timeline::Breaks;
using timeline::Cue;
using Lines = std::vector<std::string>;

constexpr auto out_section = "/DAlAAAAAAAAAP/wFAUAAAABf+/+Bp9rxv4AKTLgAAEAAAAAhzvmvQ==";
constexpr auto in_section = "/DAgAAAAAAAAAP/wDwUAAAABf0/+BsiepgABAAAAAPh51T0=";
constexpr auto all_styles = {CueStyle::x_cue, CueStyle::x_scte35, CueStyle::x_daterange,
                             CueStyle::x_splicepoint};

/// A break of 10 s that the source's cues begin at 11.4 s and, if `returns`, end at 21.4 s; in
/// segments of some 2 s, the first of which begins at 1.42 s.
std::vector<std::vector<BreakMark>> marks_of_sample(bool returns) {
    Cue const out{.kind = Cue::Kind::out,
                  .event_id = 1,
                  .time = Ticks90k{1'026'000},
                  .planned = Ticks90k{10s},
                  .auto_return = !returns,
                  .section = out_section};
    Cue const in{
        .kind = Cue::Kind::in, .event_id = 1, .time = Ticks90k{1'926'000}, .section = in_section};
    Breaks breaks;
    std::vector<std::vector<BreakMark>> marks;
    for (int index = 0; index < 12; ++index) {
        std::vector<Cue> cues;
        if (index == 5) cues = {out};
        if (index == 10 && returns) cues = {in};
        marks.push_back(breaks.next({.number = 100 + static_cast<std::uint64_t>(index),
                                     .start = Ticks90k{127'920 + index * 180'000},
                                     .duration = Ticks90k{180'000},
                                     .date = timeline::WallTime{1'700'000'000s + index * 2s},
                                     .cues = cues}));
    }
    return marks;
}

std::string playlist_of(std::vector<std::vector<BreakMark>> const& marks, CueTags const& tags,
                        std::size_t first) {
    MediaPlaylist playlist;
    playlist.target_duration = 3s;
    playlist.media_sequence = 100 + first;
    for (auto index = first; index < marks.size(); ++index) {
        MediaSegment segment;
        segment.uri = "seg" + std::to_string(index) + ".ts";
        segment.duration = 2s;
        segment.program_date_time = WallTime{1'700'000'000s + 2s * index};
        segment.extra_tags =
            index == first ? tags.first_lines(marks[index]) : tags.lines(marks[index]);
        playlist.segments.push_back(segment);
    }
    return to_text(playlist);
}

BreakMark open_break() {
    return {.kind = BreakMark::Kind::out,
            .out = {.kind = Cue::Kind::out, .event_id = 7, .section = out_section},
            .first_number = 42,
            .start_date = timeline::WallTime{1'700'000'000s + 999'900us}};
}

TEST_CASE("each style announces a break from its OUT to its IN") {
    auto const marks = marks_of_sample(/*returns=*/true);
    for (auto const style : all_styles) {
        auto const name = "cues/" + std::string(to_text(style)) + ".m3u8";
        auto const text = playlist_of(marks, {.styles = {style}}, 4);
        CHECK(text == test::golden(name, text));
    }
}

TEST_CASE("several styles stand beside each other, also where a break returns by itself") {
    auto const marks = marks_of_sample(/*returns=*/false);
    CueTags const tags{.styles = all_styles,
                       .interstitial_uri = "https://ads/{event_id}.m3u8?s={duration}"};
    auto const text = playlist_of(marks, tags, 4);
    CHECK(text == test::golden("cues/all_auto_return.m3u8", text));
}

TEST_CASE("a list that begins inside of a break tells its date range again") {
    auto const marks = marks_of_sample(/*returns=*/true);
    CueTags const tags{.styles = {CueStyle::x_cue, CueStyle::x_daterange},
                       .interstitial_uri = "https://ads/{event_id}.m3u8"};
    auto const text = playlist_of(marks, tags, 7);
    CHECK(text == test::golden("cues/begins_inside.m3u8", text));
    CHECK(tags.first_lines(marks[4]).empty());
    CHECK(tags.first_lines(marks[5]) == tags.lines(marks[5])); // once, where it begins
    CHECK(tags.first_lines(marks[10]) == tags.lines(marks[10]));
}

TEST_CASE("one break behind another is told after its end") {
    auto closed = open_break();
    closed.kind = BreakMark::Kind::in;
    closed.end_date = closed.start_date + 2s;
    auto const next = open_break();
    CHECK(CueTags{.styles = {CueStyle::x_cue}}.lines(std::vector{closed, next}) ==
          Lines{"#EXT-X-CUE-IN", "#EXT-X-CUE-OUT"});
}

TEST_CASE("a break of unknown length has no duration in its tags") {
    auto mark = open_break();
    CueTags const tags{.styles = all_styles, .interstitial_uri = "https://ads/{duration}"};
    CHECK(tags.lines(std::vector{mark}) ==
          Lines{"#EXT-X-CUE-OUT",
                "#EXT-X-SCTE35:CUE=\"" + std::string(out_section) + "\",CUE-OUT=YES",
                "#EXT-X-DATERANGE:ID=\"7-42\",START-DATE=\"2023-11-14T22:13:20.999Z\","
                "SCTE35-OUT=0xFC302500000000000000FFF01405000000017FEFFE069F6BC6FE002932E00001"
                "00000000873BE6BD",
                "#EXT-X-SPLICEPOINT-SCTE35:" + std::string(out_section),
                "#EXT-X-DATERANGE:ID=\"7-42-ad\",CLASS=\"com.apple.hls.interstitial\","
                "START-DATE=\"2023-11-14T22:13:20.999Z\",X-ASSET-URI=\"https://ads/0\""});
    mark.kind = BreakMark::Kind::cont;
    mark.elapsed = Ticks90k{181'920};
    CHECK(CueTags{.styles = {CueStyle::x_cue}}.lines(std::vector{mark}) ==
          Lines{"#EXT-X-CUE-OUT-CONT:2.021333"});
}

TEST_CASE("an END-DATE is its START-DATE plus the DURATION as they are written") {
    auto mark = open_break();
    mark.kind = BreakMark::Kind::in;
    mark.end_date = mark.start_date + 1500ms + 200us; // the cut dates are 1501 ms apart
    CHECK(CueTags{.styles = {CueStyle::x_daterange}}.lines(std::vector{mark}) ==
          Lines{"#EXT-X-DATERANGE:ID=\"7-42\",START-DATE=\"2023-11-14T22:13:20.999Z\","
                "END-DATE=\"2023-11-14T22:13:22.500Z\",DURATION=1.501"});
    mark.end_date = mark.start_date - 1s; // a source whose dates were brought forward
    CHECK(CueTags{.styles = {CueStyle::x_daterange}}.lines(std::vector{mark}) ==
          Lines{"#EXT-X-DATERANGE:ID=\"7-42\",START-DATE=\"2023-11-14T22:13:20.999Z\","
                "END-DATE=\"2023-11-14T22:13:20.999Z\",DURATION=0.0"});
}

TEST_CASE("planned lengths are written as short as they can be") {
    auto mark = open_break();
    auto const line_of = [&](Ticks90k planned) {
        mark.out.planned = planned;
        return CueTags{.styles = {CueStyle::x_cue}}.lines(std::vector{mark}).at(0);
    };
    CHECK(line_of(Ticks90k{10s}) == "#EXT-X-CUE-OUT:10.0");
    CHECK(line_of(Ticks90k{13'400ms}) == "#EXT-X-CUE-OUT:13.4");
    CHECK(line_of(Ticks90k{1}) == "#EXT-X-CUE-OUT:0.000011");
    CHECK(line_of(Ticks90k{0}) == "#EXT-X-CUE-OUT:0.0");
}

TEST_CASE("outside of breaks nothing is written, nor without a style") {
    CHECK(CueTags{.styles = all_styles, .interstitial_uri = "https://ads"}.lines({}).empty());
    CHECK(CueTags{.styles = {}}.lines(std::vector{open_break()}).empty());
}

TEST_CASE("the names of styles are those that operators write") {
    for (auto const style : all_styles)
        CHECK(cue_style_of(to_text(style)) == style);
    for (auto const* const name : {"", "x_cue ", "X_CUE", "x_scte"})
        CHECK_FALSE(cue_style_of(name));
}

} // namespace cue_tags_test
