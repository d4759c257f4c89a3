#include "http/pseudolive/assembly.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace assembly_test {

using namespace continuo;
using namespace continuo::pseudolive;
using namespace std::chrono_literals;

constexpr Ticks90k second{90'000};

InputTrack track(std::string id, std::vector<Ticks90k> const& extinfs,
                 std::vector<std::size_t> const& discontinuities = {}) {
    InputTrack made{.id = id,
                    .playlist = id + ".m3u8",
                    .label = "variant \"" + id + '"',
                    .version = 3,
                    .segments = {}};
    for (std::size_t i = 0; i < extinfs.size(); ++i) {
        hls::MediaSegment segment;
        segment.uri = id + '/' + std::to_string(i) + ".ts";
        segment.duration = extinfs[i];
        made.segments.push_back(segment);
    }
    for (auto const number : discontinuities)
        made.segments[number].discontinuity = true;
    return made;
}

Input input(std::vector<InputTrack> tracks) {
    Input made;
    made.tracks = std::move(tracks);
    hls::VariantStream variant;
    variant.uri = made.tracks.front().id;
    made.master.variants.push_back(variant);
    return made;
}

/// Nothing measured, each segment of 1000 bytes.
std::vector<TrackFacts> nothing_measured(Input const& of) {
    std::vector<TrackFacts> facts;
    for (auto const& each : of.tracks)
        facts.push_back({.measured = std::vector<std::optional<Ticks90k>>(each.segments.size()),
                         .sizes_bytes = std::vector<std::uint64_t>(each.segments.size(), 1000)});
    return facts;
}

std::string reason(std::vector<InputTrack> tracks) {
    auto const of = input(std::move(tracks));
    auto const asset = assembled(of, nothing_measured(of));
    return asset ? "taken" : asset.error().reason;
}

AssetPtr taken(std::vector<InputTrack> tracks) {
    auto const of = input(std::move(tracks));
    auto const asset = assembled(of, nothing_measured(of));
    REQUIRE_MESSAGE(asset.has_value(), (asset ? "" : asset.error().reason));
    return *asset;
}

TEST_CASE("assembly: what was measured counts, but EXTINF where both agree to a tick") {
    CHECK(settled(6 * second, std::nullopt) == 6 * second);
    CHECK(settled(6 * second, Ticks90k{0}) == 6 * second);
    CHECK(settled(6 * second, 6 * second + Ticks90k{1}) == 6 * second);
    CHECK(settled(6 * second, 6 * second - Ticks90k{1}) == 6 * second);
    CHECK(settled(6 * second, 6 * second + Ticks90k{2}) == 6 * second + Ticks90k{2});
    CHECK(settled(6 * second, 5 * second) == 5 * second);
    CHECK(settled(6 * second, 2h) == 6 * second); // timestamps that jump
}

TEST_CASE("assembly: segments get their durations, the lap their sum, the asset the longest") {
    auto const of = input({track("a", {6 * second, 6 * second, 4 * second})});
    auto facts = nothing_measured(of);
    facts[0].measured[1] = Ticks90k{537'300}; // 5.97 s
    facts[0].measured[2] = Ticks90k{0};
    auto const asset = *assembled(of, facts);
    CHECK(asset->tracks[0].segments[1].duration == Ticks90k{537'300});
    CHECK(asset->tracks[0].lap->length() == Ticks90k{540'000 + 537'300 + 360'000});
    CHECK(asset->target_duration == 6s);
    CHECK(asset->by_extinf == 1);
    CHECK(asset->files == std::vector<std::string>{"a/0.ts", "a/1.ts", "a/2.ts"});
}

TEST_CASE("assembly: a lone playlist's variant has the bandwidth of its files") {
    auto const asset = taken({track("a", {1 * second, 2 * second})});
    CHECK(asset->master.variants[0].bandwidth_bps == 8001);
    CHECK(asset->master.variants[0].average_bandwidth_bps == 5334);
}

TEST_CASE("assembly: equal counts go by index while they differ by half a segment at most") {
    auto const asset = taken(
        {track("a", {4 * second, 4 * second}), track("b", {6 * second, 2 * second + Ticks90k{1}})});
    CHECK(asset->tracks[1].begun_by.empty());
    CHECK(reason({track("a", {4 * second, 4 * second, 4 * second}),
                  track("b", {4 * second, 6 * second + Ticks90k{9000}, 4 * second})}) ==
          "segment 1 (b/1.ts) of variant \"b\" ends at 10.100 s, that of variant \"a\" at 8.000 s: "
          "2.100 s apart, more than half a segment (2.000 s)");
    CHECK(reason({track("a", {4 * second, 4 * second}), track("b", {4 * second, 7 * second})}) ==
          "segment 1 (b/1.ts) of variant \"b\" ends at 11.000 s, that of variant \"a\" at 8.000 s: "
          "3.000 s apart, more than half a segment (2.000 s)");
}

TEST_CASE("assembly: other counts go by time, and both have to end together") {
    auto const asset = taken(
        {track("a", {6 * second, 6 * second}), track("b", {4 * second, 4 * second, 4 * second})});
    CHECK(asset->tracks[1].begun_by == std::vector<std::size_t>{0, 2, 3});
    CHECK(reason({track("a", {6 * second, 6 * second, 6 * second}),
                  track("b", {6 * second, 6 * second})}) ==
          "variant \"b\" lasts 12.000 s in 2 segments, variant \"a\" 18.000 s in 3: 6.000 s apart, "
          "more than half a segment (3.000 s)");
}

TEST_CASE("assembly: sound that is cut a frame early begins with the next segment all the same") {
    Ticks90k const frame{1920};
    auto const asset =
        taken({track("a", {6 * second, 6 * second, 6 * second}),
               track("b", {6 * second - frame, 6 * second, 3 * second, 3 * second + frame})});
    CHECK(asset->tracks[1].begun_by == std::vector<std::size_t>{0, 1, 2, 4});
}

TEST_CASE("assembly: what begins when the reference has ended is left out") {
    Ticks90k const frame{1920};
    auto const long_by_a_frame = [&](std::vector<std::size_t> const& discontinuities = {}) {
        return track("b", {6 * second + frame, 6 * second, frame}, discontinuities);
    };
    auto const asset = taken({track("a", {6 * second, 6 * second}), long_by_a_frame()});
    CHECK(asset->tracks[1].segments.size() == 2);
    CHECK(asset->tracks[1].lap->length() == 12 * second + frame);
    CHECK(asset->tracks[1].begun_by == std::vector<std::size_t>{0, 1, 2});
    CHECK(std::ranges::count(asset->files, "b/2.ts") == 0);
    // As many segments, but others.
    auto const equal =
        taken({track("a", {6 * second, 5 * second, second}), long_by_a_frame()})->tracks[1];
    CHECK(equal.segments.size() == 2);
    CHECK(equal.begun_by == std::vector<std::size_t>{0, 1, 2, 2});
    // It begins within the last millisecond: dates are cut to these.
    auto const late = track("b", {12 * second - Ticks90k{89}, frame});
    CHECK(taken({track("a", {12 * second}), late})->tracks[1].segments.size() == 1);
    auto const early = track("b", {12 * second - Ticks90k{90}, frame});
    CHECK(taken({track("a", {12 * second}), early})->tracks[1].segments.size() == 2);
    // Its discontinuity counts.
    CHECK(taken({track("a", {6 * second, 6 * second - frame, frame}, {2}), long_by_a_frame({2})})
              ->tracks[1]
              .segments.size() == 3);
}

TEST_CASE("assembly: discontinuities have to be the same in all tracks") {
    auto const two = std::vector{4 * second, 4 * second, 4 * second, 4 * second};
    (void)taken({track("a", two, {2}), track("b", two, {2})});
    CHECK(reason({track("a", two, {2}), track("b", two)}) ==
          "segment 2 is a discontinuity in variant \"a\" only");
    CHECK(reason({track("a", two, {2}), track("b", two, {1, 2})}) ==
          "segment 1 is a discontinuity in variant \"b\" only");
    auto const halves = std::vector<Ticks90k>(8, 2 * second);
    auto const asset = taken({track("a", two, {2}), track("b", halves, {4})});
    CHECK(asset->tracks[1].begun_by == std::vector<std::size_t>{0, 2, 4, 6, 8});
    CHECK(reason({track("a", two, {2}), track("b", halves, {2, 4})}) ==
          "variant \"b\" has 2 discontinuities, variant \"a\" 1");
    CHECK(reason({track("a", two, {2}), track("b", halves, {6})}) ==
          "the discontinuity at segment 6 of variant \"b\" is at 12.000 s, that at segment 2 of "
          "variant \"a\" at 8.000 s: 4.000 s apart, more than half a segment (2.000 s)");
}

TEST_CASE("assembly: a list that begins at a discontinuity does so in all tracks") {
    // Sound reaches its discontinuity half a second later; it must be neither before nor behind.
    auto const asset =
        taken({track("a", {4 * second, 4 * second, 4 * second}, {1}),
               track("b", {Ticks90k{405'000}, 3 * second, 2 * second, Ticks90k{225'000}}, {1})});
    CHECK(asset->tracks[1].begun_by[1] == 1);
}

TEST_CASE("assembly: subtitles may end when they like, and need no discontinuities") {
    auto text = track("s", {30 * second});
    text.is_text = true;
    auto const asset =
        taken({track("a", {4 * second, 4 * second, 4 * second}, {1}), std::move(text)});
    CHECK(asset->tracks[1].begun_by == std::vector<std::size_t>{0, 1, 1, 1});
    CHECK(asset->target_duration == 30s);
}

TEST_CASE("assembly: a segment without a duration is storage::refused") {
    CHECK(reason({track("a", {4 * second, Ticks90k{0}})}) ==
          "variant \"a\": segment 1 (a/1.ts) has no duration");
}

TEST_CASE("assembly: the fingerprint follows what the reference lists, and when") {
    auto const same = std::vector{4 * second, 4 * second};
    auto const print = [&](std::vector<Ticks90k> const& extinfs,
                           std::vector<std::size_t> const& discontinuities = {}) {
        return taken({track("a", extinfs, discontinuities)})->fingerprint;
    };
    CHECK(print(same) == print(same));
    CHECK(print(same) != print({4 * second, 5 * second}));
    CHECK(print(same) != print(same, {1}));
    CHECK(print(same) == taken({track("a", same), track("b", same)})->fingerprint);
    auto const others = track("b", std::vector<Ticks90k>(4, 2 * second)); // numbers of its own
    CHECK(print(same) != taken({track("a", same), others})->fingerprint);
}

} // namespace assembly_test
