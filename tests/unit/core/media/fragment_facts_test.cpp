#include "core/media/initialisation.hpp"
#include "core/media/segment_facts.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <span>

namespace fragment_facts_test {

using namespace continuo;
using namespace test::fmp4;

constexpr std::uint32_t frame = 512; // 40 ms at the builder's timescale of 12800

TestTrack sound() {
    TestTrack track;
    track.id = 2;
    track.timescale = 48'000;
    track.handler = "soun";
    return track;
}

/// With a styp in front, as segments have it.
Bytes segment_of(std::vector<TestTrackFragment> const& tracks) {
    return joined({box("styp", Bytes(8, 0)), fragment_of(tracks)});
}

Bytes segment_of(std::uint64_t decode_time, std::vector<std::vector<TestSample>> runs) {
    return segment_of({{.track = 1, .decode_time = decode_time, .runs = std::move(runs)}});
}

media::SegmentFacts facts_of(Bytes const& segment, Bytes const& init = init_of({TestTrack()})) {
    return media::segment_facts(segment, init).value();
}

std::string failure_of(Bytes const& segment, Bytes const& init = init_of({TestTrack()})) {
    auto const facts = media::segment_facts(segment, init);
    return facts ? std::string() : to_text(facts.error());
}

/// Of track 1, without any field of its own in its `samples`.
Bytes alike(std::uint32_t samples, std::uint64_t decode_time) {
    auto const traf = box("traf", joined({full_box("tfhd", 0, 0, number(1, 4)),
                                          full_box("tfdt", 1, 0, number(decode_time, 8)),
                                          full_box("trun", 0, 0, number(samples, 4))}));
    return joined({box("moof", traf), box("mdat", {})});
}

Bytes init_with_default(std::uint32_t duration, std::uint32_t timescale = 12'800) {
    TestTrack track;
    track.timescale = timescale;
    track.default_duration = duration;
    return init_of({track});
}

TEST_CASE("segment facts: a fragment's times are those of its samples") {
    auto const facts = facts_of(segment_of(25'600, {pictures(50, frame)}));
    CHECK(facts.container == media::Container::fragmented_mp4);
    CHECK(facts.start == Ticks90k(180'000));
    CHECK(facts.begin == Ticks90k(180'000));
    CHECK(facts.span == Ticks90k(180'000));
    CHECK(facts.duration == Ticks90k(180'000));
    CHECK(facts.frame == Ticks90k(3'600));
    CHECK(facts.timescale == 12'800);
    CHECK(facts.begin_units == 25'600);
    CHECK(facts.duration_units == 25'600);
    CHECK(facts.decode_begin == Ticks90k(180'000));
    CHECK(facts.decode_duration == Ticks90k(180'000));
    CHECK(facts.starts_with_keyframe == true);
    CHECK(facts.video_codecs == "avc1.64001f");
    CHECK(facts.audio_codecs.empty());
    CHECK(facts.width == 1280);
    CHECK(facts.height == 720);
}

TEST_CASE("segment facts: B-frames are counted in the order in which they are shown") {
    for (unsigned const count : {49U, 50U}) {
        auto const facts = facts_of(segment_of(25'600, {pictures(count, frame, true)}));
        CHECK(facts.begin_units == 25'600 + frame); // a picture late
        CHECK(facts.duration_units == count * frame);
        CHECK(facts.decode_begin == Ticks90k(180'000));
    }
}

TEST_CASE("segment facts: the edit list says what is shown first") {
    TestTrack delayed;
    delayed.edits = {{.duration = 0, .media_time = frame}};
    auto const facts =
        facts_of(segment_of(25'600, {pictures(50, frame, true)}), init_of({delayed}));
    CHECK(facts.begin_units == 25'600);
    CHECK(facts.start == Ticks90k(180'000));
    CHECK(facts.decode_begin == Ticks90k(180'000));

    auto primed = sound();
    primed.edits = {{.duration = 0, .media_time = 1024}};
    auto const first = facts_of(
        segment_of({{.track = 2, .decode_time = 0, .runs = {std::vector<TestSample>(94, {1024})}}}),
        init_of({primed}));
    CHECK(first.begin == Ticks90k(-1920));
    CHECK(first.duration_units == 94 * 1024);
    CHECK_FALSE(first.starts_with_keyframe.has_value());
    CHECK(first.audio_codecs == "mp4a.40.2");
}

TEST_CASE("segment facts: pictures of an open GOP lie in front of its keyframe") {
    // I, then two pictures that are shown before it.
    std::vector<TestSample> samples{
        {frame, 2 * frame, true}, {frame, -1 * int{frame}, false}, {frame, -1 * int{frame}, false}};
    auto const facts = facts_of(segment_of(10 * frame, {samples}));
    CHECK(facts.start == Ticks90k(12 * 3'600));
    CHECK(facts.begin == Ticks90k(10 * 3'600));
    CHECK(facts.span == Ticks90k(3'600));
    CHECK(facts.duration == Ticks90k(3 * 3'600));
    CHECK(facts.starts_with_keyframe == true);
}

TEST_CASE("segment facts: several runs and several fragments make one segment") {
    auto const first = fragment_of(
        {{.track = 1, .decode_time = 0, .runs = {pictures(10, frame), pictures(15, frame)}}});
    auto const second =
        fragment_of({{.track = 1, .decode_time = 25 * frame, .runs = {pictures(25, frame)}}});
    CHECK(facts_of(joined({first, second})).duration_units == 50 * frame);
    // without a time of its own it follows the one before it
    auto const timeless =
        fragment_of({{.track = 1, .decode_time = {}, .runs = {pictures(25, frame)}}});
    CHECK(facts_of(joined({first, timeless})).duration_units == 50 * frame);
    CHECK(facts_of(joined({box("sidx", Bytes(32, 0)), box("emsg", {}), first, box("free", {}),
                           large_box("mdat", Bytes(5, 0)), second}))
              .duration_units == 50 * frame);
}

TEST_CASE("segment facts: video goes before sound, whatever comes first") {
    auto const both = segment_of(
        {{.track = 2, .decode_time = 48'000, .runs = {std::vector<TestSample>(10, {1024})}},
         {.track = 1, .decode_time = 25'600, .runs = {pictures(50, frame)}}});
    for (auto const& init : {init_of({TestTrack(), sound()}), init_of({sound(), TestTrack()})}) {
        auto const facts = facts_of(both, init);
        CHECK(facts.begin == Ticks90k(180'000));
        CHECK(facts.video_codecs == "avc1.64001f");
        CHECK(facts.audio_codecs == "mp4a.40.2");
    }
    auto const sound_alone =
        segment_of({{.track = 2, .decode_time = 48'000, .runs = {{{1024, 0, true}}}}});
    CHECK(facts_of(sound_alone, init_of({TestTrack(), sound()})).begin == Ticks90k(90'000));
}

TEST_CASE("segment facts: a fragment that begins between keyframes says so") {
    auto samples = pictures(5, frame);
    samples[0].is_sync = false;
    CHECK(facts_of(segment_of(0, {samples})).starts_with_keyframe == false);
}

TEST_CASE("segment facts: samples that differ in nothing are counted, however many") {
    CHECK(facts_of(alike(50, 0), init_with_default(frame)).duration_units == 50 * frame);
    auto const many = facts_of(alike(0xFFFF'FFFF, 0), init_with_default(1, 48'000));
    CHECK(many.duration_units == 0xFFFF'FFFF);
    CHECK(facts_of(alike(50, 0), init_with_default(0)).duration_units == 0);
    CHECK_FALSE(facts_of(alike(0, 0)).start.has_value());
}

TEST_CASE("segment facts: a file with its own moov needs no other") {
    auto const whole = joined({init_of({TestTrack()}), segment_of(0, {pictures(50, frame)})});
    CHECK(facts_of(whole, {}).duration_units == 50 * frame);
}

TEST_CASE("segment facts: times that can't be are refused") {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    auto const fails = [](Bytes const& segment, Bytes const& init) {
        return media::segment_facts(segment, init).error().code == Errc::out_of_range;
    };
    CHECK(fails(alike(1, most), init_with_default(1)));
    CHECK(fails(alike(1, std::uint64_t{1} << 61), init_with_default(1)));
    CHECK(fails(alike(0xFFFF'FFFF, 0), init_with_default(0xFFFF'FFFF)));
    CHECK(fails(alike(1, std::uint64_t{1} << 50), init_with_default(1, 1))); // seconds
    CHECK_FALSE(fails(alike(1, std::uint64_t{1} << 39), init_with_default(1, 1)));
}

TEST_CASE("segment facts: what a fragment lacks is told") {
    auto const good = segment_of(0, {pictures(2, frame)});
    CHECK(failure_of(good, {}) == "moov: not found");
    CHECK(failure_of(good, init_of({sound()})) == "track 1 of the fragment at byte 16: not found");
    CHECK(failure_of(box("styp", Bytes(8, 0))) == "moof: not found");
    CHECK(failure_of(good, box("html", {})) == "moov: not found");
}

TEST_CASE("segment facts: a torn fragment is told, wherever it is torn") {
    auto const whole = segment_of(0, {pictures(3, frame)});
    auto const init = init_of({TestTrack()});
    for (std::size_t size = 8; size < whole.size(); ++size) {
        auto const facts = media::segment_facts(std::span(whole).first(size), init);
        CHECK_FALSE(facts.has_value());
    }
    for (std::size_t size = 1; size < init.size(); ++size)
        CHECK_FALSE(media::segment_facts(whole, std::span(init).first(size)).has_value());
}

TEST_CASE("initialisation: ftyp in front and a moov with tracks") {
    auto const check = [](Bytes const& init) {
        auto const checked = media::check_initialisation(init);
        return checked ? std::string() : to_text(checked.error());
    };
    auto const good = init_of({TestTrack()});
    CHECK(check(good).empty());
    CHECK(check({}) == "no ftyp in front: malformed");
    CHECK(check(Bytes(good.begin() + 20, good.end())) == "no ftyp in front: malformed");
    CHECK(check(Bytes(good.begin(), good.begin() + 20)) == "moov: not found");
    CHECK(check(init_of({})) == "moov without tracks: malformed");
    CHECK(check(Bytes(good.begin(), good.end() - 1)).ends_with("truncated"));
}

} // namespace fragment_facts_test
