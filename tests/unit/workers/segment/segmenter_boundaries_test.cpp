#include "tests/support/segmenter_run.hpp"
#include "tests/support/ts_builder.hpp"
#include "workers/segment/segmenter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

namespace segmenter_boundaries_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;
using contract::Boundary;
using contract::SegmentEnd;

Boundary const discontinuity{.kind = Boundary::Kind::discontinuity};
Boundary const end_of_input{.kind = Boundary::Kind::end};

std::vector<Boundary> with_end(std::vector<Boundary> lines) {
    lines.push_back(end_of_input);
    return lines;
}

Ticks90k sum_of(Run const& run) {
    auto const all = durations(run);
    return std::accumulate(all.begin(), all.end(), Ticks90k{});
}

std::vector<Ticks90k> starts(Run const& run) {
    std::vector<Ticks90k> all;
    for (auto const& line : run.segments)
        all.push_back(line.start);
    return all;
}

std::vector<Ticks90k> boundaries_of(Run const& run) {
    std::vector<Ticks90k> all;
    for (auto const& line : run.segments)
        all.push_back(line.boundary.value_or(Ticks90k(-1)));
    return all;
}

/// Sound alone: a PES packet each 40 ms.
Bytes sound_of(Ticks90k start, int packets) {
    TsBuilder builder;
    builder.tables(/*video_type=*/0);
    for (int i = 0; i < packets; ++i)
        builder.audio(start + i * Ticks90k(3600));
    return builder.take();
}

TEST_CASE("boundaries: leader and follower cut alike, whatever the source") {
    struct Row {
        char const* name;
        TestSource source;
        Ticks90k target_duration = 3 * second;
    };
    auto wrapping = TestSource{.pictures = 500};
    wrapping.start = clock_turn - 10 * second;
    Row const rows[] = {
        {"GOP 0.48 s", {.gop = 12, .pictures = 500}},
        {"GOP 1.92 s", {.gop = 48, .pictures = 500}},
        {"GOP 5 s", {.gop = 125, .pictures = 500}, 5 * second},
        {"29.97, B-frames", {.frame = Ticks90k(3003), .gop = 60, .pictures = 500, .b_frames = 2}},
        {"29.97, open GOP",
         {.frame = Ticks90k(3003),
          .gop = 60,
          .pictures = 500,
          .b_frames = 2,
          .is_open_gop = true,
          .mark = Mark::recovery_point}},
        {"over the wrap", wrapping},
    };
    for (auto const& row : rows) {
        CAPTURE(row.name);
        auto const stream = stream_of(row.source);
        auto const leader =
            run_by_boundaries(leader_rules(2 * second, row.target_duration), {stream});
        CHECK(starts(leader).size() > 3);
        CHECK(leader.boundaries.size() == leader.segments.size());
        CHECK(sum_of(leader) == row.source.frame * row.source.pictures);
        CHECK(leader.pictures == row.source.pictures);
        auto const told = with_end(leader.boundaries);
        for (std::size_t const chunk : {188U, 1000U, 65536U}) {
            auto const follower =
                run_by_boundaries(follower_rules(0, row.target_duration), {stream}, told, chunk);
            CHECK(starts(follower) == starts(leader));
            CHECK(boundaries_of(follower) == starts(leader));
            CHECK(durations(follower) == durations(leader));
            CHECK(follower.files == leader.files);
            CHECK(follower.boundaries.empty());
            CHECK(follower.segments.back().end == SegmentEnd::input);
        }
    }
}

TEST_CASE("boundaries: a follower waits in front of a picture of which nothing is told") {
    auto const stream = stream_of({.gop = 48, .pictures = 480});
    Segmenter follower(follower_rules());
    Output output;
    follower.feed(stream, output);
    CHECK(follower.is_waiting());
    CHECK(output.bytes.empty());
    follower.add_boundary({.pts = Ticks90k(127'920)});
    follower.feed({}, output);
    CHECK(follower.is_waiting());
    REQUIRE(std::holds_alternative<SegmentOpened>(output.events.at(0).what));
    auto const size = output.bytes.size();
    follower.add_boundary({.pts = Ticks90k(300'720)});
    follower.feed({}, output);
    CHECK(output.bytes.size() > size);
    auto const is_closed = [](Event const& event) {
        return std::holds_alternative<SegmentClosed>(event.what);
    };
    CHECK(std::ranges::count_if(output.events, is_closed) == 1); // as soon as the next is told
    follower.add_boundary(end_of_input);
    follower.feed({}, output);
    CHECK_FALSE(follower.is_waiting());
}

TEST_CASE("boundaries: cues come with the lines, and only with them") {
    auto const stream = stream_of({.gop = 48, .pictures = 240});
    timeline::Cue const cue{.event_id = 7, .time = Ticks90k(290'000), .section = "/DA="};
    auto const leads = run_by_boundaries(leader_rules(), {stream});
    auto told = with_end(leads.boundaries);
    told[1].cues = {cue};
    auto const follower = run_by_boundaries(follower_rules(), {stream}, told);
    CHECK(follower.segments[0].cues.empty());
    CHECK(follower.segments[0].end == SegmentEnd::cut);
    CHECK(follower.segments[1].cues == std::vector{cue});
    CHECK(follower.segments[2].cues.empty());
}

TEST_CASE("boundaries: sound alone begins with its first frame at or after each boundary") {
    std::vector<Boundary> const told{{.pts = Ticks90k(90'000)},
                                     {.pts = Ticks90k(270'001)},
                                     {.pts = Ticks90k(450'000)},
                                     end_of_input};
    auto const run = run_by_boundaries(follower_rules(), {sound_of(Ticks90k(90'000), 150)}, told);
    CHECK(starts(run) == std::vector{Ticks90k(90'000), Ticks90k(273'600), Ticks90k(450'000)});
    CHECK(sum_of(run) == 149 * Ticks90k(3600) + Ticks90k(1920));
    for (auto const& line : run.segments) {
        CHECK(line.keyframe);
        CHECK(line.audio_codecs == "mp4a.40.2");
        CHECK(line.video == contract::VideoFacts{});
    }
    for (auto const& file : run.files) {
        auto const pids = pids_of(file);
        CHECK(pids[0] == mpegts::pat_pid);
        CHECK(pids[1] == TsBuilder::pmt_pid);
        CHECK(pids[2] == TsBuilder::audio_pid);
    }
}

TEST_CASE("boundaries: sound alone can lead as well") {
    auto const run = run_by_boundaries(leader_rules(), {sound_of(Ticks90k(90'000), 250)});
    CHECK(run.segments.size() >= 5);
    CHECK(sum_of(run) == 249 * Ticks90k(3600) + Ticks90k(1920));
    CHECK(run.boundaries.size() == run.segments.size());
    CHECK_FALSE(run.ended);
}

TEST_CASE("boundaries: the whole programme is kept") {
    TsBuilder builder;
    builder.tables().picture({.pts = Ticks90k(0), .mark = Mark::idr}).audio(Ticks90k(0));
    auto stream = builder.take();
    auto const in_channel = run_of(source_rules(), stream);
    auto const resegmented = run_by_boundaries(leader_rules(), {stream});
    CHECK(resegmented.files == in_channel.files);
}

TEST_CASE("boundaries: over a discontinuity the run goes on, with a clock and a grid of its own") {
    auto const first = stream_of({.gop = 48, .pictures = 240});
    auto const second_stream = stream_of(
        {.frame = Ticks90k(3003), .gop = 60, .pictures = 240, .start = Ticks90k(5'000'000)});
    auto const leader = run_by_boundaries(leader_rules(), {first, second_stream, first});
    CHECK_FALSE(leader.ended);
    CHECK(leader.pictures == 720);
    CHECK(sum_of(leader) == 480 * Ticks90k(3600) + 240 * Ticks90k(3003));
    std::vector<Ticks90k> discontinuities;
    for (auto const& line : leader.segments) {
        if (line.discontinuity) discontinuities.push_back(line.start);
    }
    CHECK(discontinuities == std::vector{Ticks90k(5'000'000), Ticks90k(127'920)});
    CHECK(std::ranges::count(leader.boundaries, discontinuity) == 2);
    CHECK(leader.segments.back().end == SegmentEnd::input);
    CHECK(std::ranges::count(ends(leader), SegmentEnd::input) == 1);

    auto const told = with_end(leader.boundaries);
    for (std::size_t const chunk : {188U, 4096U, 65536U}) {
        auto const follower =
            run_by_boundaries(follower_rules(), {first, second_stream, first}, told, chunk);
        CHECK(starts(follower) == starts(leader));
        CHECK(durations(follower) == durations(leader));
        CHECK(follower.files == leader.files);
    }
}

TEST_CASE("boundaries: time that goes back is a discontinuity that nobody announced") {
    auto stream = stream_of({.gop = 48, .pictures = 240, .start = Ticks90k(9'000'000)});
    auto const again = stream_of({.gop = 48, .pictures = 240});
    stream.insert(stream.end(), again.begin(), again.end());
    auto const leader = run_by_boundaries(leader_rules(), {stream});
    CHECK_FALSE(leader.ended);
    CHECK(leader.pictures == 480);
    CHECK(sum_of(leader) == 480 * Ticks90k(3600));
    CHECK(std::ranges::count(leader.boundaries, discontinuity) == 1);
    auto const follower =
        run_by_boundaries(follower_rules(), {stream}, with_end(leader.boundaries));
    CHECK(follower.files == leader.files);
}

TEST_CASE("boundaries: streams that move to other PIDs are a discontinuity, another picture size "
          "begins a segment that is one") {
    auto const first = stream_of({.gop = 48, .pictures = 240});
    SUBCASE("other PIDs") {
        auto stream = first;
        TsBuilder builder;
        builder.tables(/*video_type=*/0x1B, /*with_audio=*/false);
        pictures(builder, Ticks90k(127'920 + 240 * 3600), 96, every(48));
        auto const more = builder.take();
        stream.insert(stream.end(), more.begin(), more.end());
        auto const leader = run_by_boundaries(leader_rules(), {stream});
        CHECK_FALSE(leader.ended);
        CHECK(leader.pictures == 336);
        CHECK(std::ranges::count(leader.boundaries, discontinuity) == 1);
    }
    SUBCASE("another size") {
        TsBuilder builder;
        builder.tables();
        for (int i = 0; i < 120; ++i) {
            builder.picture({.pts = Ticks90k(i * 3600),
                             .mark = i % 30 == 0 ? Mark::idr : Mark::none,
                             .is_wide = i < 60});
        }
        auto const stream = builder.take();
        auto const leader = run_by_boundaries(leader_rules(3 * second, 4 * second), {stream});
        CHECK_FALSE(leader.ended);
        auto const changed =
            std::ranges::find(leader.segments, true, &contract::SegmentLine::discontinuity);
        REQUIRE(changed != leader.segments.end());
        CHECK(changed->start == Ticks90k(60 * 3600));
        CHECK(changed->video.width == 640);
        CHECK(std::prev(changed)->video.width == 1280);
        auto const follower =
            run_by_boundaries(follower_rules(), {stream}, with_end(leader.boundaries));
        CHECK(follower.files == leader.files);
    }
}

TEST_CASE("boundaries: any of them begins anew with any segment, and makes the same from there") {
    auto const first = stream_of({.gop = 48, .pictures = 240});
    auto const other = stream_of({.gop = 30, .pictures = 240, .start = Ticks90k(10)});
    std::vector<Bytes> const input{first, other, first};
    auto const whole = run_by_boundaries(leader_rules(), input);
    std::uint64_t segment = 0;
    for (std::size_t line = 0; line <= whole.boundaries.size(); ++line) {
        // a leader that was killed behind this line
        CAPTURE(line);
        std::vector<Boundary> const told(whole.boundaries.begin(),
                                         whole.boundaries.begin() + static_cast<int>(line));
        segment = static_cast<std::uint64_t>(
            std::ranges::count(told, Boundary::Kind::segment, &Boundary::kind));
        auto const first_wanted =
            segment > 0 && told.back() != discontinuity ? segment - 1 : segment;
        auto rules = leader_rules();
        rules.begin_with = first_wanted;
        auto const leader = run_by_boundaries(rules, input, told);
        auto all = told;
        all.insert(all.end(), leader.boundaries.begin(), leader.boundaries.end());
        CHECK(all == whole.boundaries);
        auto const expected = starts(whole);
        CHECK(starts(leader) ==
              std::vector(expected.begin() + static_cast<int>(first_wanted), expected.end()));
        for (std::size_t i = 0; i < leader.segments.size(); ++i)
            CHECK(leader.segments[i].discontinuity ==
                  whole.segments[first_wanted + i].discontinuity);
    }
    for (std::uint64_t first_wanted = 0; first_wanted < whole.segments.size(); ++first_wanted) {
        auto const follower =
            run_by_boundaries(follower_rules(first_wanted), input, with_end(whole.boundaries));
        CHECK(std::vector(whole.segments.begin() + static_cast<int>(first_wanted),
                          whole.segments.end())
                  .size() == follower.segments.size());
        CHECK(follower.segments.front().start == whole.segments[first_wanted].start);
        CHECK(follower.segments.front().discontinuity ==
              whole.segments[first_wanted].discontinuity);
    }
}

TEST_CASE("boundaries: a follower that lost data goes on in step") {
    TestSource const source{.gop = 50, .pictures = 1000};
    auto const leader = run_by_boundaries(leader_rules(), {stream_of(source)});
    TsBuilder builder;
    builder.tables();
    auto const has_arrived = [](int i) { return i < 130 || i >= 310; };
    for (int i = 0; i < 1000; ++i) {
        if (!has_arrived(i)) continue;
        builder.picture(
            {.pts = source.start + i * source.frame, .mark = i % 50 == 0 ? Mark::idr : Mark::none});
    }
    auto const follower =
        run_by_boundaries(follower_rules(), {builder.take()}, with_end(leader.boundaries));
    CHECK_FALSE(follower.ended);
    for (auto const& line : follower.segments) {
        if (line.boundary == line.start) continue;
        CHECK(line.discontinuity); // it begins late, behind the hole
    }
    CHECK(follower.segments.back().boundary == leader.segments.back().start);
    CHECK(follower.segments.size() < leader.segments.size());
}

TEST_CASE("boundaries: a GOP that grows too long is cut at one place in all of them") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 600, [](int i) { return i < 200 ? i % 50 == 0 : i == 400; });
    auto const stream = builder.take();
    auto const leader = run_by_boundaries(leader_rules(), {stream});
    for (auto const duration : durations(leader))
        CHECK(duration <= 3 * second + Ticks90k(36'000));
    CHECK(std::ranges::any_of(leader.boundaries, &Boundary::overlong));
    auto const follower =
        run_by_boundaries(follower_rules(), {stream}, with_end(leader.boundaries));
    CHECK(follower.files == leader.files);
}

TEST_CASE("boundaries: the first GOP raises the target duration, later ones are cut at it") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 600, [](int i) { return i == 0 || i == 110 || i == 220; });
    auto const stream = builder.take();
    auto rules = leader_rules();
    rules.raise_target = true;
    auto const leader = run_by_boundaries(rules, {stream, stream});
    REQUIRE(leader.info);
    CHECK(leader.info->target_duration_s == 5);
    CHECK(leader.segments.size() > 4);
    for (auto const duration : durations(leader))
        CHECK(duration <= 5 * second + Ticks90k(36'000));
    CHECK(sum_of(leader) == 1200 * Ticks90k(3600));
    auto const follower =
        run_by_boundaries(follower_rules(), {stream, stream}, with_end(leader.boundaries));
    CHECK(follower.files == leader.files);
}

TEST_CASE(
    "boundaries: an input of a single GOP is told of at its end, one of endless GOPs is cut") {
    auto rules = leader_rules();
    rules.raise_target = true;
    auto const single = run_by_boundaries(rules, {stream_of({.gop = 250, .pictures = 200})});
    REQUIRE(single.info);
    CHECK(single.info->target_duration_s == 8);
    CHECK(durations(single) == std::vector{200 * Ticks90k(3600)});
    auto const endless = run_by_boundaries(rules, {stream_of({.gop = 4000, .pictures = 2000})});
    REQUIRE(endless.info);
    CHECK(endless.info->target_duration_s == 60);
    CHECK(durations(endless) == std::vector{60 * second, 20 * second});
    rules.raise_target = false;
    auto const cut = run_by_boundaries(rules, {stream_of({.gop = 4000, .pictures = 200})});
    CHECK(cut.info->target_duration_s == 3);
    CHECK(durations(cut) == std::vector{3 * second, 3 * second, 2 * second});
}

TEST_CASE("boundaries: by the random access indicator alone other keyframes are none") {
    TsBuilder builder;
    builder.tables();
    for (int i = 0; i < 200; ++i) {
        auto const mark = i % 50 == 0 ? Mark::indicator : i % 25 == 0 ? Mark::idr : Mark::none;
        builder.picture({.pts = Ticks90k(i * 3600), .mark = mark});
    }
    auto const stream = builder.take();
    auto rules = leader_rules(second, 3 * second);
    CHECK(run_by_boundaries(rules, {stream}).segments.size() == 8);
    rules.by_indicator = true;
    CHECK(durations(run_by_boundaries(rules, {stream})) == std::vector(4, 2 * second));
}

TEST_CASE("segmenter: at a pace each picture waits until its media time is reached") {
    auto const stream = stream_of({.gop = 12, .pictures = 100});
    Segmenter paced(leader_rules(second));
    Output output;
    Output all;
    paced.pace(Ticks90k::zero());
    paced.feed(stream, output);
    std::size_t steps = 0;
    for (; paced.is_waiting(); ++steps) {
        REQUIRE(paced.awaited_pace());
        CHECK(paced.media_time() == paced.awaited_pace().value() - Ticks90k(3600));
        paced.feed({}, output); // still not due
        REQUIRE(paced.is_waiting());
        paced.pace(*paced.awaited_pace());
        paced.feed({}, output);
    }
    CHECK(steps == 99);
    CHECK_FALSE(paced.awaited_pace());
    paced.finish(output);
    Segmenter unpaced(leader_rules(second));
    unpaced.feed(stream, all);
    unpaced.finish(all);
    CHECK(output.bytes == all.bytes);
}

TEST_CASE("boundaries: sound that begins sooner than the pictures is in the first segment") {
    TsBuilder builder;
    builder.tables();
    for (int i = -5; i < 0; ++i)
        builder.audio(Ticks90k(90'000 + i * 1920));
    for (int i = 0; i < 100; ++i) {
        builder.picture(
            {.pts = Ticks90k(90'000 + i * 3600), .mark = i % 50 == 0 ? Mark::idr : Mark::none});
    }
    auto const stream = builder.take();
    auto const leader = run_by_boundaries(leader_rules(), {stream, stream});
    REQUIRE(leader.segments.size() == 4);
    for (std::size_t const i : {0U, 2U}) {
        auto const pids = pids_of(leader.files[i]);
        CHECK(pids[2] == TsBuilder::video_pid);
        CHECK(std::ranges::count(pids, TsBuilder::audio_pid) == 10); // each unit in two packets
    }
    for (std::size_t const chunk : {1U, 188U, 65536U})
        CHECK(run_by_boundaries(leader_rules(), {stream, stream}, {}, chunk).files == leader.files);
    // one that begins later has none of it
    auto rules = leader_rules();
    rules.begin_with = 1;
    auto const later = run_by_boundaries(rules, {stream, stream}, leader.boundaries);
    REQUIRE(later.files.size() == 3);
    CHECK(later.files[0] == leader.files[1]);
    CHECK(later.files[2] == leader.files[3]);
}

TEST_CASE("boundaries: sound alone begins with all that is there, and ends with its last frame") {
    TsBuilder builder;
    builder.tables(/*video_type=*/0);
    for (int i = 0; i < 20; ++i)
        builder.adts(Ticks90k(88'080 + i * 15 * 1920), 15);
    builder.adts(Ticks90k(88'080 + 20 * 15 * 1920), 4);
    auto const stream = builder.take();
    std::vector<Boundary> const told{{.pts = Ticks90k(90'000)},
                                     {.pts = Ticks90k(270'000)},
                                     discontinuity,
                                     {.pts = Ticks90k(90'000)},
                                     end_of_input};
    auto const run = run_by_boundaries(follower_rules(), {stream, stream}, told);
    REQUIRE(run.segments.size() == 3);
    CHECK(run.segments[0].start == Ticks90k(88'080));
    CHECK(run.segments[0].boundary == Ticks90k(90'000));
    CHECK(run.segments[2].start == Ticks90k(88'080));
    CHECK(sum_of(run) == 2 * 304 * Ticks90k(1920));
}

} // namespace segmenter_boundaries_test
