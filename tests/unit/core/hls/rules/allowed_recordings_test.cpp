// What a live origin may do: recordings that look unusual and break nothing.
#include "tests/unit/core/hls/rules/broken.hpp"

#include <doctest/doctest.h>

namespace allowed_recordings_test {

using namespace continuo;
using namespace continuo::hls;
using namespace continuo::hls::rules;
using namespace std::chrono_literals;

struct Allowed {
    std::string name;
    std::function<void(Recording&)> how;
};

std::vector<Allowed> recordings() {
    return {
        {"a variant one segment behind",
         [](Recording& r) {
             r.clock = [](Occasion const& at) { return at.variant == 1 ? at.time - 4s : at.time; };
         }},
        {"a rendition that counts otherwise", [](Recording& r) { make_rendition(r); }},
        {"a rendition that counts otherwise, one segment behind",
         [](Recording& r) {
             make_rendition(r);
             r.clock = [](Occasion const& at) { return at.variant == 1 ? at.time - 4s : at.time; };
         }},
        {"dates that go back by less than half a target duration at a discontinuity",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, auto) {
                 for (std::uint64_t n = 109; n < 130; ++n)
                     if (auto* s = find(p, n)) *s->program_date_time -= 2'900ms;
             };
         }},
        {"the last pictures before a discontinuity are missing, its start is exact",
         [](Recording& r) {
             r.facts = [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number == 108) f.span -= Ticks90k{7'200};
             };
         }},
        {"another time behind a discontinuity",
         [](Recording& r) {
             r.facts = [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number >= 109) *f.start = wrapped(*f.start - 1h);
             };
         }},
        {"pictures of the next segment belong before its keyframe",
         [](Recording& r) { r.facts = [](SegmentFacts& f, auto) { f.span -= Ticks90k{7'200}; }; }},
        {"fragmented MP4", [](Recording& r) { make_fragmented(r); }},
        {"fragmented MP4 with other decode times behind a discontinuity",
         [](Recording& r) {
             make_fragmented(r, [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number >= 109) *f.decode_begin += 1h;
             });
         }},
        {"fragments whose clock counts thousandths",
         [](Recording& r) {
             make_fragmented(r, [](SegmentFacts& f, SegmentOccasion at) {
                 f.timescale = 1'000;
                 if (at.number % 2 == 0) f.decode_duration += Ticks90k{135};
             });
         }},
        {"a date that jumps ahead at a discontinuity",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, auto) {
                 for (std::uint64_t n = 109; n < 130; ++n)
                     if (auto* s = find(p, n)) *s->program_date_time += 2s;
             };
         }},
        {"the list ends, and everything stays",
         [](Recording& r) {
             r.clock = [](Occasion const& at) { return std::min(at.time, decltype(at.time){60s}); };
             r.playlist = [](MediaPlaylist& p, Occasion at) { p.ended = at.time > 59s; };
         }},
        {"the channel goes, and its segments stay",
         [](Recording& r) {
             r.answer = [](Response& a, Occasion at) {
                 if (at.time > 79s) a.status = 410;
             };
         }},
        {"a finished list, gone through once",
         [](Recording& r) {
             r.clock = [](Occasion const& at) { return std::min(at.time, decltype(at.time){30s}); };
             r.playlist = [](MediaPlaylist& p, auto) {
                 p.ended = true;
                 p.playlist_type = "VOD";
             };
         }},
        {"503 until the channel has started",
         [](Recording& r) {
             r.answer = [](Response& a, Occasion at) {
                 if (at.time < 40s) a.status = 503;
             };
         }},
        {"a gap, which nobody can fetch",
         [](Recording& r) {
             r.playlist = on_segment(112, [](MediaSegment& s, auto) { s.gap = true; });
             r.segment = [](Response& a, SegmentOccasion at) {
                 if (at.number == 112) a.status = 404;
             };
         }},
        {"404 after the time that a segment has to stay",
         [](Recording& r) {
             r.watched = 90s;
             r.segment = [](Response& a, SegmentOccasion at) {
                 if (at.again && at.number < 100) a.status = 404;
             };
         }},
        {"containers that nobody looks into",
         [](Recording& r) { r.facts = [](SegmentFacts& f, auto) { f = SegmentFacts{}; }; }},
    };
}

TEST_CASE("verifier: what is allowed gives no finding") {
    for (auto const& allowed : recordings()) {
        CAPTURE(allowed.name);
        Recording recording;
        allowed.how(recording);
        CHECK(text_of(recording.play()) == "");
    }
}

} // namespace allowed_recordings_test
