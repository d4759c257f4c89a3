#include "tests/unit/core/hls/rules/broken.hpp"

#include <doctest/doctest.h>

namespace update_recordings_test {

using namespace continuo;
using namespace continuo::hls;
using namespace continuo::hls::rules;
using namespace std::chrono_literals;

std::vector<Broken> from_version_to_version() {
    return {
        {8, Weight::broken, "another URI for a listed segment",
         [](Recording& r) {
             r.playlist = on_segment(112, [](MediaSegment& s, Occasion at) {
                 if (at.time > 59s) s.uri = "other.ts";
             });
         }},
        {8, Weight::broken, "the media sequence goes back",
         [](Recording& r) {
             r.clock = [](Occasion const& at) {
                 return at.time > 59s && at.time < 61s ? at.time - 10s : at.time;
             };
         }},
        {8, Weight::broken, "a media sequence that was not counted on",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 if (at.time > 61s && at.time < 63s) --p.media_sequence;
             };
         }},
        {8, Weight::broken, "the newest segment goes away again",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 if (at.time > 61s && at.time < 63s) p.segments.pop_back();
             };
         }},
        {8, Weight::broken, "a discontinuity that comes later",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 if (auto* s = find(p, 109); s && at.time < 50s) s->discontinuity = false;
             };
         }},
        {9, Weight::broken, "another target duration",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 if (at.time > 59s) p.target_duration = 7s;
             };
         }},
        {10, Weight::broken, "a discontinuity that leaves uncounted",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, auto) { p.discontinuity_sequence = 0; };
         }},
        {10, Weight::broken, "a discontinuity sequence that goes back",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 if (at.time > 79s) p.discontinuity_sequence = 0;
             };
         }},
        {11, Weight::broken, "no new segment for ten seconds",
         [](Recording& r) {
             r.clock = [](Occasion const& at) {
                 return at.time > 56s && at.time < 69s ? 56s : at.time;
             };
         }},
        {14, Weight::broken, "a key that goes from listed segments",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 for (auto& s : p.segments)
                     if (at.time < 59s)
                         s.keys = {MediaKey{.format = "identity",
                                            .attributes = "METHOD=AES-128,URI=\"k\""}};
             };
         }},
        {14, Weight::broken, "a date range that goes while it is in the list",
         [](Recording& r) {
             r.playlist = on_segment(112, [](MediaSegment& s, Occasion at) {
                 if (at.time < 59s)
                     s.extra_tags = {
                         "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2027-01-01T00:00:00Z\""};
             });
         }},
        {14, Weight::broken, "a date range that comes again with another start",
         [](Recording& r) {
             r.playlist = on_segment(112, [](MediaSegment& s, Occasion at) {
                 s.extra_tags = {
                     at.time < 59s
                         ? "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2027-01-01T00:00:00Z\""
                         : "#EXT-X-DATERANGE:ID=\"a\",START-DATE=\"2027-01-01T00:00:01Z\""};
             });
         }},
        {15, Weight::broken, "a text that ends in the middle",
         [](Recording& r) {
             r.text = [](std::string& text, Occasion at) {
                 if (at.time > 59s && at.time < 61s)
                     text.resize(text.rfind('\n', text.size() - 2) + 1);
             };
         }},
        {15, Weight::broken, "a body shorter than announced",
         [](Recording& r) {
             r.answer = [](Response& a, Occasion at) {
                 if (at.time > 59s && at.time < 61s) {
                     a.complete = false;
                     a.failure = "closed after 100 of 900 bytes";
                 }
             };
         }},
        {16, Weight::broken, "a list that changes after its end",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) { p.ended = at.time > 59s; };
         }},
        {16, Weight::broken, "a channel that comes back from 404",
         [](Recording& r) {
             r.answer = [](Response& a, Occasion at) {
                 if (at.time > 59s && at.time < 61s) a.status = 404;
             };
         }},
        {16, Weight::broken, "segments that go with their channel",
         [](Recording& r) {
             r.answer = [](Response& a, Occasion at) {
                 if (at.time > 79s) a.status = 404;
             };
             r.segment = [](Response& a, SegmentOccasion at) {
                 if (at.again && at.number > 113) a.status = 404;
             };
         }},
        {17, Weight::broken, "a date 100 ms late",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, auto) {
                 for (std::uint64_t n = 112; n < 130; ++n)
                     if (auto* s = find(p, n)) *s->program_date_time += 100ms;
             };
         }},
        {17, Weight::broken, "a date that goes back at a discontinuity",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, auto) {
                 for (std::uint64_t n = 109; n < 130; ++n)
                     if (auto* s = find(p, n)) *s->program_date_time -= 3500ms;
             };
         }},
        {17, Weight::broken, "another date for a listed segment",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 if (at.time > 59s)
                     for (auto& s : p.segments)
                         *s.program_date_time += 40ms;
             };
         }},
    };
}

TEST_CASE("verifier: what must not change from version to version is told by its rule") {
    check_recordings(from_version_to_version());
}

} // namespace update_recordings_test
