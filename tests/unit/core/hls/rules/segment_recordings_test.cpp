#include "tests/unit/core/hls/rules/broken.hpp"

#include <doctest/doctest.h>

namespace segment_recordings_test {

using namespace continuo;
using namespace continuo::hls;
using namespace continuo::hls::rules;
using namespace std::chrono_literals;

void set_header(Response& response, std::string const& name, std::string const& value) {
    std::erase_if(response.headers, [&](Header const& header) { return header.name == name; });
    if (!value.empty()) response.headers.push_back({name, value});
}

std::vector<Broken> segments() {
    return {
        {4, Weight::broken, "an EXTINF 5 ms off",
         [](Recording& r) {
             r.facts = [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number == 112) *f.start += Ticks90k{450};
             };
         }},
        {4, Weight::broken, "an EXTINF off the pictures before a discontinuity",
         [](Recording& r) {
             r.facts = [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number == 108) f.span -= Ticks90k{9'000};
                 if (at.number >= 109) *f.start = wrapped(*f.start + 5s);
             };
         }},
        {4, Weight::broken, "a last EXTINF longer than its pictures",
         [](Recording& r) {
             r.clock = [](Occasion const& at) { return std::min(at.time, decltype(at.time){60s}); };
             r.playlist = [](MediaPlaylist& p, Occasion at) { p.ended = at.time > 59s; };
             r.facts = [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number == 114) f.span -= Ticks90k{9'000};
             };
         }},
        {4, Weight::broken, "segments without tables in front",
         [](Recording& r) {
             r.facts = [](SegmentFacts& f, auto) { f.starts_with_tables = false; };
         }},
        {4, Weight::broken, "two programs",
         [](Recording& r) { r.facts = [](SegmentFacts& f, auto) { f.programs = 2; }; }},
        {4, Weight::broken, "a segment without its keyframe",
         [](Recording& r) {
             r.facts = [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number == 112) f.starts_with_keyframe = false;
             };
         }},
        {4, Weight::broken, "fragmented MP4 without a map",
         [](Recording& r) {
             r.facts = [](SegmentFacts& f, auto) { f.container = Container::fragmented_mp4; };
             r.probes = [](ProbeAnswers& a) {
                 set_header(a.segment, "content-type", "video/mp4");
                 set_header(a.segment_head, "content-type", "video/mp4");
             };
         }},
        {4, Weight::broken, "a segment that can't be read",
         [](Recording& r) {
             r.readable = [](SegmentOccasion at) -> Result<> {
                 if (at.number == 112) return fail(Errc::truncated, "mdat at byte 764");
                 return {};
             };
         }},
        {4, Weight::broken, "a map that is none",
         [](Recording& r) {
             make_fragmented(r);
             r.map = [](Response&, Result<>& checked) { checked = fail(Errc::not_found, "moov"); };
         }},
        {4, Weight::broken, "a fragment without its keyframe",
         [](Recording& r) {
             make_fragmented(r, [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number == 112) f.starts_with_keyframe = false;
             });
         }},
        {7, Weight::broken, "a map that is not there",
         [](Recording& r) {
             make_fragmented(r);
             r.map = [](Response& a, Result<>&) { a.status = 404; };
         }},
        {7, Weight::broken, "the playlist answers 503",
         [](Recording& r) {
             r.answer = [](Response& a, Occasion at) {
                 if (at.time > 59s && at.time < 61s) a.status = 503;
             };
         }},
        {7, Weight::broken, "a listed segment is gone when the verifier comes",
         [](Recording& r) {
             r.segment = [](Response& a, SegmentOccasion at) {
                 if (at.number == 101) a.status = 404;
             };
         }},
        {7, Weight::broken, "a URI with other bytes the second time",
         [](Recording& r) {
             r.segment = [](Response& a, SegmentOccasion at) {
                 if (at.again && at.number == 104) a.body.back() = 'y';
             };
         }},
        {7, Weight::broken, "one URI for two segments",
         [](Recording& r) {
             r.playlist = on_segment(113, [](MediaSegment& s, Occasion at) {
                 s.uri = std::to_string(at.variant) + "-112.ts";
             });
             r.segment = [](Response& a, SegmentOccasion at) {
                 a.body.back() = static_cast<char>(at.number);
             };
         }},
        {7, Weight::broken, "a transfer slower than the media",
         [](Recording& r) {
             r.segment = [](Response& a, SegmentOccasion at) {
                 if (at.number == 112) a.transfer = 4'100ms;
             };
         }},
        {12, Weight::broken, "a new segment is listed before it is there",
         [](Recording& r) {
             r.segment = [](Response& a, SegmentOccasion at) {
                 if (at.number == 112 && !at.again) a.status = 404;
             };
         }},
        {12, Weight::broken, "a new segment is listed before it is whole",
         [](Recording& r) {
             r.segment = [](Response& a, SegmentOccasion at) {
                 if (at.number == 112 && !at.again) {
                     a.complete = false;
                     a.failure = "closed early";
                 }
             };
         }},
        {13, Weight::broken, "a segment goes too early after its removal",
         [](Recording& r) {
             r.segment = [](Response& a, SegmentOccasion at) {
                 if (at.number == 103 && at.again) a.status = 404;
             };
         }},
        {23, Weight::broken, "a jump in time without a discontinuity",
         [](Recording& r) {
             r.facts = [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number >= 112) *f.start = wrapped(*f.start - 10s);
             };
         }},
        {23, Weight::broken, "a hole between the decode times of two fragments",
         [](Recording& r) {
             make_fragmented(r, [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number == 112) f.decode_duration -= Ticks90k{3'600};
             });
         }},
        {23, Weight::broken, "decode times that overlap",
         [](Recording& r) {
             make_fragmented(r, [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number == 112) f.decode_duration += Ticks90k{200};
             });
         }},
        {23, Weight::advice, "another picture size without a discontinuity",
         [](Recording& r) {
             r.facts = [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.number >= 112) f.height = 576;
             };
         }},
    };
}

TEST_CASE("verifier: what is wrong with segments is told by its rule") {
    check_recordings(segments());
}

} // namespace segment_recordings_test
