#include "tests/unit/core/hls/rules/broken.hpp"

#include <doctest/doctest.h>

namespace text_recordings_test {

using namespace continuo;
using namespace continuo::hls;
using namespace continuo::hls::rules;
using namespace std::chrono_literals;

void replace(std::string& text, std::string_view what, std::string_view with) {
    auto const found = text.find(what);
    REQUIRE(found != std::string::npos);
    text.replace(found, what.size(), with);
}

std::vector<Broken> one_text() {
    return {
        {1, Weight::broken, "a byte order mark",
         [](Recording& r) {
             r.text = [](std::string& text, auto) { text.insert(0, "\xEF\xBB\xBF"); };
         }},
        {1, Weight::broken, "a control character",
         [](Recording& r) { r.text = [](std::string& text, auto) { text += "# \x01\n"; }; }},
        {1, Weight::broken, "bytes that are no UTF-8",
         [](Recording& r) { r.text = [](std::string& text, auto) { text += "# \xFF\n"; }; }},
        {1, Weight::broken, "a version too low for decimals",
         [](Recording& r) { r.playlist = [](MediaPlaylist& p, auto) { p.version = 2; }; }},
        {1, Weight::broken, "two versions",
         [](Recording& r) {
             r.text = [](std::string& text, auto) { text += "#EXT-X-VERSION:3\n"; };
         }},
        {1, Weight::broken, "a tag of multivariant playlists",
         [](Recording& r) {
             r.text = [](std::string& text, auto) {
                 text += "#EXT-X-SESSION-DATA:DATA-ID=\"x\"\n";
             };
         }},
        {1, Weight::advice, "a version higher than needed",
         [](Recording& r) { r.playlist = [](MediaPlaylist& p, auto) { p.version = 7; }; }},
        {2, Weight::broken, "segments longer than the target duration",
         [](Recording& r) {
             r.segment_time = 6.6s;
             r.arrival = 60s;
         }},
        {2, Weight::broken, "a target duration with decimals",
         [](Recording& r) {
             r.text = [](std::string& text, auto) {
                 replace(text, "TARGETDURATION:6", "TARGETDURATION:6.0");
             };
         }},
        {3, Weight::broken, "a second media sequence",
         [](Recording& r) {
             r.text = [](std::string& text, auto) {
                 auto const begin = text.find("#EXT-X-MEDIA-SEQUENCE");
                 text.insert(begin, text.substr(begin, text.find('\n', begin) + 1 - begin));
             };
         }},
        {3, Weight::broken, "a playlist type in a live list",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, auto) { p.playlist_type = "EVENT"; };
         }},
        {5, Weight::broken, "a list shorter than three target durations",
         [](Recording& r) { r.window = 4; }},
        {18, Weight::advice, "a discontinuity without a date",
         [](Recording& r) {
             r.playlist =
                 on_segment(109, [](MediaSegment& s, auto) { s.program_date_time.reset(); });
         }},
        {18, Weight::advice, "no dates at all",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, auto) {
                 for (auto& s : p.segments)
                     s.program_date_time.reset();
             };
         }},
        {18, Weight::advice, "dates from a clock that is 20 s ahead",
         [](Recording& r) {
             r.playlist = [](MediaPlaylist& p, auto) {
                 for (auto& s : p.segments)
                     *s.program_date_time += 20s;
             };
         }},
    };
}

TEST_CASE("verifier: what is wrong in one playlist is told by its rule") {
    check_recordings(one_text());
}

} // namespace text_recordings_test
