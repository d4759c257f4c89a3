#include "core/base/binary_text.hpp"
#include "core/scte35/splice_info.hpp"
#include "tests/support/segmenter_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace segmenter_cues_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;
using timeline::Cue;

Bytes section(std::uint32_t id, bool out, std::optional<Ticks90k> time,
              std::optional<Ticks90k> planned = std::nullopt) {
    scte35::SpliceInsert insert{
        .splice_event_id = id, .out_of_network_indicator = out, .splice_immediate_flag = !time};
    insert.pts_time = time;
    if (planned) insert.break_duration = {.auto_return = true, .duration = *planned};
    scte35::SpliceInfo info;
    info.command = insert;
    return scte35::encode(info);
}

/// A minute of 25 pictures a second with a keyframe each two seconds; `cues` are put in front of
/// pictures.
struct Cued {
    Ticks90k start{90'000};
    std::uint8_t cue_type{0x86};
    std::map<int, Bytes> cues{}; ///< by the picture's number

    Bytes stream() const {
        TsBuilder builder;
        builder.tables(0x1B, /*with_audio=*/true, cue_type);
        for (int i = 0; i < 60 * 25; ++i) {
            auto const pts = start + i * Ticks90k(3600);
            if (auto const cue = cues.find(i); cue != cues.end()) {
                if (cue_type == 0x86)
                    builder.cue(cue->second);
                else
                    builder.cue_in_pes(pts, cue->second);
            }
            builder.picture({.pts = pts, .mark = i % 50 == 0 ? Mark::idr : Mark::none});
        }
        return builder.take();
    }
    Ticks90k at(double seconds) const {
        return wrapped(start + Ticks90k(static_cast<std::int64_t>(seconds * 90'000)));
    }
};

/// "10:out7 20:in7 ": what opens segments, and when, in seconds from the start.
std::string story_of(Ticks90k start, Ticks90k opened, std::vector<Cue> const& cues) {
    std::string text;
    for (auto const& cue : cues) {
        text += std::to_string(elapsed(start, opened) / second) +
                (cue.kind == Cue::Kind::out ? ":out" : ":in") + std::to_string(cue.event_id) + " ";
    }
    return text;
}

std::string story(Run const& run, Ticks90k start) {
    std::string text;
    for (auto const& line : run.segments)
        text += story_of(start, line.start, line.cues);
    return text;
}

Run follower_of(Run const& leader, Bytes const& stream) {
    return run_of(variant_rules(leader.info.value().grid), stream, 4096, leader.cuts);
}

TEST_CASE("segmenter: a cue in band begins a segment, and stands in its line") {
    for (auto const type : {std::uint8_t{0x86}, std::uint8_t{0x06}}) {
        Cued cued{.cue_type = type};
        auto const out = section(7, /*out=*/true, cued.at(9), 10 * second);
        cued.cues = {{100, out}, {125, out}, {400, section(7, /*out=*/false, cued.at(19))}};
        auto const stream = cued.stream();
        auto const leader = run_of(source_rules(), stream);
        CHECK(story(leader, cued.start) == "10:out7 20:in7 ");
        auto const opened =
            std::ranges::find(leader.segments, cued.at(10), &contract::SegmentLine::start);
        REQUIRE(opened != leader.segments.end());
        CHECK(opened->cues == std::vector<Cue>{{.kind = Cue::Kind::out,
                                                .event_id = 7,
                                                .time = cued.at(9),
                                                .planned = 10 * second,
                                                .auto_return = true,
                                                .section = base64_of(out)}});
        CHECK(std::prev(opened)->end == contract::SegmentEnd::cut);
        REQUIRE(leader.cuts.size() == 2);
        CHECK_FALSE(leader.cuts[0].overlong);

        auto const follower = follower_of(leader, stream);
        CHECK(follower.segments == leader.segments);
        CHECK(pids_of(leader.files[0]) == pids_of(follower.files[0]));
        CHECK(std::ranges::count(pids_of(leader.files[1]), TsBuilder::cue_pid) == 1);
    }
}

TEST_CASE("segmenter: a break that returns by itself is a cut without a cue") {
    Cued cued;
    cued.cues = {{100, section(7, /*out=*/true, cued.at(9), second * 19 / 2)}};
    auto const stream = cued.stream();
    auto const leader = run_of(source_rules(), stream);
    CHECK(story(leader, cued.start) == "10:out7 ");
    REQUIRE(leader.cuts.size() == 2);
    CHECK(leader.cuts[1] == contract::Cut{.pts = cued.at(20)});
    auto const follower = follower_of(leader, stream);
    CHECK(follower.segments == leader.segments);
    CHECK(std::ranges::count(leader.segments, cued.at(20), &contract::SegmentLine::start) == 1);
}

TEST_CASE("segmenter: cues with the first picture, at once, and over the wrap") {
    Cued cued{.start = clock_turn - 8 * second};
    cued.cues = {{0, section(1, /*out=*/true, cued.start)},
                 {30, section(1, /*out=*/false, std::nullopt)},
                 {60, section(2, /*out=*/true, cued.at(9))},
                 {130, section(3, /*out=*/true, cued.at(5))}, // late
                 {300, section(2, /*out=*/false, cued.at(13))}};
    auto const stream = cued.stream();
    auto const leader = run_of(source_rules(), stream);
    CHECK(story(leader, cued.start) == "0:out1 2:in1 10:out2 14:in2 ");
    CHECK(follower_of(leader, stream).segments == leader.segments);
    CHECK(leader.remarks.size() == 1);
}

TEST_CASE("segmenter: the same whatever the chunks of the input") {
    Cued cued;
    cued.cues = {{100, section(7, /*out=*/true, cued.at(9), 10 * second)},
                 {330, section(8, /*out=*/true, std::nullopt)},
                 {375, section(8, /*out=*/false, std::nullopt)}};
    auto const stream = cued.stream();
    auto const whole = run_of(source_rules(), stream, stream.size());
    CHECK(story(whole, cued.start) == "10:out7 14:out8 16:in8 ");
    for (auto const chunk : std::initializer_list<std::size_t>{188, 1000, 1316, 70'000}) {
        auto const other = run_of(source_rules(), stream, chunk);
        CHECK(other.segments == whole.segments);
        CHECK(other.cuts == whole.cuts);
    }
}

TEST_CASE("segmenter: a follower reads no cues itself, and a loop's are not followed") {
    Cued cued;
    cued.cues = {{100, section(7, /*out=*/true, cued.at(9))}};
    auto const stream = cued.stream();
    auto const leader = run_of(source_rules(), stream);
    auto const follower = run_of(variant_rules(leader.info.value().grid), stream);
    CHECK(story(follower, cued.start).empty());
    auto loop = source_rules();
    loop.in_band_cues = false;
    CHECK(story(run_of(loop, stream), cued.start).empty());
}

TEST_CASE("segmenter: requests from outside give the same segments as those in band") {
    Cued cued;
    auto const out = section(7, /*out=*/true, cued.at(9), 10 * second);
    auto const plain = cued.stream();
    cued.cues = {{100, out}};
    auto const in_band = run_of(source_rules(), cued.stream());

    Segmenter segmenter(source_rules());
    for (auto& request : requests_of(scte35::parse_splice_info(out).value(), base64_of(out), "a:1"))
        segmenter.add_request(request);
    auto const asked = run_of(segmenter, plain);
    CHECK(asked.segments == in_band.segments);
    CHECK(asked.cuts == in_band.cuts);
}

TEST_CASE("segmenter: a cue counts although the grid is not known yet") {
    Cued cued;
    cued.cues = {{3, section(7, /*out=*/true, cued.at(1))}};
    auto const leader = run_of(source_rules(), cued.stream());
    CHECK(story(leader, cued.start) == "2:out7 ");
    CHECK(leader.segments[0].duration == 2 * second);
}

/// What a segmenter tells while it is fed.
struct Played {
    std::string story; ///< as above, of the segments that began
    std::vector<contract::Boundary> boundaries;
    std::vector<std::string> remarks;
};

Played play(Segmenter& segmenter, std::span<std::uint8_t const> bytes, Ticks90k start) {
    Played played;
    Output output;
    segmenter.feed(bytes, output);
    for (auto const& event : output.events) {
        if (auto const* const opened = std::get_if<SegmentOpened>(&event.what))
            played.story += story_of(start, opened->start, opened->cues);
        if (auto const* const decided = std::get_if<BoundaryDecided>(&event.what))
            played.boundaries.push_back(decided->boundary);
        if (auto const* const remark = std::get_if<CueRemark>(&event.what))
            played.remarks.push_back(remark->text);
    }
    return played;
}

SpliceRequest request_of(std::string const& when, Bytes const& cue) {
    auto const line = scte35::parse_sidecar_line(when + ", " + base64_of(cue));
    return requests_of(line.value().value(), "sidecar.txt:1").front();
}

TEST_CASE("segmenter: each lap of a replay has its cues once, in band and from a file") {
    Cued cued;
    cued.cues = {{100, section(7, /*out=*/true, cued.at(9), 10 * second)},
                 {130, section(9, /*out=*/true, std::nullopt)}};
    auto const stream = cued.stream();
    auto rules = leader_rules();
    rules.replays = true;
    Segmenter leader(rules);
    leader.add_request(request_of("26.5", section(8, /*out=*/true, std::nullopt)));
    for (int lap = 0; lap < 3; ++lap) {
        CAPTURE(lap);
        auto const played = play(leader, stream, cued.start);
        CHECK(played.story == "6:out9 10:out7 26:out8 ");
        CHECK(played.remarks.empty());
        Output seam;
        leader.discontinuity(seam);
    }
}

TEST_CASE("segmenter: a leader in another's place keeps its cues, and does what that had not") {
    Cued cued;
    cued.cues = {{100, section(7, /*out=*/true, cued.at(9), 10 * second)},
                 {130, section(9, /*out=*/false, std::nullopt)}};
    auto const stream = cued.stream();
    auto const done = request_of("0", section(1, /*out=*/true, std::nullopt, 5 * second));
    auto const missed = request_of("0", section(2, /*out=*/true, std::nullopt, 5 * second));
    auto const ahead = request_of("31", section(3, /*out=*/true, std::nullopt));

    Segmenter first(leader_rules());
    first.add_request(done);
    first.add_request(ahead);
    auto const until_killed = std::span(stream).first(stream.size() * 25 / 60);
    auto const before = play(first, until_killed, cued.start);
    CHECK(before.story == "0:out1 6:in9 10:out7 ");
    REQUIRE(before.boundaries.size() > 10);

    auto rules = leader_rules();
    rules.begin_with = before.boundaries.size() - 1;
    Segmenter next(rules);
    for (auto const& boundary : before.boundaries)
        next.add_boundary(boundary);
    for (auto const& request : {done, missed, ahead}) // the file again
        next.add_request(request);
    auto const after = play(next, stream, cued.start);
    CHECK(after.story == "26:out2 30:out3 ");
    CHECK(after.remarks.empty());
    CHECK(after.boundaries.front().pts == cued.at(26));
}

} // namespace segmenter_cues_test
