#include "cli/resegment/playlists.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::cli::resegment::playlists_test {

using namespace std::chrono_literals;
constexpr Ticks90k second{90'000};
constexpr hls::WallTime noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

ListedStep step(std::uint64_t number, Ticks90k duration = 2 * second) {
    auto const uri = "seg" + std::to_string(number) + ".ts";
    return {.files = {{.uri = uri, .duration = duration}, {.uri = uri, .duration = duration}}};
}

Playlists live(std::size_t window, std::chrono::seconds target = 2s) {
    return {2, {.target_duration = target, .window = window}};
}

std::vector<std::uint64_t> append(Playlists& playlists, std::uint64_t from, std::uint64_t count) {
    std::vector<std::uint64_t> departed;
    for (auto number = from; number < from + count; ++number) {
        playlists.append(step(number));
        for (auto const& each : playlists.shorten())
            departed.push_back(each.number);
    }
    return departed;
}

TEST_CASE("playlists: all grow alike, and end together") {
    Playlists playlists(2, {.target_duration = 3s});
    CHECK(playlists.next_number() == 0);
    auto first = step(0);
    first.files[1].duration = Ticks90k(181'000);
    playlists.append(std::move(first));
    auto second_step = step(1);
    second_step.discontinuity = true;
    second_step.date = noon;
    playlists.append(std::move(second_step));
    playlists.end();
    CHECK(playlists.next_number() == 2);
    CHECK(playlists.shorten().empty());
    CHECK(playlists.text(0) == "#EXTM3U\n"
                               "#EXT-X-VERSION:3\n"
                               "#EXT-X-TARGETDURATION:3\n"
                               "#EXT-X-MEDIA-SEQUENCE:0\n"
                               "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
                               "#EXTINF:2.000000,\n"
                               "seg0.ts\n"
                               "#EXT-X-DISCONTINUITY\n"
                               "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:00.000Z\n"
                               "#EXTINF:2.000000,\n"
                               "seg1.ts\n"
                               "#EXT-X-ENDLIST\n");
    CHECK(playlists.text(1).find("#EXTINF:2.011111,") != std::string::npos);
}

TEST_CASE("playlists: the window holds its number of segments") {
    auto playlists = live(5);
    CHECK(append(playlists, 0, 7) == std::vector<std::uint64_t>{0, 1});
    auto const text = playlists.text(1);
    CHECK(text.find("#EXT-X-MEDIA-SEQUENCE:2\n") != std::string::npos);
    CHECK(text.find("seg1.ts") == std::string::npos);
    CHECK(text.find("seg2.ts") != std::string::npos);
    CHECK(playlists.next_number() == 7);
}

TEST_CASE("playlists: the window is three target durations at least") {
    auto playlists = live(2, 4s);
    CHECK(append(playlists, 0, 8) == std::vector<std::uint64_t>{0, 1}); // 6 x 2 s stay
}

TEST_CASE("playlists: discontinuities that left are counted") {
    auto playlists = live(3);
    for (std::uint64_t number = 0; number < 8; ++number) {
        auto next = step(number);
        next.discontinuity = number % 2 == 0; // 0, 2, 4, 6
        playlists.append(std::move(next));
        playlists.shorten();
    }
    auto const text = playlists.text(0);
    CHECK(text.find("#EXT-X-MEDIA-SEQUENCE:5\n") != std::string::npos);
    CHECK(text.find("#EXT-X-DISCONTINUITY-SEQUENCE:3\n") != std::string::npos);
}

TEST_CASE("playlists: a file stays for its own duration and that of the longest list it was in") {
    auto playlists = live(5);
    append(playlists, 0, 5);
    playlists.append(step(5));
    auto const departed = playlists.shorten();
    REQUIRE(departed.size() == 1);
    CHECK(departed.front().after == 2 * second + 12 * second); // six were listed at once
}

TEST_CASE("playlists: a first segment beyond the target duration raises it, later ones do not") {
    Playlists playlists(2, {.target_duration = 2s});
    playlists.append(step(0, Ticks90k(2 * 90'000 + 50'000)));
    CHECK(playlists.target_duration() == 3s);
    playlists.append(step(1, 5 * second));
    CHECK(playlists.target_duration() == 3s);
}

TEST_CASE("playlists: byte ranges ask for version 4, gaps for version 8") {
    Playlists playlists(2, {.target_duration = 2s});
    auto next = step(0);
    next.files[0].range = hls::ByteRange{.length_bytes = 10, .offset_bytes = 5};
    next.files[1].gap = true;
    playlists.append(std::move(next));
    CHECK(playlists.text(0).find("#EXT-X-VERSION:4\n") != std::string::npos);
    CHECK(playlists.text(0).find("#EXT-X-BYTERANGE:10@5\n") != std::string::npos);
    CHECK(playlists.text(1).find("#EXT-X-VERSION:8\n") != std::string::npos);
    CHECK(playlists.text(1).find("#EXT-X-GAP\n") != std::string::npos);
}

timeline::BreakMark mark(timeline::BreakMark::Kind kind) {
    timeline::BreakMark made;
    made.kind = kind;
    made.out.event_id = 7;
    made.out.planned = 10 * second;
    made.out.section = "/DAl";
    made.start_date = noon;
    return made;
}

TEST_CASE("playlists: a break that goes on where the list begins is told again") {
    using Kind = timeline::BreakMark::Kind;
    Playlists playlists(
        2, {.target_duration = 2s, .window = 3, .tags = {.styles = {hls::CueStyle::x_daterange}}});
    for (std::uint64_t number = 0; number < 5; ++number) {
        auto next = step(number);
        next.date = noon;
        next.marks = {mark(number == 0 ? Kind::out : Kind::cont)};
        playlists.append(std::move(next));
        playlists.shorten();
    }
    for (std::size_t variant = 0; variant < 2; ++variant) {
        auto const text = playlists.text(variant);
        CHECK(text.find("seg0.ts") == std::string::npos);
        CHECK(text.find("#EXT-X-DATERANGE:") != std::string::npos);
        CHECK(text.find("#EXT-X-DATERANGE:") == text.rfind("#EXT-X-DATERANGE:"));
    }
}

TEST_CASE("playlists: they go on behind what an earlier run listed") {
    Playlists before(2, {.target_duration = 4s});
    for (std::uint64_t number = 0; number < 3; ++number) {
        auto next = step(number);
        next.date = noon + number * 2s;
        before.append(std::move(next));
    }
    before.end();

    Playlists playlists(2, {.target_duration = 3s});
    REQUIRE(playlists.resume({before.text(0), before.text(1)}).has_value());
    CHECK(playlists.next_number() == 3);
    CHECK(playlists.target_duration() == 4s);
    CHECK(playlists.end_date() == noon + 6s);
    CHECK(playlists.text(0).find("ENDLIST") == std::string::npos);
    playlists.append(step(3, 5 * second));
    playlists.append(step(4));
    auto const text = playlists.text(0);
    CHECK(text.find("#EXT-X-TARGETDURATION:4\n") != std::string::npos);
    CHECK(text.find("seg2.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:5.000000,\nseg3.ts\n"
                    "#EXTINF:2.000000,\nseg4.ts\n") != std::string::npos);
}

TEST_CASE("playlists: a live list that is gone on with still moves its window") {
    auto before = live(3);
    append(before, 0, 5);
    auto playlists = live(3);
    REQUIRE(playlists.resume({before.text(0), before.text(1)}).has_value());
    CHECK(append(playlists, 5, 2) == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("playlists: what does not fit together is not gone on with") {
    Playlists one(2, {.target_duration = 2s});
    one.append(step(0));
    Playlists two(2, {.target_duration = 2s});
    two.append(step(0));
    two.append(step(1));
    Playlists playlists(2, {.target_duration = 2s});
    auto const differ = playlists.resume({one.text(0), two.text(1)});
    REQUIRE(differ.has_error());
    CHECK(differ.error().context.find("1/index.m3u8") != std::string::npos);
    auto const broken = playlists.resume({"no playlist", two.text(1)});
    REQUIRE(broken.has_error());
    CHECK(broken.error().context.find("0/index.m3u8") != std::string::npos);
}

} // namespace continuo::cli::resegment::playlists_test
