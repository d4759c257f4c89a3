#include "tests/support/ts_builder.hpp"
#include "workers/icecast/playout.hpp"

#include <doctest/doctest.h>

namespace continuo::icecast::playout_test {

using namespace std::chrono_literals;
using test::Bytes;

constexpr Ticks90k frame{1920};

std::vector<AudioUnit> sound(Ticks90k from, int count, Ticks90k length = frame) {
    std::vector<AudioUnit> units;
    for (int i = 0; i < count; ++i)
        units.push_back({.pts = wrapped(from + i * length), .frames = {1, 2}});
    return units;
}

/// A playout with a clock of the test's, and what came out of it.
struct Playing {
    struct Written {
        Playout::Time at;
        AudioUnit unit;
    };

    void add(std::vector<AudioUnit> units, AudioFormat const& format = {}) {
        playout.add(now, format, std::move(units));
    }
    /// Writes what is due until `end`.
    void play_until(Playout::Time end) {
        while (playout.due() <= end) {
            now = std::max(now, playout.due());
            Bytes bytes;
            playout.write_next(now, bytes);
            std::vector<AudioUnit> units;
            track.feed(bytes, units);
            track.finish_file(units);
            REQUIRE(units.size() == 1);
            written.push_back({now, units[0]});
        }
        now = end;
    }
    void play_for(std::chrono::milliseconds time) { play_until(now + time); }
    bool is_silence(std::size_t index) const {
        return written[index].unit.frames == silent_aac_frame().frames;
    }
    Ticks90k length(std::size_t index) const {
        return *written[index + 1].unit.pts - *written[index].unit.pts;
    }

    Playout::Time const start{1h};
    Playout::Time now{start};
    Playout playout{start};
    AudioTrack track;
    std::vector<Written> written;
};

TEST_CASE("playout: sound begins after the reserve and keeps the pace of its timestamps") {
    Playing it;
    it.add(sound(Ticks90k(123'456'789), 200));
    it.play_for(4s);
    REQUIRE(it.written.size() == 94); // two seconds of frames of 21.33 ms
    CHECK(it.written[0].at == it.start + Playout::reserve);
    CHECK(it.written[0].unit.pts == Ticks90k(0));
    for (std::size_t i = 0; i + 1 < it.written.size(); ++i)
        CHECK(it.length(i) == frame);
}

TEST_CASE("playout: the clock runs on over a jump of the timestamps, either way, and their wrap") {
    for (auto const next : {Ticks90k(45'000'000), Ticks90k(10), clock_turn - Ticks90k(1)}) {
        Playing it;
        it.add(sound(clock_turn - 5 * frame, 10, frame));
        it.add(sound(next, 10));
        it.play_for(10s);
        REQUIRE(it.written.size() >= 20);
        for (std::size_t i = 0; i + 1 < 20; ++i) {
            CHECK(it.length(i) > Ticks90k::zero());
            CHECK(it.length(i) <= frame);
        }
    }
}

TEST_CASE("playout: units of several frames last as long as their timestamps say") {
    Playing it;
    it.add(sound(Ticks90k(0), 5, 8 * frame));
    it.add(sound(Ticks90k(9'000'000), 5, frame));
    it.play_for(4s);
    CHECK(it.length(0) == 8 * frame);
    CHECK(it.length(4) == 8 * frame); // the last before the jump
    CHECK(it.length(5) == frame);
}

TEST_CASE("playout: units without a time follow at the usual distance") {
    Playing it;
    auto units = sound(Ticks90k(0), 4, 2 * frame);
    units[2].pts.reset();
    it.add(units);
    it.play_for(3s);
    CHECK(it.length(1) == 2 * frame);
    CHECK(it.length(2) == 2 * frame);
}

TEST_CASE("playout: sound that is a little late is made up for, and the clock stays") {
    Playing it;
    it.add(sound(Ticks90k(0), 50));
    it.play_for(3s);
    it.now += 466ms; // the last frame ended 66 ms before
    it.add(sound(50 * frame, 50));
    it.play_for(0ms);
    CHECK(it.written.back().at == it.now);
    CHECK(it.written.size() > 60);
    CHECK(it.written.size() < 80);
}

TEST_CASE("playout: sound that is very late moves the clock once and never comes in a burst") {
    Playing it;
    it.add(sound(Ticks90k(0), 50));
    it.play_for(6s);
    REQUIRE(it.written.size() == 50);
    it.add(sound(50 * frame, 100));
    it.play_for(0ms);
    CHECK(it.written.size() == 51);
    it.play_for(1s);
    CHECK(it.written.size() == 97); // 46 frames are 0.98 s
    CHECK(it.length(49) == frame);  // listeners hear no hole, only the wait
}

TEST_CASE("playout: silence comes when nothing else has come for long, until sound is back") {
    Playing it;
    it.play_until(it.start + Playout::patience - 1ms);
    CHECK(it.written.empty());
    it.play_until(it.start + Playout::patience + 1s);
    REQUIRE(it.written.size() == 47);
    CHECK(it.is_silence(0));
    CHECK(it.length(0) == silent_frame_length);

    it.add(sound(Ticks90k(777), 200));
    it.play_for(1s);
    REQUIRE(it.written.size() == 94);
    CHECK_FALSE(it.is_silence(47));
    CHECK(it.length(46) == silent_frame_length); // sound follows at once
}

TEST_CASE("playout: after a segment without sound silence follows at once") {
    Playing it;
    it.add(sound(Ticks90k(0), 47));
    it.playout.expect_silence();
    it.play_for(4s);
    REQUIRE(it.written.size() == 94);
    CHECK_FALSE(it.is_silence(46));
    CHECK(it.is_silence(47));
    it.add(sound(Ticks90k(0), 10));
    it.play_for(100ms);
    CHECK_FALSE(it.is_silence(it.written.size() - 1));
}

TEST_CASE("playout: another rate or more channels are the decoder's business, another codec not") {
    Playing it;
    it.add(sound(Ticks90k(0), 1));
    it.add(sound(Ticks90k(0), 1), {.stream_type = 0x0F, .descriptors = {0x0A, 0x00}});
    CHECK(it.playout.change().empty());
    it.add({}, {.codec = mpegts::AudioCodec::ac3});
    CHECK(it.playout.change().empty());
    it.add(sound(Ticks90k(0), 1), {.codec = mpegts::AudioCodec::ac3, .stream_type = 0x81});
    CHECK(it.playout.change() == "the sound changes from AAC to AC-3");
}

TEST_CASE("playout: silence is AAC, which no other decoder takes") {
    Playing it;
    it.add(sound(Ticks90k(0), 1), {.codec = mpegts::AudioCodec::mpeg, .stream_type = 0x03});
    it.playout.expect_silence();
    Bytes bytes;
    it.playout.write_next(it.start + 3s, bytes);
    CHECK(it.playout.change().empty());
    it.playout.write_next(it.start + 4s, bytes);
    CHECK(it.playout.change() == "the sound changes from MPEG audio to AAC");
}

} // namespace continuo::icecast::playout_test
