#include "tests/support/hex.hpp"
#include "tests/support/segmenter_run.hpp"
#include "tests/support/ts_builder.hpp"
#include "workers/segment/segmenter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;
using contract::SegmentEnd;

namespace {

constexpr Ticks90k second{90'000};

Rules source_rules(Ticks90k segment_time = 4 * second, Ticks90k target_duration = 6 * second) {
    return {.segment_time = segment_time,
            .target_duration = target_duration,
            .grid = {},
            .leads = true};
}

Rules variant_rules(timeline::Grid const& grid) {
    return {.segment_time = {}, .target_duration = 6 * second, .grid = grid, .leads = false};
}

std::vector<std::int64_t> durations(Run const& run) {
    std::vector<std::int64_t> all;
    for (auto const& line : run.segments)
        all.push_back(line.duration.count());
    return all;
}

std::vector<SegmentEnd> ends(Run const& run) {
    std::vector<SegmentEnd> all;
    for (auto const& line : run.segments)
        all.push_back(line.end);
    return all;
}

/// Pictures of `frame` ticks from `start` on; a keyframe where `is_key` says so.
template <class IsKey>
TsBuilder& pictures(TsBuilder& builder, Ticks90k start, int count, IsKey is_key,
                    Ticks90k frame = Ticks90k(3600)) {
    for (int i = 0; i < count; ++i) {
        builder.picture({.pts = start + i * frame, .mark = is_key(i) ? Mark::idr : Mark::none});
    }
    return builder;
}

auto every(int gop) {
    return [gop](int i) { return i % gop == 0; };
}

} // namespace

TEST_CASE("segmenter: a regular source gives equally long segments, and the rest as the tail") {
    struct Row {
        char const* name;
        TestSource source;
        Ticks90k target_duration;
        Ticks90k duration;
    };
    Row const rows[] = {
        {"GOP 0.48 s", {.gop = 12, .pictures = 1000}, 6 * second, Ticks90k(345'600)},
        {"GOP 1.92 s", {.gop = 48, .pictures = 1000}, 6 * second, Ticks90k(345'600)},
        {"GOP 3 s", {.gop = 75, .pictures = 1000}, 6 * second, Ticks90k(270'000)},
        {"GOP 5 s", {.gop = 125, .pictures = 1000}, 6 * second, Ticks90k(450'000)},
        {"GOP 10 s", {.gop = 250, .pictures = 1000}, 10 * second, Ticks90k(900'000)},
        {"29.97, B-frames",
         {.frame = Ticks90k(3003), .gop = 60, .pictures = 1000, .b_frames = 2},
         6 * second,
         Ticks90k(360'360)},
        {"29.97, open GOP",
         {.frame = Ticks90k(3003),
          .gop = 60,
          .pictures = 1000,
          .b_frames = 2,
          .is_open_gop = true,
          .mark = Mark::recovery_point},
         6 * second,
         Ticks90k(360'360)},
        {"indicator alone", {.mark = Mark::indicator}, 6 * second, Ticks90k(345'600)},
    };
    for (auto const& row : rows) {
        CAPTURE(row.name);
        auto const run =
            run_of(source_rules(4 * second, row.target_duration), stream_of(row.source));
        REQUIRE(run.segments.size() > 3);
        auto start = row.source.start;
        Ticks90k sum{};
        for (auto const& line : run.segments) {
            CAPTURE(line.start.count());
            CHECK(line.start == start);
            CHECK(line.keyframe);
            CHECK_FALSE(line.discontinuity);
            if (&line != &run.segments.back()) {
                if (&line == &run.segments.front()) {
                    CHECK(line.duration <= row.duration); // it begins somewhere in its cell
                } else {
                    CHECK(line.duration == row.duration);
                }
                CHECK(line.end == SegmentEnd::grid);
            }
            start += line.duration;
            sum += line.duration;
        }
        CHECK(run.segments.back().end == SegmentEnd::input);
        CHECK(sum == row.source.frame * row.source.pictures);
        CHECK(run.pictures == row.source.pictures);
        CHECK_FALSE(run.ended);
        CHECK(run.info);
        CHECK(run.info->first_gop == row.source.frame * row.source.gop);
    }
}

TEST_CASE("segmenter: lines tell what the segment is made of") {
    auto const run = run_of(source_rules(), stream_of({.frame = Ticks90k(3003), .gop = 60}));
    auto const& line = run.segments.front();
    CHECK(line.video.codecs == "avc1.64001f");
    CHECK(line.video.width == 1280);
    CHECK(line.video.height == 720);
    CHECK(line.video.frame_rate == doctest::Approx(30000.0 / 1001).epsilon(1e-6));
    CHECK(line.audio_codecs == "mp4a.40.2");
    CHECK(run.info->video.frame_rate == doctest::Approx(30000.0 / 1001).epsilon(1e-6));
    CHECK(run.info->audio_codecs == "mp4a.40.2");
}

TEST_CASE("segmenter: every chunking gives the same output") {
    auto const stream = stream_of({.gop = 12, .pictures = 140, .b_frames = 2});
    auto const rules = source_rules(second, 2 * second);
    auto const whole = run_of(rules, stream, stream.size());
    CHECK(whole.segments.size() > 4);
    for (std::size_t const chunk : {1U, 7U, 187U, 188U, 189U, 1000U, 4096U, 65536U}) {
        CAPTURE(chunk);
        auto const run = run_of(rules, stream, chunk);
        CHECK(run.segments == whole.segments);
        CHECK(run.files == whole.files);
    }
}

TEST_CASE("segmenter: a segment begins with PAT, PMT and its keyframe, counters run on over all of "
          "them") {
    auto const run = run_of(source_rules(), stream_of({}));
    std::map<std::uint16_t, unsigned> counters;
    for (auto const& file : run.files) {
        REQUIRE(file.size() % mpegts::packet_size == 0);
        std::vector<std::uint16_t> pids;
        for (std::size_t at = 0; at < file.size(); at += mpegts::packet_size) {
            auto const packet =
                mpegts::parse_packet(mpegts::PacketBytes(file.data() + at, mpegts::packet_size));
            REQUIRE(packet.has_value());
            pids.push_back(packet->pid);
            auto const expected = counters.contains(packet->pid) ? (counters[packet->pid] + 1) & 0xF
                                                                 : packet->continuity_counter;
            REQUIRE(packet->continuity_counter == expected);
            counters[packet->pid] = packet->continuity_counter;
            if (pids.size() == 3) CHECK(packet->payload_unit_start);
        }
        CHECK(pids[0] == mpegts::pat_pid);
        CHECK(pids[1] == TsBuilder::pmt_pid);
        CHECK(pids[2] == TsBuilder::video_pid);
        CHECK(std::count(pids.begin(), pids.end(), mpegts::pat_pid) == 1);
    }
}

TEST_CASE("segmenter: what is in front of the first keyframe, null packets and foreign PIDs are "
          "left out") {
    TsBuilder builder;
    builder.tables().audio(Ticks90k(0)).picture({.pts = Ticks90k(3600)}).packet(mpegts::null_pid);
    builder.picture({.pts = Ticks90k(7200), .mark = Mark::idr}).audio(Ticks90k(8000));
    builder.packet(0x777, "00").packet(mpegts::null_pid).picture({.pts = Ticks90k(10'800)});
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.segments.size() == 1);
    CHECK(run.segments[0].start == Ticks90k(7200));
    CHECK(run.pictures == 2);
    for (auto const pid : pids_of(run.files[0])) {
        CHECK((pid == 0 || pid == TsBuilder::pmt_pid || pid == TsBuilder::video_pid ||
               pid == TsBuilder::audio_pid));
    }
}

TEST_CASE("segmenter: a packet sent twice goes on once") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 3, every(100));
    auto stream = builder.take();
    Bytes const last(stream.end() - mpegts::packet_size, stream.end());
    stream.insert(stream.end(), last.begin(), last.end());
    CHECK(run_of(source_rules(), stream).files ==
          run_of(source_rules(), Bytes(stream.begin(), stream.end() - mpegts::packet_size)).files);
}

TEST_CASE("segmenter: a variant that begins anywhere cuts where the source does") {
    TestSource const source{.gop = 48, .pictures = 1200, .b_frames = 2};
    auto const leader = run_of(source_rules(), stream_of(source));
    for (unsigned const skipped_gops : {0U, 1U, 2U, 5U}) {
        CAPTURE(skipped_gops);
        auto later = source;
        later.start += source.frame * (skipped_gops * source.gop);
        later.pictures -= skipped_gops * source.gop;
        auto const variant = run_of(variant_rules(leader.info->grid), stream_of(later));
        CHECK_FALSE(variant.info); // it finds no grid of its own
        for (std::size_t i = 1; i < variant.segments.size(); ++i) {
            auto const& line = variant.segments[i];
            auto const same =
                std::ranges::find(leader.segments, line.start, &contract::SegmentLine::start);
            REQUIRE(same != leader.segments.end());
            CHECK(line.duration == same->duration);
        }
    }
}

TEST_CASE("segmenter: the clock's wrap is just another moment") {
    TestSource source{.pictures = 960};
    source.start = clock_turn - 10 * second;
    auto const wrapping = run_of(source_rules(), stream_of(source));
    CHECK_FALSE(wrapping.ended);
    CHECK(wrapping.pictures == 960);
    Ticks90k sum{};
    for (auto const& line : wrapping.segments) {
        CHECK(line.start == wrapped(source.start + sum));
        CHECK_FALSE(line.discontinuity);
        sum += line.duration;
    }
    CHECK(sum == source.frame * 960);
    CHECK(wrapping.segments.size() <= 12); // ten and a half cells, which count anew at the wrap
}

TEST_CASE(
    "segmenter: an irregular source stays within the target duration, by cuts that it publishes") {
    TsBuilder builder;
    builder.tables();
    // first GOP 2.64 s: cells of 5.28 s; then GOPs of 4 s, which would make segments of 8 s
    pictures(builder, Ticks90k(0), 66 + 10 * 100,
             [](int i) { return i == 0 || (i >= 66 && (i - 66) % 100 == 0); });
    auto const stream = builder.take();
    auto const run = run_of(source_rules(), stream);
    REQUIRE(run.info);
    for (auto const& line : run.segments)
        CHECK(line.duration <= 6 * second);
    CHECK_FALSE(run.cuts.empty());
    CHECK(std::ranges::count(ends(run), SegmentEnd::overlong) ==
          1); // until the long GOPs are known

    auto const variant = run_of(variant_rules(run.info->grid), stream, 1000, run.cuts);
    CHECK(durations(variant) == durations(run));
    CHECK(ends(variant) == ends(run));
}

TEST_CASE("segmenter: a GOP that grows too long on air is cut without a keyframe, in all variants "
          "alike") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 1000,
             [](int i) { return i <= 192 ? i % 48 == 0 : i % 48 == 0 && i > 600; });
    auto const stream = builder.take();
    auto const run = run_of(source_rules(), stream);
    auto const overlong = std::ranges::count(ends(run), SegmentEnd::overlong);
    CHECK(overlong == 2);
    for (std::size_t i = 0; i < run.segments.size(); ++i) {
        CHECK(run.segments[i].duration <= 6 * second);
        if (i > 0) {
            CHECK(run.segments[i].keyframe == (run.segments[i - 1].end != SegmentEnd::overlong));
        }
    }
    CHECK(run.pictures == 1000);
    auto const variant = run_of(variant_rules(run.info->grid), stream, 188, run.cuts);
    CHECK(durations(variant) == durations(run));
    CHECK(ends(variant) == ends(run));
}

TEST_CASE(
    "segmenter: an overlong cut falls on a picture that variants with other B-frames have too") {
    TestSource source{.gop = 48, .pictures = 144, .b_frames = 2};
    auto stream = stream_of(source);
    auto endless = source;
    endless.start += source.frame * 144;
    endless.gop = 400;
    endless.pictures = 400;
    auto const append = [](Bytes& to, Bytes const& more) {
        to.insert(to.end(), more.begin(), more.end());
    };
    append(stream, stream_of(endless));
    auto const run = run_of(source_rules(), stream);
    REQUIRE(std::ranges::count(ends(run), SegmentEnd::overlong) > 0);

    source.b_frames = endless.b_frames = 0;
    auto plain = stream_of(source);
    append(plain, stream_of(endless));
    auto const variant = run_of(variant_rules(run.info->grid), plain, 1000, run.cuts);
    for (std::size_t i = 0; i < run.segments.size(); ++i) {
        CHECK(variant.segments[i].start == run.segments[i].start);
        CHECK(std::round(seconds_of(run.segments[i].duration)) <= 6);
    }
}

TEST_CASE("segmenter: at a picture a second the target duration holds all the same") {
    TsBuilder builder;
    builder.tables();
    pictures(
        builder, Ticks90k(0), 60, [](int i) { return i == 0 || i == 4 || i == 8 || i == 50; },
        Ticks90k(99'000));
    auto const run = run_of(source_rules(), builder.take());
    CHECK(std::ranges::count(ends(run), SegmentEnd::overlong) > 0);
    for (auto const& line : run.segments)
        CHECK(std::round(seconds_of(line.duration)) <= 6);
}

TEST_CASE("segmenter: a source with GOPs longer than the target duration is refused with the "
          "setting that admits it") {
    auto const reason = [](unsigned gop, Ticks90k target) {
        auto const run =
            run_of(source_rules(4 * second, target), stream_of({.gop = gop, .pictures = 2000}));
        if (!run.ended) return std::string();
        CHECK(run.ended->why == Ended::Why::unusable);
        return run.ended->reason;
    };
    CHECK(reason(170, 6 * second) == "source GOP 6.8 s is longer than target_duration 6 s: set "
                                     "target_duration: 7s for this channel");
    CHECK(reason(150, 6 * second).empty());
    CHECK(reason(151, 6 * second).starts_with("source GOP 6.0 s is longer"));
    CHECK(reason(250, 6 * second).starts_with("source GOP is longer than 7.0 s"));
    CHECK(reason(250, 10 * second).empty());
}

TEST_CASE("segmenter: a source without a keyframe at its beginning is refused") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 500, [](int) { return false; });
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.ended);
    CHECK(run.ended->why == Ended::Why::unusable);
    CHECK(run.ended->reason.starts_with("no keyframe in the first 7.0 s"));
    CHECK(run.segments.empty());
}

TEST_CASE("segmenter: time that goes back ends the run, both times named") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, 100 * second, 200, every(48));
    pictures(builder, 50 * second, 200, every(48));
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.ended);
    CHECK(run.ended->why == Ended::Why::broken);
    CHECK(run.ended->reason == "the source's time went back from 107.960 s to 50.000 s");
    CHECK(run.pictures == 200);
    CHECK(run.segments.back().end == SegmentEnd::input);
    CHECK(run.segments.back().start + run.segments.back().duration ==
          100 * second + 200 * Ticks90k(3600));
}

TEST_CASE("segmenter: pictures squashed into single ticks end the run, none of them is in it") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 100, every(48));
    pictures(builder, Ticks90k(99 * 3600 + 1), 50, every(12), Ticks90k(1));
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.ended);
    CHECK(run.ended->why == Ended::Why::broken);
    CHECK(run.pictures == 100);
    CHECK(run.segments.back().end == SegmentEnd::input);
}

TEST_CASE("segmenter: two short steps are no break, their pictures are kept in order") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 100, every(48));
    builder.picture({.pts = Ticks90k(99 * 3600 + 1)}).audio(Ticks90k(99 * 3600));
    builder.picture({.pts = Ticks90k(99 * 3600 + 3)});
    pictures(builder, Ticks90k(100 * 3600), 100, every(44));
    auto const run = run_of(source_rules(), builder.take());
    CHECK_FALSE(run.ended);
    CHECK(run.pictures == 202);
}

TEST_CASE("segmenter: a jump forward gives the pictures' own span and a discontinuity") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 86 + 96, every(48)); // 7.28 s
    pictures(builder, 500 * second, 192, every(48));
    auto const run = run_of(source_rules(), builder.take());
    CHECK_FALSE(run.ended);
    auto const after = std::ranges::find(run.segments, 500 * second, &contract::SegmentLine::start);
    REQUIRE(after != run.segments.end());
    CHECK(after->discontinuity);
    CHECK(after->duration < 6 * second);
    auto const before = after - 1;
    CHECK(before->start + before->duration == 182 * Ticks90k(3600));
    CHECK(std::ranges::count(run.segments, true, &contract::SegmentLine::discontinuity) == 1);
}

TEST_CASE("segmenter: another picture size at a keyframe ends the run in front of it") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 96, every(48));
    builder.picture({.pts = Ticks90k(96 * 3600), .mark = Mark::idr, .is_wide = false});
    builder.picture({.pts = Ticks90k(97 * 3600)});
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.ended);
    CHECK(run.ended->why == Ended::Why::broken);
    CHECK(run.ended->reason ==
          "the source's picture changed: 1280x720 avc1.64001f -> 640x360 avc1.64001e");
    CHECK(run.pictures == 96);
    REQUIRE(run.segments.size() == 1);
    CHECK(run.segments[0].duration == 96 * Ticks90k(3600));
    CHECK(run.segments[0].end == SegmentEnd::input);
}

TEST_CASE(
    "segmenter: a tail of one picture lasts as long as those before it, a lone picture 40 ms") {
    auto const run =
        run_of(source_rules(), stream_of({.frame = Ticks90k(3003), .gop = 60, .pictures = 241}));
    CHECK(run.segments.back().duration == Ticks90k(3003));
    TsBuilder builder;
    builder.tables().picture({.pts = Ticks90k(0), .mark = Mark::idr});
    auto const lone = run_of(source_rules(), builder.take());
    REQUIRE(lone.segments.size() == 1);
    CHECK(lone.segments[0].duration == Ticks90k(3600));
}

TEST_CASE("segmenter: an input that ends at any byte gives whole packets and a line for each "
          "segment begun") {
    auto const stream = stream_of({.gop = 5, .pictures = 12});
    auto const rules = source_rules(Ticks90k(18'000), second);
    for (std::size_t size = 0; size <= stream.size(); ++size) {
        auto const run = run_of(
            rules, Bytes(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size)));
        for (auto const& file : run.files)
            REQUIRE(file.size() % mpegts::packet_size == 0);
        for (auto const& line : run.segments)
            REQUIRE(line.duration > Ticks90k::zero());
        REQUIRE(run.files.size() == run.segments.size());
    }
}

TEST_CASE(
    "segmenter: a source without video, or with video that can't be cut, is refused in words") {
    auto const refusal = [](std::uint8_t video_type, int audio_frames) {
        TsBuilder builder;
        builder.tables(video_type);
        for (int i = 0; i < audio_frames; ++i)
            builder.audio(i * Ticks90k(1920));
        auto const run = run_of(source_rules(), builder.take());
        REQUIRE(run.ended);
        CHECK(run.ended->why == Ended::Why::unusable);
        return run.ended->reason;
    };
    CHECK(refusal(0x82, 400) == "the source has no video");
    CHECK(refusal(0x82, 10) == "the source has no video"); // it ended before the time was over
    CHECK(refusal(0x33, 400) ==
          "the source's video is VVC video (stream type 0x33): it can't be cut");
    CHECK(refusal(0x1B, 400) == "the source's video has no pictures");
}

TEST_CASE("segmenter: noise is given up after ten megabytes, nothing at all is no error") {
    TsBuilder builder;
    for (int i = 0; i < 60'000; ++i)
        builder.packet(0x50, "00");
    auto const noise = run_of(source_rules(), builder.take(), 65536);
    REQUIRE(noise.ended);
    CHECK(noise.ended->reason == "the input is no MPEG transport stream with a programme");
    CHECK_FALSE(run_of(source_rules(), {}).ended);
}

TEST_CASE("segmenter: streams that move to other PIDs end the run") {
    TsBuilder builder;
    builder.tables();
    pictures(builder, Ticks90k(0), 60, every(48));
    builder.tables(0x1B, /*with_audio=*/false);
    pictures(builder, Ticks90k(60 * 3600), 60, every(48));
    auto const run = run_of(source_rules(), builder.take());
    REQUIRE(run.ended);
    CHECK(run.ended->reason == "the source's streams changed");
    CHECK(run.pictures == 60);
}

TEST_CASE("stream map: the tables name what is kept, its descriptors with it, and nothing else") {
    mpegts::Pmt pmt{
        .program_number = 9,
        .version = 4,
        .pcr_pid = 0x1FE,
        .descriptors = bytes_of("05 04 43 55 45 49"),
        .streams = {{.type = 0x0F, .pid = 0x21, .descriptors = bytes_of("0A 04 64 65 75 00")},
                    {.type = 0x1B, .pid = 0x20, .descriptors = {}},
                    {.type = 0x0F, .pid = 0x22, .descriptors = {}},
                    {.type = 0x06, .pid = 0x23, .descriptors = bytes_of("56 05 64 65 75 09 00")},
                    {.type = 0x86, .pid = 0x24, .descriptors = {}}}};
    unsigned counter = 0;
    auto stream = mpegts::packets_of_section(
        mpegts::encode(mpegts::Pat{.programs = {{9, 0x90}, {10, 0x91}}}), 0, counter);
    auto const map_packets = mpegts::packets_of_section(mpegts::encode(pmt), 0x90, counter);
    stream.insert(stream.end(), map_packets.begin(), map_packets.end());
    StreamMap map;
    for (std::size_t at = 0; at < stream.size(); at += mpegts::packet_size) {
        CHECK(map.take(mpegts::parse_packet(mpegts::PacketBytes(stream.data() + at, 188)).value()));
    }
    REQUIRE(map.streams());
    CHECK(map.streams()->video_pid == 0x20);
    CHECK(map.streams()->audio_pid == 0x21);
    CHECK(map.streams()->keep(0x24));
    CHECK(map.streams()->keep(0x1FE));
    CHECK_FALSE(map.streams()->keep(0x22));
    CHECK_FALSE(map.streams()->keep(0x23));

    auto const tables = map.first_tables();
    REQUIRE(tables.size() == 2 * mpegts::packet_size);
    auto const pat = mpegts::parse_pat(std::span(tables).subspan(5));
    CHECK(pat.value().programs == std::vector<mpegts::Pat::Program>{{9, 0x90}});
    std::erase_if(pmt.streams,
                  [](auto const& entry) { return entry.pid == 0x22 || entry.pid == 0x23; });
    CHECK(mpegts::parse_pmt(std::span(tables).subspan(mpegts::packet_size + 5)).value() == pmt);
}
