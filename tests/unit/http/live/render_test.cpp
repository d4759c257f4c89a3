#include "http/live/render.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/sample_snapshot.hpp"

#include <doctest/doctest.h>

namespace render_test {

using namespace continuo;
using test::golden;
using test::sample_snapshot;
using namespace std::chrono_literals;

TEST_CASE("render: the playlist of a variant, word for word") {
    auto snapshot = sample_snapshot(8);
    snapshot.segments[1].discontinuity = true; // has left the list
    snapshot.segments[5].discontinuity = true;
    snapshot.segments[6].duration = Ticks90k{172'801};
    snapshot.segments[7].date += 1920ms + 11us - 4s;
    auto const text = hls::to_text(live::media_playlist(snapshot, 1).value());
    CHECK(text == golden("http/media_playlist.m3u8", text));
}

TEST_CASE("render: the master, word for word") {
    auto const text = hls::to_text(live::multivariant_playlist(sample_snapshot(8)).value());
    CHECK(text == golden("http/master.m3u8", text));
}

TEST_CASE("render: a list ends at the variant's own newest segment") {
    auto snapshot = sample_snapshot(8);
    snapshot.segments[7].files[1].clear();
    CHECK(live::media_playlist(snapshot, 0).value().segments.size() == 5);
    auto const behind = live::media_playlist(snapshot, 1).value();
    CHECK(behind.segments.size() == 5);
    CHECK(behind.media_sequence == 102);
    CHECK(behind.segments.back().uri == "18c2f3a9b01-000006.ts");
}

TEST_CASE("render: a segment taken over from a sibling is listed under the sibling's URL") {
    auto snapshot = sample_snapshot(8);
    snapshot.segments[6].files[1] = snapshot.segments[6].files[0];
    auto const playlist = live::media_playlist(snapshot, 1).value();
    CHECK(playlist.segments[3].uri == "../source/18c2f3a9b01-000006.ts");
    CHECK(!playlist.segments[3].discontinuity);
}

TEST_CASE(
    "render: a discontinuity on the first listed segment is a tag and not yet in the sequence") {
    auto snapshot = sample_snapshot(8);
    snapshot.segments[3].discontinuity = true;
    auto const playlist = live::media_playlist(snapshot, 0).value();
    CHECK(playlist.media_sequence == 103);
    CHECK(playlist.discontinuity_sequence == 7);
    CHECK(playlist.segments.front().discontinuity);
    snapshot = sample_snapshot(8);
    snapshot.segments[2].discontinuity = true;
    CHECK(live::media_playlist(snapshot, 0).value().discontinuity_sequence == 8);
}

TEST_CASE("render: every segment has its date, and the end of a channel is said") {
    auto snapshot = sample_snapshot(8);
    snapshot.ended = true;
    auto const playlist = live::media_playlist(snapshot, 0).value();
    CHECK(playlist.ended);
    for (std::size_t i = 0; i < playlist.segments.size(); ++i)
        CHECK(playlist.segments[i].program_date_time == snapshot.segments[3 + i].date);
}

TEST_CASE("render: nothing without a segment, and nothing for a path without a URL") {
    CHECK(!live::media_playlist(sample_snapshot(0), 0));
    auto snapshot = sample_snapshot(3);
    for (auto& segment : snapshot.segments)
        segment.files[1].clear();
    CHECK(!live::media_playlist(snapshot, 1));
    snapshot = sample_snapshot(3);
    snapshot.segments[1].files[0] = "../../etc/passwd";
    CHECK(!live::media_playlist(snapshot, 0));
}

TEST_CASE("render: the master waits for the ladder, but not for ever") {
    auto snapshot = sample_snapshot(2);
    snapshot.variants[1] = {.name = "360p", .codecs = ""};
    CHECK(!live::multivariant_playlist(snapshot));
    snapshot = sample_snapshot(3);
    snapshot.variants[1] = {.name = "360p", .codecs = ""};
    auto const playlist = live::multivariant_playlist(snapshot).value();
    CHECK(playlist.variants.size() == 1);
    CHECK(playlist.variants[0].uri == "source/index.m3u8");
    CHECK(live::multivariant_playlist(sample_snapshot(1)).has_value());
    snapshot.variants[0].bandwidth_bps = 0;
    CHECK(!live::multivariant_playlist(snapshot));
}

TEST_CASE("render: the master promises keyframes while every variant has kept to it") {
    auto snapshot = sample_snapshot(8);
    CHECK(live::multivariant_playlist(snapshot)->independent_segments);
    snapshot.variants[1].independent_segments = false;
    CHECK_FALSE(live::multivariant_playlist(snapshot)->independent_segments);
}

TEST_CASE("render: a variant is announced with the rendition that it may be played with") {
    auto snapshot = sample_snapshot(8);
    auto& variants = snapshot.variants;
    variants[0].audio_group = "sound";
    variants[1].codecs = "mp4a.40.2";
    variants[1].rendition.emplace().type = "AUDIO";
    variants[1].rendition->group_id = "sound";
    variants[1].rendition->name = "English";
    auto const master = live::multivariant_playlist(snapshot).value();
    REQUIRE(master.variants.size() == 1);
    REQUIRE(master.renditions.size() == 1);
    CHECK(master.renditions[0].uri == variants[1].name + "/index.m3u8");
    CHECK(master.variants[0].audio == "sound");
    CHECK(master.variants[0].bandwidth_bps >=
          variants[0].bandwidth_bps + variants[1].bandwidth_bps);
    CHECK(master.variants[0].codecs.find("mp4a.40.2") != std::string::npos);
}

TEST_CASE(
    "render: subtitles beside the pictures are offered, and chosen by nobody but the viewer") {
    auto snapshot = sample_snapshot(8);
    auto& text = snapshot.variants[1];
    text.name = "text1";
    text.codecs = "wvtt";
    auto& rendition = text.rendition.emplace();
    rendition.type = "SUBTITLES";
    rendition.group_id = "texts";
    rendition.name = "German";
    auto const master = live::multivariant_playlist(snapshot).value();
    REQUIRE(master.variants.size() == 1);
    REQUIRE(master.renditions.size() == 1);
    CHECK(master.variants[0].subtitles == "texts");
    CHECK(master.variants[0].audio.empty());
    CHECK(master.renditions[0].uri == "text1/index.m3u8");
    CHECK_FALSE(master.renditions[0].is_default);
    CHECK_FALSE(master.renditions[0].autoselect);
    for (auto& segment : snapshot.segments)
        segment.files[1] = "text1/18c2f3a9b01/000001.vtt";
    auto const list = live::media_playlist(snapshot, 1).value();
    CHECK(list.segments.front().uri == "18c2f3a9b01-000001.vtt");
}

TEST_CASE("render: the declared peak leaves room for what a live source has not shown yet") {
    auto snapshot = sample_snapshot(1);
    snapshot.variants[0].bandwidth_bps = 2'000'000;
    CHECK(live::multivariant_playlist(snapshot)->variants[0].bandwidth_bps == 2'200'000);
}

TEST_CASE("render: others may keep a segment for longer than the list and its own duration") {
    auto snapshot = sample_snapshot(3);
    CHECK(live::segment_lifetime(snapshot) == 36s);
    snapshot.window = 1; // the list never gets shorter than three target durations
    CHECK(live::segment_lifetime(snapshot) == 24s);
}

TEST_CASE("render: breaks are told alike in every variant, the date range again at the head") {
    using timeline::BreakMark;
    auto snapshot = sample_snapshot(8);
    snapshot.cue_styles = {hls::CueStyle::x_cue, hls::CueStyle::x_daterange};
    BreakMark mark{.kind = BreakMark::Kind::out,
                   .out = {.event_id = 9, .planned = Ticks90k{20s}, .section = "/DAl"},
                   .first_number = 102,
                   .start_date = snapshot.segments[2].date};
    snapshot.segments[2].breaks = {mark}; // has left the list
    for (std::size_t index = 3; index < 6; ++index) {
        mark.kind = BreakMark::Kind::cont;
        mark.elapsed = Ticks90k{4s} * static_cast<int>(index - 2);
        snapshot.segments[index].breaks = {mark};
    }
    mark.kind = BreakMark::Kind::in;
    mark.end_date = snapshot.segments[6].date;
    snapshot.segments[6].breaks = {mark};
    for (std::size_t variant = 0; variant < 2; ++variant) {
        auto const text = hls::to_text(live::media_playlist(snapshot, variant).value());
        CHECK(text == golden("http/media_playlist_break.m3u8", text));
    }
}

} // namespace render_test
