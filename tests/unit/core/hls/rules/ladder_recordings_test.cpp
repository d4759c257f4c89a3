#include "tests/unit/core/hls/rules/broken.hpp"

#include <doctest/doctest.h>

namespace ladder_recordings_test {

using namespace continuo;
using namespace continuo::hls;
using namespace continuo::hls::rules;
using namespace std::chrono_literals;

void set_header(Response& response, std::string const& name, std::string const& value) {
    std::erase_if(response.headers, [&](Header const& header) { return header.name == name; });
    if (!value.empty()) response.headers.push_back({name, value});
}

std::vector<Broken> ladder() {
    return {
        {6, Weight::broken, "a bandwidth below the peak",
         [](Recording& r) {
             r.multivariant = [](MultivariantPlaylist& p) { p.variants[1].bandwidth_bps = 2'700; };
         }},
        {6, Weight::broken, "codecs without the audio",
         [](Recording& r) {
             r.multivariant = [](MultivariantPlaylist& p) { p.variants[1].codecs = "avc1.64001f"; };
         }},
        {19, Weight::broken, "dates that differ between variants",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 if (at.variant == 1)
                     for (auto& s : p.segments)
                         *s.program_date_time += 100ms;
             };
         }},
        {20, Weight::broken, "target durations that differ",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 if (at.variant == 1) p.target_duration = 5s;
             };
         }},
        {20, Weight::broken, "a variant whose numbers slipped by one",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 if (at.variant == 1) {
                     ++p.media_sequence;
                     for (auto& s : p.segments)
                         s.discontinuity = false;
                     p.discontinuity_sequence = 0;
                 } else {
                     for (auto& s : p.segments)
                         s.discontinuity = false;
                     p.discontinuity_sequence = 0;
                 }
             };
             r.facts = [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.variant == 1) *f.start = wrapped(*f.start - 4s);
             };
         }},
        {20, Weight::broken, "a discontinuity in one variant only",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 if (at.variant == 1) {
                     for (auto& s : p.segments)
                         s.discontinuity = false;
                     p.discontinuity_sequence = 0;
                 }
             };
         }},
        {21, Weight::broken, "a variant two segments behind",
         [](Recording& r) {
             r.clock = [](Occasion const& at) { return at.variant == 1 ? at.time - 8s : at.time; };
         }},
        {21, Weight::broken, "a rendition two segments behind, which its dates tell",
         [](Recording& r) {
             make_rendition(r);
             r.clock = [](Occasion const& at) { return at.variant == 1 ? at.time - 8s : at.time; };
         }},
        {19, Weight::broken, "a rendition of other numbers and other dates",
         [](Recording& r) { make_rendition(r, 200ms); }},
        {22, Weight::broken, "a rendition that starts elsewhere at the same date",
         [](Recording& r) {
             r.second = StreamKind::rendition;
             r.facts = [](SegmentFacts& f, SegmentOccasion at) {
                 if (at.variant == 1) *f.start = wrapped(*f.start - 4s);
             };
         }},
        {22, Weight::broken, "server control that differs",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, Occasion at) {
                 p.server_control = at.variant == 0 ? "HOLD-BACK=18.0" : "HOLD-BACK=24.0";
             };
         }},
    };
}

std::vector<Broken> delivery() {
    auto const probe = [](auto edit) { return [edit](Recording& r) { r.probes = edit; }; };
    return {
        {33, Weight::advice, "a segment without its content type", probe([](ProbeAnswers& a) {
             set_header(a.segment, "content-type", "text/plain");
             set_header(a.segment_head, "content-type", "text/plain");
         })},
        {33, Weight::advice, "a playlist as plain text",
         probe([](ProbeAnswers& a) { set_header(a.playlist, "content-type", "text/plain"); })},
        {33, Weight::advice, "a long playlist without compression", probe([](ProbeAnswers& a) {
             set_header(a.playlist, "content-encoding", "");
             a.playlist.body.resize(2'000, '\n');
         })},
        {33, Weight::advice, "no ranges",
         probe([](ProbeAnswers& a) { a.segment_range.status = 200; })},
        {33, Weight::broken, "HEAD with another length",
         probe([](ProbeAnswers& a) { set_header(a.segment_head, "content-length", "0"); })},
        {33, Weight::broken, "HEAD refused",
         probe([](ProbeAnswers& a) { a.segment_head.status = 405; })},
        {33, Weight::broken, "a range of other bytes", probe([](ProbeAnswers& a) {
             set_header(a.segment_range, "content-range", "bytes 0-98/1400");
         })},
        {33, Weight::broken, "a range with too many bytes",
         probe([](ProbeAnswers& a) { a.segment_range.body += "x"; })},
        {33, Weight::broken, "200 behind the end",
         probe([](ProbeAnswers& a) { a.segment_beyond.status = 200; })},
        {34, Weight::advice, "404 without CORS",
         probe([](ProbeAnswers& a) { set_header(a.missing, "access-control-allow-origin", ""); })},
        {34, Weight::advice, "a preflight that refuses Range", probe([](ProbeAnswers& a) {
             set_header(a.options, "access-control-allow-headers", "Accept");
         })},
        {34, Weight::advice, "no preflight",
         probe([](ProbeAnswers& a) { a.options.status = 501; })},
        {35, Weight::broken, "a playlist that caches keep too long",
         probe([](ProbeAnswers& a) { set_header(a.playlist, "cache-control", "max-age=9"); })},
        {35, Weight::advice, "a playlist that caches keep rather long", probe([](ProbeAnswers& a) {
             set_header(a.playlist, "cache-control", "public, max-age=4");
         })},
        {35, Weight::advice, "404 that caches keep",
         probe([](ProbeAnswers& a) { set_header(a.missing, "cache-control", "max-age=60"); })},
        {35, Weight::advice, "an ETag that is not compared",
         probe([](ProbeAnswers& a) { a.playlist_unchanged = a.playlist; })},
        {36, Weight::advice, "a connection for each request",
         probe([](ProbeAnswers& a) { a.playlist.http_version = "1.0"; })},
    };
}

TEST_CASE("verifier: variants that differ are told by their rule") {
    check_recordings(ladder());
}

TEST_CASE("verifier: what is wrong in delivery is told by its rule") {
    check_recordings(delivery());
}

} // namespace ladder_recordings_test
