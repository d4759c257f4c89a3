#include "core/contract/channel_snapshot.hpp"

#include <doctest/doctest.h>

namespace channel_snapshot_test {

using namespace continuo;
using namespace continuo::contract;
using namespace std::chrono_literals;

/// `count` segments of 4 s from number 100 on, complete in both variants.
ChannelSnapshot sample(std::size_t count, unsigned window = 5) {
    ChannelSnapshot snapshot{.channel = "demo",
                             .target_duration = 6s,
                             .window = window,
                             .discontinuity_sequence = 7,
                             .ended = false,
                             .variants = {{.name = "source",
                                           .bandwidth_bps = 5'000'000,
                                           .average_bandwidth_bps = 4'000'000,
                                           .width = 1280,
                                           .height = 720,
                                           .frame_rate = 25,
                                           .codecs = "avc1.64001f,mp4a.40.2"},
                                          {.name = "360p",
                                           .bandwidth_bps = 0,
                                           .average_bandwidth_bps = 0,
                                           .width = 0,
                                           .height = 0,
                                           .frame_rate = 0,
                                           .codecs = ""}},
                             .segments = {},
                             .state = {.state = "on air",
                                       .source = "clip.mp4",
                                       .note = "",
                                       .since = WallTime{1'700'000'000'000'000us}}};
    for (std::size_t i = 0; i < count; ++i)
        snapshot.segments.push_back({.number = 100 + i,
                                     .start = Ticks90k{360'000 * static_cast<std::int64_t>(i)},
                                     .duration = Ticks90k{360'000},
                                     .date = WallTime{1'700'000'000s + 4s * i},
                                     .discontinuity = false,
                                     .run = "r",
                                     .files = {"source/r/000000.ts", "360p/r/000000.ts"}});
    return snapshot;
}

TEST_CASE("snapshot: what is written is read back") {
    auto snapshot = sample(3);
    snapshot.segments[1].discontinuity = true;
    snapshot.segments[2].files[1].clear();
    snapshot.variants[0].independent_segments = false;
    snapshot.state.playhead = PlayheadState{.head = "https://host/b.m3u8",
                                            .name = "B",
                                            .api_connected = true,
                                            .switches = 1,
                                            .failures = 1,
                                            .latest = {{.url = "https://host/b.m3u8",
                                                        .name = "B",
                                                        .asked = WallTime{1'700'000'000'000'000us},
                                                        .took = 1900ms,
                                                        .outcome = Switch::Outcome::done},
                                                       {.url = "https://host/a.m3u8",
                                                        .name = "",
                                                        .asked = WallTime{1'700'000'000s},
                                                        .took = std::nullopt,
                                                        .outcome = Switch::Outcome::failed}}};
    snapshot.state.icecast = "connected";
    snapshot.state.breaks = {{.event_id = 8,
                              .first_number = 102,
                              .start = WallTime{1'700'000'008s},
                              .planned = Ticks90k{30s}},
                             {.event_id = 7,
                              .first_number = 90,
                              .start = WallTime{1'700'000'000s},
                              .planned = std::nullopt,
                              .end = WallTime{1'700'000'004s}}};
    CHECK(parse_channel_snapshot(encode(snapshot)).value() == snapshot);
}

TEST_CASE("snapshot: a state that is no UTF-8 is written all the same") {
    auto snapshot = sample(1);
    snapshot.state.note = "404 \xff";
    CHECK(parse_channel_snapshot(encode(snapshot))->state.note == "404 \uFFFD");
}

TEST_CASE("snapshot: renditions are read back") {
    auto snapshot = sample(1);
    snapshot.variants[0].audio_group = "sound";
    snapshot.variants[1].rendition = hls::Rendition{.type = "AUDIO",
                                                    .group_id = "sound",
                                                    .name = "English",
                                                    .uri = std::nullopt,
                                                    .language = "en",
                                                    .instream_id = {},
                                                    .characteristics = {},
                                                    .channels = "2",
                                                    .is_default = true,
                                                    .autoselect = true};
    CHECK(parse_channel_snapshot(encode(snapshot)).value() == snapshot);
}

TEST_CASE("snapshot: breaks, and how they are written, are read back") {
    auto snapshot = sample(3);
    snapshot.cue_styles = {hls::CueStyle::x_daterange, hls::CueStyle::x_cue};
    snapshot.interstitial_uri = "https://ads.example/{event_id}.m3u8";
    timeline::BreakMark mark{.kind = timeline::BreakMark::Kind::out,
                             .out = {.kind = timeline::Cue::Kind::out,
                                     .event_id = 7,
                                     .time = Ticks90k{1},
                                     .planned = Ticks90k{900'000},
                                     .auto_return = true,
                                     .section = "/DAh"},
                             .first_number = 101,
                             .elapsed = {},
                             .start_date = WallTime{1'700'000'004s}};
    snapshot.segments[1].breaks = {mark};
    mark.kind = timeline::BreakMark::Kind::in;
    mark.in = timeline::Cue{.kind = timeline::Cue::Kind::in, .event_id = 7, .section = "/DAg"};
    mark.elapsed = Ticks90k{360'000};
    mark.end_date = WallTime{1'700'000'008s};
    snapshot.segments[2].breaks = {mark};
    CHECK(parse_channel_snapshot(encode(snapshot)).value() == snapshot);
}

TEST_CASE("snapshot: one of a daemon that said nothing of keyframes is read") {
    auto const snapshot = sample(1);
    auto text = encode(snapshot);
    constexpr std::string_view key = R"("independent_segments":true,)";
    for (auto at = text.find(key); at != std::string::npos; at = text.find(key))
        text.erase(at, key.size());
    CHECK(parse_channel_snapshot(text).value() == snapshot);
}

TEST_CASE("snapshot: every truncation is an error") {
    auto const text = encode(sample(2));
    for (std::size_t size = 0; size < text.size(); ++size)
        CHECK(!parse_channel_snapshot(std::string_view(text).substr(0, size)));
}

TEST_CASE("snapshot: another version, or a timeline with a hole in its numbers, is refused") {
    auto text = encode(sample(1));
    text.replace(text.find(R"("version":1)"), 11, R"("version":2)");
    CHECK(parse_channel_snapshot(text).error().code == Errc::unsupported);
    auto snapshot = sample(3);
    snapshot.segments[2].number = 104;
    CHECK(parse_channel_snapshot(encode(snapshot)).error().code == Errc::malformed);
}

TEST_CASE("window: the newest segments, as many as asked for and three target durations at least") {
    CHECK(window_of(sample(20, 6), 0) ==
          Window{.first = 14, .last = 20, .discontinuity_sequence = 7});
    // 3 x 6 s need five segments of 4 s
    CHECK(window_of(sample(20, 3), 0) ==
          Window{.first = 15, .last = 20, .discontinuity_sequence = 7});
    CHECK(window_of(sample(2, 5), 0) == Window{.first = 0, .last = 2, .discontinuity_sequence = 7});
    CHECK(window_of(sample(0), 0) == Window{.first = 0, .last = 0, .discontinuity_sequence = 7});
}

TEST_CASE(
    "window: a variant that lags ends at its newest own segment, and its start moves with it") {
    auto snapshot = sample(20, 6);
    snapshot.segments[19].files[1].clear();
    CHECK(window_of(snapshot, 1) == Window{.first = 13, .last = 19, .discontinuity_sequence = 7});
}

TEST_CASE("window: the discontinuity sequence counts the tags before its first segment only") {
    auto snapshot = sample(20, 6);
    snapshot.segments[3].discontinuity = true;
    snapshot.segments[14].discontinuity = true;
    CHECK(window_of(snapshot, 0).discontinuity_sequence == 8);
    snapshot.segments[19].files[1].clear();
    CHECK(window_of(snapshot, 1).discontinuity_sequence == 8);
}

} // namespace channel_snapshot_test
