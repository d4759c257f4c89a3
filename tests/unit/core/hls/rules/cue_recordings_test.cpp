// Breaks in live ladders: those of ours and of others that are right, and what is told of wrong
// ones.
#include "core/hls/cue_tags.hpp"
#include "core/hls/rules/cue_rules.hpp"
#include "tests/unit/core/hls/rules/broken.hpp"

#include <doctest/doctest.h>

namespace cue_recordings_test {

using namespace continuo;
using namespace continuo::hls;
using namespace continuo::hls::rules;
using namespace std::chrono_literals;
using timeline::Breaks;
using timeline::Cue;

constexpr std::uint64_t out_at = 110;
constexpr std::uint64_t in_at = 113;
constexpr std::uint64_t next_out_at = 115; // returns by itself after 8 s
CueTags const all_tags{
    .styles = {CueStyle::x_cue, CueStyle::x_scte35, CueStyle::x_daterange, CueStyle::x_splicepoint},
    .interstitial_uri = "https://ads/{event_id}"};

std::vector<Cue> cues_at(std::uint64_t number, Ticks90k start) {
    Cue cue{.event_id = 7, .time = start - 1s, .section = "/DAl"};
    if (number == in_at) cue.kind = Cue::Kind::in;
    if (number == next_out_at) {
        cue.event_id = 8;
        cue.planned = 8s;
        cue.auto_return = true;
    }
    return number == out_at || number == in_at || number == next_out_at ? std::vector{cue}
                                                                        : std::vector<Cue>{};
}

/// Gives the list the tags of two breaks.
void add_breaks(MediaPlaylist& playlist, CueTags const& tags) {
    Breaks breaks;
    for (auto number = Recording::first_number; number < playlist.media_sequence + 6; ++number) {
        auto const offset =
            static_cast<std::int64_t>(number) - static_cast<std::int64_t>(playlist.media_sequence);
        auto const start = Ticks90k{4s} * static_cast<std::int64_t>(number);
        auto const cues = cues_at(number, start);
        auto const marks =
            breaks.next({.number = number,
                         .start = start,
                         .duration = 4s,
                         .date = *playlist.segments.front().program_date_time + offset * 4s,
                         .cues = cues});
        auto* const segment = find(playlist, number);
        if (segment == nullptr) continue;
        segment->extra_tags = offset == 0 ? tags.first_lines(marks) : tags.lines(marks);
    }
}

Recording with_breaks(CueTags tags) {
    Recording recording;
    recording.watched = 80s;
    recording.playlist = [tags = std::move(tags)](MediaPlaylist& playlist, Occasion) {
        add_breaks(playlist, tags);
    };
    return recording;
}

using Edit = std::function<void(MediaSegment&, Occasion)>;

/// The same, with one segment changed.
Broken broken_break(int rule, std::string name, std::uint64_t number, Edit edit) {
    return {rule, Weight::broken, std::move(name), [number, edit = std::move(edit)](Recording& r) {
                r.watched = 80s;
                r.playlist = [number, edit](MediaPlaylist& playlist, Occasion at) {
                    add_breaks(playlist, all_tags);
                    if (auto* const segment = find(playlist, number)) edit(*segment, at);
                };
            }};
}

void replace(MediaSegment& segment, std::string const& before, std::string const& after) {
    for (auto& tag : segment.extra_tags)
        if (auto const at = tag.find(before); at != std::string::npos)
            tag.replace(at, before.size(), after);
}

void erase(MediaSegment& segment, std::string_view tag) {
    std::erase_if(segment.extra_tags, [&](auto const& line) { return line.starts_with(tag); });
}

TEST_CASE("verifier: breaks as this origin tells them give no finding") {
    for (auto const style : all_tags.styles)
        CHECK(text_of(with_breaks({.styles = {style}}).play()) == "");
    CHECK(text_of(with_breaks(all_tags).play()) == "");
}

TEST_CASE("verifier: breaks that others tell in other ways give no finding") {
    using Tags = std::vector<std::pair<std::uint64_t, std::string>>;
    for (auto const& tags : std::vector<Tags>{
             {{110, "#EXT-X-CUE-OUT:DURATION=12"},
              {111, "#EXT-X-CUE-OUT-CONT:ElapsedTime=4,Duration=12,SCTE35=/DA"},
              {112, "#EXT-X-CUE-OUT-CONT:ElapsedTime=8,Duration=12,SCTE35=/DA"},
              {113, "#EXT-X-CUE-IN"}},
             {{110, "#EXT-X-CUE-OUT:12"}, {113, "#EXT-X-CUE-IN"}}, // without CONT
             {{110, "#EXT-X-CUE-OUT:12"}, {115, "#EXT-X-CUE-OUT:12"}},
             {{110, "#EXT-X-CUE-OUT"}, {111, "#EXT-X-CUE-OUT-CONT"}, {112, "#EXT-X-CUE-IN"}},
             {{110, "#EXT-X-CUE-OUT:8"},
              {111, "#EXT-X-CUE-OUT-CONT:8/8"}, // counted at the end of the segment
              {112, "#EXT-X-CUE-IN"}},
             {{110, "#EXT-X-CUE-OUT-CONT:20.5/30"}, {111, "#EXT-X-CUE-OUT-CONT:24.5/30"}},
             {{110, "#EXT-X-DATERANGE:ID=\"x\",START-DATE=\"2026-11-21T10:00:00Z\",DURATION=4"}},
             {{110, "#EXT-X-SCTE35:TYPE=0x34,CUE=\"/DA\""}}}) {
        Recording recording;
        recording.watched = 80s;
        recording.playlist = [&](MediaPlaylist& playlist, Occasion) {
            for (auto const& [number, tag] : tags)
                if (auto* const segment = find(playlist, number)) segment->extra_tags = {tag};
            // Others go on with CONT until the break has left the list.
            if (tags.front().second.find("CONT") == std::string::npos) return;
            for (std::uint64_t number = 100; number < 110; ++number)
                if (auto* const segment = find(playlist, number))
                    segment->extra_tags = {"#EXT-X-CUE-OUT-CONT"};
            for (std::uint64_t number = 112; number < 130; ++number)
                if (auto* const segment = find(playlist, number))
                    segment->extra_tags = {"#EXT-X-CUE-OUT-CONT"};
        };
        CAPTURE(tags.front().second);
        CHECK(text_of(recording.play()) == "");
    }
}

TEST_CASE("verifier: breaks that are told wrongly are told by their rule") {
    check_recordings(
        {broken_break(37, "elapsed time that does not count EXTINF", 112,
                      [](MediaSegment& s, auto) { replace(s, "CONT:8.000000", "CONT:7.900000"); }),
         broken_break(37, "the beginning of a break is missing", out_at,
                      [](MediaSegment& s, auto) { erase(s, "#EXT-X-CUE-OUT"); }),
         broken_break(37, "the end of a break is missing", in_at,
                      [](MediaSegment& s, auto) { erase(s, "#EXT-X-CUE-IN"); }),
         broken_break(37, "a break ends twice", in_at + 1,
                      [](MediaSegment& s, auto) { s.extra_tags = {"#EXT-X-CUE-IN"}; }),
         broken_break(37, "a break begins inside of one", out_at + 1,
                      [](MediaSegment& s, auto) { s.extra_tags = {"#EXT-X-CUE-OUT:30"}; }),
         broken_break(37, "a break in one variant only", in_at,
                      [](MediaSegment& s, Occasion at) {
                          if (at.variant == 1) erase(s, "#EXT-X-SPLICEPOINT");
                      }),
         broken_break(37, "a splice in one variant only", 118,
                      [](MediaSegment& s, Occasion at) {
                          if (at.variant == 0)
                              s.extra_tags = {"#EXT-X-DATERANGE:ID=\"z\",START-DATE="
                                              "\"2020-01-01T00:00:00Z\",SCTE35-OUT=0xFC"};
                      }),
         broken_break(37, "a break that comes later", 118,
                      [](MediaSegment& s, Occasion at) {
                          if (at.time > 85s) s.extra_tags = {"#EXT-X-CUE-OUT:30"};
                      }),
         broken_break(14, "an end that is not start and duration", in_at,
                      [](MediaSegment& s, auto) { replace(s, "DURATION=12.0", "DURATION=12.1"); }),
         broken_break(14, "two planned durations", next_out_at,
                      [](MediaSegment& s, auto) {
                          s.extra_tags.push_back(s.extra_tags[2] + ",DURATION=1");
                          s.extra_tags.push_back(s.extra_tags[2] + ",DURATION=2");
                      }),
         broken_break(14, "a date range without a date", in_at + 1,
                      [](MediaSegment& s, auto) {
                          s.extra_tags = {"#EXT-X-DATERANGE:ID=\"x\",DURATION=4"};
                      }),
         broken_break(14, "a date range without an ID", in_at + 1,
                      [](MediaSegment& s, auto) {
                          s.extra_tags = {"#EXT-X-DATERANGE:START-DATE=\"2026-01-01T00:00:00Z\""};
                      }),
         broken_break(14, "an end of no beginning", in_at, [](MediaSegment& s, auto) {
             replace(s, "ID=\"7-110\",START-DATE=", "ID=\"7-111\",START-DATE=");
         })});
}

} // namespace cue_recordings_test
