#include "tests/support/segmenter_run.hpp"
#include "tests/support/ts_builder.hpp"
#include "workers/segment/segmenter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace segmenter_test {

using namespace continuo;
using namespace continuo::segment;
using namespace continuo::test;
using contract::SegmentEnd;

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

TEST_CASE("segmenter: a stream of which each packet is sent twice gives the same segments") {
    auto const stream = stream_of({.gop = 12, .pictures = 140, .b_frames = 2});
    Bytes doubled;
    for (std::size_t at = 0; at < stream.size(); at += mpegts::packet_size) {
        auto const begin = stream.begin() + static_cast<std::ptrdiff_t>(at);
        for (int i = 0; i < 2; ++i)
            doubled.insert(doubled.end(), begin, begin + mpegts::packet_size);
    }
    CHECK(run_of(source_rules(second), doubled).files ==
          run_of(source_rules(second), stream).files);
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

} // namespace segmenter_test
