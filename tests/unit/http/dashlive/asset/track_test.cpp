#include "http/dashlive/asset/track.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace continuo::dashlive::track_test {

struct TestSegment {
    std::uint64_t time{};
    std::uint64_t duration{};
};

/// Of a track whose samples are `frame` long.
TrackFacts facts_of(Content content, std::uint32_t timescale, std::uint32_t frame,
                    std::vector<TestSegment> const& segments) {
    TrackFacts facts;
    facts.plan.id = content == Content::video ? "V" : content == Content::audio ? "A" : "T";
    facts.plan.content = content;
    facts.track.id = 1;
    facts.track.timescale = timescale;
    for (auto const& [time, duration] : segments) {
        SegmentFacts segment;
        segment.part = {
            .path = std::to_string(facts.segments.size() + 1) + ".m4s", .offset = 0, .bytes = 1000};
        segment.samples = {
            .time = time, .duration = duration, .frame = frame, .last = frame, .frames = {}};
        if (content == Content::audio)
            segment.samples.frames.push_back(
                {.offset = 100,
                 .flags = 0x0200'0000,
                 .sizes = std::vector<std::uint32_t>(duration / frame, 2)});
        facts.segments.push_back(std::move(segment));
    }
    return facts;
}

/// Four segments of 2 s.
TrackFacts pictures(std::uint64_t begin = 0, std::uint32_t timescale = 12'800) {
    std::vector<TestSegment> segments;
    for (std::uint64_t i = 0; i < 4; ++i)
        segments.push_back({begin + i * 2 * timescale, std::uint64_t{2} * timescale});
    return facts_of(Content::video, timescale, timescale / 25, segments);
}

std::string refusal(storage::Accepted<FittedTrack> const& fitted) {
    return fitted ? "accepted" : fitted.error().reason;
}

struct Beside {
    TrackFacts reference_facts = pictures();
    FittedTrack reference = *reference_track(reference_facts);

    storage::Accepted<FittedTrack> fit(TrackFacts const& facts) const {
        return track_beside(facts, *reference.track, reference_facts);
    }
    FittedTrack fitted(TrackFacts const& facts) const {
        auto result = fit(facts);
        if (!result) FAIL_CHECK(result.error().reason);
        REQUIRE(result.has_value());
        return *std::move(result);
    }
};

TEST_CASE("asset track: the loop begins at 0 wherever the media does") {
    auto const fitted = reference_track(pictures(1'000'000'000'000));
    REQUIRE(fitted.has_value());
    CHECK(fitted->track->first_time == 1'000'000'000'000);
    CHECK(fitted->track->segments[1].start == 25'600);
    CHECK(fitted->track->loop->length() == 102'400);
    CHECK(fitted->notes.empty());
}

TEST_CASE("asset track: a gap or an overlap of less than a frame is closed, others are told") {
    auto facts = pictures();
    facts.segments[2].samples.time += 511;
    auto const fitted = reference_track(facts);
    REQUIRE(fitted.has_value());
    CHECK(fitted->track->loop->length() == 102'400);
    CHECK(fitted->track->segments[2].start == 51'200 + 511);
    CHECK(fitted->notes ==
          std::vector<std::string>{"2 gaps of less than a frame between segments are closed"});

    facts = pictures();
    facts.segments[2].samples.time += 512;
    CHECK(refusal(reference_track(facts)) ==
          "segment 3 (\"3.m4s\") begins 0.040 s behind the end of the one before");
    facts.segments[2].samples.time = 40'000;
    CHECK(refusal(reference_track(facts)) ==
          "segment 3 (\"3.m4s\") begins 0.875 s before the end of the one before");
}

TEST_CASE("asset track: clocks and times that can't be are refused") {
    auto facts = pictures();
    facts.track.timescale = 1u << 31;
    CHECK(refusal(reference_track(facts)).starts_with("has a timescale of 2147483648"));
    facts = pictures();
    facts.segments[1].samples.duration = 0;
    CHECK(refusal(reference_track(facts)) == "segment 2 (\"2.m4s\") lasts no time");
    facts = pictures();
    facts.segments[0].samples.time = 1ull << 60;
    CHECK(refusal(reference_track(facts)).ends_with("which can't be"));
}

TEST_CASE("asset track: a last segment may be shorter, and a loop may have one segment") {
    auto facts = pictures();
    facts.segments[3].samples.duration = 512;
    auto const fitted = reference_track(facts);
    REQUIRE(fitted.has_value());
    CHECK(fitted->track->loop->length() == 3 * 25'600 + 512);
    facts.segments.resize(1);
    auto const single = reference_track(facts);
    REQUIRE(single.has_value());
    CHECK(single->track->loop->size() == 1);
}

TEST_CASE("asset track: other pictures have the same segments, to a frame, on any clock") {
    Beside const beside;
    CHECK(beside.fitted(pictures(0, 90'000)).track->loop->length() == 720'000);

    auto shorter = pictures(0, 90'000);
    shorter.segments[3].samples.duration -= 3599;
    auto const repaired = beside.fitted(shorter);
    CHECK(repaired.track->loop->length() == 720'000);
    CHECK(repaired.notes == std::vector<std::string>{
                                "its last segment counts as 0.040 s longer, so that it ends with "
                                "\"V\""});

    shorter.segments[3].samples.duration -= 1;
    CHECK(refusal(beside.fit(shorter)) ==
          "the last segment ends 0.040 s earlier than that of \"V\"");
    auto cut_elsewhere = pictures();
    cut_elsewhere.segments[0].samples.duration -= 512;
    cut_elsewhere.segments[1].samples.time -= 512;
    cut_elsewhere.segments[1].samples.duration += 512;
    CHECK(refusal(beside.fit(cut_elsewhere)) ==
          "segment 2 (\"2.m4s\") begins 0.040 s earlier than that of \"V\"");
    auto fewer = pictures();
    fewer.segments.pop_back();
    CHECK(refusal(beside.fit(fewer)) == "has 3 segments, \"V\" has 4");
}

TEST_CASE("asset track: where a clock can't say how long the loop is, the pictures' grid holds") {
    auto const reference_facts =
        facts_of(Content::video, 30'000, 1001, {{0, 10'010}, {10'010, 10'010}});
    auto const reference = *reference_track(reference_facts);
    auto const text = track_beside(facts_of(Content::text, 1000, 334, {{0, 334}, {334, 333}}),
                                   *reference.track, reference_facts);
    REQUIRE(text.has_value());
    CHECK_FALSE(text->track->loop);
    auto const exact =
        track_beside(facts_of(Content::text, 90'000, 30'030, {{0, 30'030}, {30'030, 30'030}}),
                     *reference.track, reference_facts);
    REQUIRE(exact.has_value());
    CHECK(exact->track->loop->length() == 60'060);
}

TEST_CASE("asset track: text has the pictures' segments, whatever its samples last") {
    Beside const beside;
    auto const fitted = beside.fitted(
        facts_of(Content::text, 1000, 100, {{0, 100}, {2100, 1500}, {4000, 2000}, {5900, 500}}));
    CHECK(fitted.track->loop->place_of(1).start == 2000);
    CHECK(fitted.track->loop->length() == 8000);
    CHECK(fitted.track->segments[1].start == 2100);
    CHECK(refusal(beside.fit(facts_of(Content::text, 1000, 100, {{0, 2000}}))) ==
          "has 1 segments, \"V\" has 4");
}

TEST_CASE("asset track: images have the pictures' segments") {
    Beside const beside;
    TrackFacts images;
    images.plan.id = "T";
    images.plan.content = Content::image;
    for (int i = 0; i < 4; ++i)
        images.segments.push_back(
            {.part = {.path = "x.jpg", .offset = 0, .bytes = 9}, .samples = {}});
    auto const fitted = beside.fitted(images);
    CHECK(fitted.track->timescale == 12'800);
    CHECK(fitted.track->loop->length() == 102'400);
    CHECK(fitted.track->header.empty());
    images.segments.pop_back();
    CHECK(refusal(beside.fit(images)) == "has 3 segments, \"V\" has 4");
}

TEST_CASE("asset track: sound is a row of frames, however it was cut") {
    Beside const beside;
    auto facts =
        facts_of(Content::audio, 48'000, 1024, {{0, 100 * 1024}, {100 * 1024, 276 * 1024}});
    facts.segments[1].samples.last = 700; // an encoder's end
    auto const fitted = beside.fitted(facts);
    REQUIRE(fitted.track->sound);
    CHECK(fitted.track->sound->frames.size() == 376);
    CHECK(fitted.track->segments[1].first_frame == 100);
    CHECK(fitted.track->sound->frames[101].segment == 1);
    CHECK(fitted.track->sound->frames[101].offset == 102);
    CHECK_FALSE(fitted.track->loop);
    CHECK(fitted.notes.empty());
}

TEST_CASE("asset track: sound that begins earlier or later than the pictures is put in step") {
    Beside const beside;
    auto const at = [&](std::uint64_t time, std::uint64_t offset) {
        auto facts = facts_of(Content::audio, 48'000, 1024, {{time, 376 * 1024}});
        facts.plan.presentation_time_offset = offset;
        facts.plan.timescale = 48'000;
        return facts;
    };
    auto const late = beside.fitted(at(3 * 1024 + 1023, 0));
    CHECK(late.track->sound->frames.size() == 379);
    CHECK(late.track->sound->frames[3].offset == late.track->sound->frames[0].offset);
    CHECK(late.track->segments[0].first_frame == 3);
    CHECK(late.notes ==
          std::vector<std::string>{"3 frames are repeated at its beginning, where \"V\" begins"});

    auto const early = beside.fitted(at(0, 2 * 1024));
    CHECK(early.track->sound->frames.size() == 374);
    CHECK(early.track->sound->frames[0].offset == 104);
    CHECK(early.notes.at(0) == "2 frames are left out at its beginning, where \"V\" begins");

    CHECK(beside.fitted(at(1023, 0)).track->sound->frames.size() == 376);
    CHECK(beside.fitted(at(96'000, 96'000)).track->sound->frames.size() == 376);
    CHECK(refusal(beside.fit(at(96'001, 0))) == "begins 2.000 s later than \"V\"");
}

TEST_CASE("asset track: sound that ends early is filled up, but not by more than a segment") {
    Beside const beside;
    auto const of = [](std::uint64_t frames) {
        return facts_of(Content::audio, 48'000, 1024, {{0, frames * 1024}});
    };
    CHECK(beside.fitted(of(375)).notes.empty());
    CHECK(beside.fitted(of(374)).notes ==
          std::vector<std::string>{"its last frame is repeated 1 times at the end of the loop"});
    CHECK(refusal(beside.fit(of(250))) == "ends 2.667 s earlier than \"V\"");
}

TEST_CASE("asset track: sound that can't be cut keeps its segments") {
    Beside const beside;
    auto encrypted = facts_of(
        Content::audio, 48'000, 1024,
        {{0, 94 * 1024}, {94 * 1024, 94 * 1024}, {188 * 1024, 94 * 1024}, {282 * 1024, 94 * 1024}});
    encrypted.is_encrypted = true;
    auto const fitted = beside.fitted(encrypted);
    CHECK_FALSE(fitted.track->sound);
    CHECK(fitted.track->loop->length() == 384'000);
    CHECK(fitted.track->loop->place_of(1).start == 94 * 1024);
    CHECK(fitted.notes.at(0) ==
          "its last segment counts as 0.021 s shorter, so that it ends with \"V\"");

    auto irregular = encrypted;
    irregular.is_encrypted = false;
    irregular.segments[1].samples.frame = 0;
    CHECK(beside.fitted(irregular).track->loop->length() == 384'000);
    irregular.segments[3].samples.duration = 84 * 1024;
    CHECK(refusal(beside.fit(irregular)) ==
          "the last segment ends 0.192 s earlier than that of \"V\"");
}

TEST_CASE("asset track: the header tells a codec where the MPD has just its name") {
    auto facts = pictures();
    facts.track.entry.codecs = "hev1.1.6.L60.90";
    CHECK(reference_track(facts)->track->codecs == "hev1.1.6.L60.90");
    facts.plan.codecs = "hev1";
    CHECK(reference_track(facts)->track->codecs == "hev1.1.6.L60.90");
    facts.plan.codecs = "hvc1.2.4.L60.90";
    CHECK(reference_track(facts)->track->codecs == "hvc1.2.4.L60.90");
}

} // namespace continuo::dashlive::track_test
