#include "tests/unit/core/hls/rules/broken.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace continuo::hls::rules {

void check_recordings(std::vector<Broken> const& recordings) {
    for (auto const& broken : recordings) {
        CAPTURE(broken.rule);
        CAPTURE(broken.name);
        Recording recording;
        broken.how(recording);
        auto const findings = recording.play();
        CAPTURE(text_of(findings));
        CHECK_FALSE(findings.empty());
        CHECK(std::ranges::all_of(findings, [&](Finding const& finding) {
            return finding.rule == broken.rule && finding.weight == broken.weight;
        }));
    }
}

std::string text_of(std::vector<Finding> const& findings) {
    std::string text;
    for (auto const& finding : findings)
        text += to_text(finding) + "\n";
    return text;
}

MediaSegment* find(MediaPlaylist& playlist, std::uint64_t number) {
    if (number < playlist.media_sequence) return nullptr;
    auto const index = number - playlist.media_sequence;
    return index < playlist.segments.size() ? &playlist.segments[index] : nullptr;
}

std::function<void(MediaPlaylist&, Occasion)>
on_segment(std::uint64_t number, std::function<void(MediaSegment&, Occasion)> edit) {
    return [number, edit = std::move(edit)](MediaPlaylist& playlist, Occasion at) {
        if (auto* segment = find(playlist, number)) edit(*segment, at);
    };
}

void make_fragmented(Recording& recording,
                     std::function<void(SegmentFacts&, SegmentOccasion)> edit) {
    recording.playlist = [](MediaPlaylist& playlist, Occasion at) {
        playlist.version = 6;
        for (auto& segment : playlist.segments)
            segment.map =
                MediaMap{.uri = std::to_string(at.variant) + "-init.mp4",
                         .byte_range = ByteRange{.length_bytes = 700, .offset_bytes = {}}};
    };
    recording.facts = [edit = std::move(edit)](SegmentFacts& facts, SegmentOccasion at) {
        facts.container = Container::fragmented_mp4;
        facts.decode_begin =
            facts.span * static_cast<std::int64_t>(at.number - Recording::first_number);
        facts.decode_duration = facts.span;
        edit(facts, at);
    };
    recording.segment = [](Response& answer, auto) {
        answer.headers.push_back({"content-type", "video/mp4"}); // the last one counts
    };
}

void make_rendition(Recording& recording, std::chrono::milliseconds date_off) {
    recording.second = StreamKind::rendition;
    recording.playlist = [date_off](MediaPlaylist& playlist, Occasion at) {
        if (at.variant == 0) return;
        ++playlist.media_sequence;
        for (auto& segment : playlist.segments)
            *segment.program_date_time += date_off;
    };
    recording.facts = [](SegmentFacts& facts, SegmentOccasion at) {
        if (at.variant == 1) *facts.start = wrapped(*facts.start - facts.span);
    };
}

} // namespace continuo::hls::rules
