#include "core/timeline/audio_grid.hpp"

#include <doctest/doctest.h>

#include <random>

namespace audio_grid_test {

using namespace continuo;
using timeline::AudioGrid;
using timeline::FrameRun;
using timeline::SegmentLoop;

TEST_CASE("sound follows pictures of 2 s in segments of 93 and 94 frames") {
    SegmentLoop const pictures(90'000, {180'000, 180'000, 180'000, 180'000});
    AudioGrid const sound(pictures, 48'000, 1024);
    CHECK(sound.segment(40).start == 3'840'000);
    CHECK(sound.segment(495) == AudioGrid::Segment{47'520'768, 47'616'000});
    for (std::int64_t const index : {496, 497, 498})
        CHECK(sound.segment(index).end - sound.segment(index).start == 96'256);
    CHECK(sound.segment(499).end - sound.segment(499).start == 95'232);
}

TEST_CASE("sound after decades begins at the same fraction of a frame as on the first day") {
    SegmentLoop const pictures(90'000, {180'000, 180'000, 180'000, 180'000});
    AudioGrid const sound(pictures, 48'000, 1024);
    auto const index = pictures.index_at(154'086'573'420'000);
    REQUIRE(index.has_value());
    CHECK(sound.segment(*index) ==
          AudioGrid::Segment{82'179'505'824'768, 82'179'505'824'768 + 95'232});
    CHECK(sound.index_at(82'179'505'824'768) == index);
}

TEST_CASE("where a loop's sound is too short its last frame comes once more") {
    // 29.97 fps, 2002 ms: 8008 ms of pictures, 384 000 samples of sound.
    SegmentLoop const pictures(30'000, {60'060, 60'060, 60'060, 60'060});
    AudioGrid const sound(pictures, 48'000, 1024);
    CHECK(sound.segment(3) == AudioGrid::Segment{288'768, 385'024});
    CHECK(sound.frames(3, 375) == FrameRun{.lap = 0, .first = 282, .count = 93, .repeated = 1});
}

TEST_CASE("where a loop's sound is too long the surplus is never played") {
    SegmentLoop const pictures(30'000, {60'060, 60'060, 60'060, 60'060});
    AudioGrid const sound(pictures, 48'000, 1024);
    CHECK(sound.frames(3, 380) == FrameRun{.lap = 0, .first = 282, .count = 94, .repeated = 0});
    auto const next = sound.frames(4, 380);
    CHECK(next.lap == 1);
    CHECK(next.first == 0);
}

TEST_CASE("a segment behind the end of a short source is its last frame all along") {
    SegmentLoop const pictures(1, {2, 2});
    AudioGrid const sound(pictures, 48'000, 1024);
    CHECK(sound.frames(1, 10) == FrameRun{.lap = 0, .first = 10, .count = 0, .repeated = 94});
}

TEST_CASE("sound begins within a frame behind its pictures, after any number of laps") {
    std::mt19937_64 random(5);
    auto const among = [&](std::int64_t low, std::int64_t high) {
        return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    };
    std::uint32_t const clocks[] = {1000, 12'800, 15'360, 24'000, 30'000, 90'000, 10'000'000};
    std::uint32_t const rates[] = {22'050, 24'000, 32'000, 44'100, 48'000};
    std::int64_t const frames[] = {960, 1024, 1536, 2048};
    for (int i = 0; i < 2000; ++i) {
        auto const clock = clocks[among(0, 6)];
        auto const rate = rates[among(0, 4)];
        auto const frame = frames[among(0, 3)];
        std::vector<std::int64_t> durations;
        for (auto left = among(1, 5); left > 0; --left)
            durations.push_back(among(clock / 2, std::int64_t{clock} * 8));
        SegmentLoop const pictures(clock, durations);
        AudioGrid const sound(pictures, rate, frame);
        auto const index = among(0, 100'000) * static_cast<std::int64_t>(pictures.size()) +
                           among(0, static_cast<std::int64_t>(pictures.size()) - 1);
        auto const segment = sound.segment(index);
        auto const place = pictures.place_of(index);
        // Compared as fractions: sound/rate - pictures/clock, times rate x clock.
        auto const offset = segment.start * clock - place.start * rate;
        CHECK(offset >= 0);
        CHECK(offset < frame * clock);
        CHECK(segment.start % frame == 0);
        CHECK(segment.end == sound.segment(index + 1).start);
        CHECK(sound.index_at(segment.start) == index);
        CHECK(sound.index_at(segment.start + 1) == std::nullopt);
        CHECK(sound.index_at(segment.start + frame) == std::nullopt);

        auto const source = among(1, 3000);
        auto const run = sound.frames(index, source);
        CHECK((run.count + run.repeated) * frame == segment.end - segment.start);
        CHECK(run.first + run.count <= source);
        CHECK(run.lap == place.lap);
        auto const next = sound.frames(index + 1, source);
        if (next.lap == run.lap) CHECK(next.first == run.first + run.count);
        if (next.lap != run.lap) CHECK(next.first == 0);
    }
}

} // namespace audio_grid_test
