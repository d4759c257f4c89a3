#include "tests/support/segmenter_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace continuo::test {
namespace {

using namespace segment;

void collect(Run& run, Output const& output, bool& is_open) {
    std::size_t done = 0;
    auto const append_up_to = [&](std::size_t end) {
        if (end == done) return;
        REQUIRE(is_open);
        auto const begin = output.bytes.begin();
        run.files.back().insert(run.files.back().end(), begin + static_cast<std::ptrdiff_t>(done),
                                begin + static_cast<std::ptrdiff_t>(end));
        done = end;
    };
    for (auto const& event : output.events) {
        REQUIRE(event.offset >= done);
        REQUIRE_FALSE(run.ended);
        append_up_to(event.offset);
        if (std::holds_alternative<SegmentOpened>(event.what)) {
            REQUIRE_FALSE(is_open);
            is_open = true;
            run.files.emplace_back();
        } else if (auto const* const closed = std::get_if<SegmentClosed>(&event.what)) {
            REQUIRE(is_open);
            is_open = false;
            run.segments.push_back(closed->line);
        } else if (auto const* const found = std::get_if<GridFound>(&event.what)) {
            run.info = found->info;
        } else if (auto const* const cut = std::get_if<CutDecided>(&event.what)) {
            run.cuts.push_back(cut->cut);
        } else if (auto const* const decided = std::get_if<BoundaryDecided>(&event.what)) {
            run.boundaries.push_back(decided->boundary);
        } else if (auto const* const remark = std::get_if<CueRemark>(&event.what)) {
            run.remarks.push_back(remark->text);
        } else if (auto const* const ended = std::get_if<Ended>(&event.what)) {
            run.ended = *ended;
        }
    }
    append_up_to(output.bytes.size());
}

unsigned pictures_in(Bytes const& file) {
    unsigned count = 0;
    for (std::size_t at = 0; at < file.size(); at += mpegts::packet_size) {
        auto const packet =
            mpegts::parse_packet(mpegts::PacketBytes(file.data() + at, mpegts::packet_size));
        if (packet && packet->pid == TsBuilder::video_pid && packet->payload_unit_start) ++count;
    }
    return count;
}

} // namespace

Run run_of(Rules const& rules, Bytes const& stream, std::size_t chunk,
           std::vector<contract::Cut> const& known_cuts) {
    Segmenter segmenter(rules);
    for (auto const& cut : known_cuts)
        segmenter.add_cut(cut);
    return run_of(segmenter, stream, chunk);
}

Run run_of(Segmenter& segmenter, Bytes const& stream, std::size_t chunk) {
    Run run;
    bool is_open = false;
    Output output;
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
        output.clear();
        segmenter.feed(std::span(stream).subspan(at, std::min(chunk, stream.size() - at)), output);
        collect(run, output, is_open);
    }
    output.clear();
    segmenter.finish(output);
    collect(run, output, is_open);
    REQUIRE_FALSE(is_open);
    for (auto const& file : run.files)
        run.pictures += pictures_in(file);
    return run;
}

Run run_by_boundaries(Rules const& rules, std::vector<Bytes> const& stretches,
                      std::vector<contract::Boundary> const& told, std::size_t chunk) {
    Segmenter segmenter(rules);
    Run run;
    bool is_open = false;
    Output output;
    auto next = told.begin();
    if (rules.leads) {
        for (; next != told.end(); ++next)
            segmenter.add_boundary(*next);
    }
    auto const feed = [&](std::span<std::uint8_t const> bytes) {
        for (;;) {
            output.clear();
            segmenter.feed(bytes, output);
            collect(run, output, is_open);
            if (!segmenter.is_waiting() || next == told.end()) return;
            segmenter.add_boundary(*next++);
            bytes = {};
        }
    };
    for (auto const& stretch : stretches) {
        if (&stretch != &stretches.front()) {
            output.clear();
            segmenter.discontinuity(output);
            collect(run, output, is_open);
        }
        for (std::size_t at = 0; at < stretch.size() && !segmenter.is_waiting(); at += chunk)
            feed(std::span(stretch).subspan(at, std::min(chunk, stretch.size() - at)));
    }
    output.clear();
    segmenter.finish(output);
    collect(run, output, is_open);
    REQUIRE_FALSE(is_open);
    for (auto const& file : run.files)
        run.pictures += pictures_in(file);
    return run;
}

std::vector<std::uint16_t> pids_of(Bytes const& packets) {
    std::vector<std::uint16_t> pids;
    for (std::size_t at = 0; at < packets.size(); at += mpegts::packet_size) {
        pids.push_back(
            mpegts::pid_of(mpegts::PacketBytes(packets.data() + at, mpegts::packet_size)));
    }
    return pids;
}

std::vector<Ticks90k> durations(Run const& run) {
    std::vector<Ticks90k> all;
    for (auto const& line : run.segments)
        all.push_back(line.duration);
    return all;
}

std::vector<contract::SegmentEnd> ends(Run const& run) {
    std::vector<contract::SegmentEnd> all;
    for (auto const& line : run.segments)
        all.push_back(line.end);
    return all;
}

Rules source_rules(Ticks90k segment_time, Ticks90k target_duration) {
    return {.segment_time = segment_time,
            .target_duration = target_duration,
            .grid = {},
            .leads = true};
}

Rules leader_rules(Ticks90k segment_time, Ticks90k target_duration) {
    return {.segment_time = segment_time,
            .target_duration = target_duration,
            .grid = {},
            .leads = true,
            .by_boundaries = true};
}

Rules follower_rules(std::uint64_t begin_with, Ticks90k target_duration) {
    return {.segment_time = {},
            .target_duration = target_duration,
            .grid = {},
            .by_boundaries = true,
            .begin_with = begin_with};
}

Rules variant_rules(timeline::Grid const& grid) {
    return {.segment_time = {}, .target_duration = 6 * second, .grid = grid, .leads = false};
}

} // namespace continuo::test
