#include "core/mpegts/packet.hpp"
#include "workers/segment/gop_log.hpp"

#include <doctest/doctest.h>

#include <string>

namespace gop_log_test {

using namespace continuo;
using namespace continuo::segment;

constexpr Ticks90k second{90'000};
constexpr std::uint16_t video_pid = 0x100;
constexpr std::uint16_t audio_pid = 0x101;

/// Builds outputs by hand: each packet bears a letter, so that what a reader gets can be read.
class Log {
public:
    Log& gop(Ticks90k pts, bool opens_segment, bool keyframe = true) {
        media_time_ = latest_ ? media_time_ + elapsed(*latest_, pts) : Ticks90k{};
        latest_ = pts;
        event(GopOpened{.pts = pts,
                        .media_time = media_time_,
                        .keyframe = keyframe,
                        .opens_segment = opens_segment});
        return *this;
    }
    Log& video(char letter) { return packet(video_pid, letter); }
    Log& audio(char letter, Ticks90k pts) {
        event(AudioStarted{.pid = audio_pid, .pts = pts});
        return packet(audio_pid, letter);
    }
    Log& more_audio(char letter) { return packet(audio_pid, letter); }
    GopLog& done() {
        log_.append(output_);
        output_.clear();
        return log_;
    }

private:
    void event(Happening what) {
        output_.events.push_back({.offset = output_.bytes.size(), .what = what});
    }
    Log& packet(std::uint16_t pid, char letter) {
        std::vector<std::uint8_t> bytes(mpegts::packet_size, 0);
        bytes[0] = mpegts::sync_byte;
        bytes[1] = static_cast<std::uint8_t>(pid >> 8);
        bytes[2] = static_cast<std::uint8_t>(pid);
        bytes[4] = static_cast<std::uint8_t>(letter);
        output_.bytes.insert(output_.bytes.end(), bytes.begin(), bytes.end());
        return *this;
    }

    GopLog log_;
    Output output_;
    std::optional<Ticks90k> latest_;
    Ticks90k media_time_{};
};

std::string letters(std::span<std::uint8_t const> packets) {
    std::string text;
    for (std::size_t at = 0; at < packets.size(); at += mpegts::packet_size) {
        text += static_cast<char>(packets[at + 4]);
    }
    return text;
}

/// All that a reader gets from `cursor` on.
std::string read_all(GopLog const& log, Cursor cursor) {
    std::string text;
    for (auto rest = log.unread(cursor); !rest.empty(); rest = log.unread(cursor)) {
        text += letters(rest);
        cursor.offset += rest.size();
    }
    return text;
}

/// Segments of two GOPs, a second each; GOP n has PTS n and one packet with the n-th letter.
void fill(Log& log, int gops) {
    for (int i = 0; i < gops; ++i) {
        log.gop(i * second, i % 2 == 0).video(static_cast<char>('a' + i));
    }
}

TEST_CASE(
    "GOP log: a reader joins at the first keyframe that is late enough, or at the oldest one") {
    Log builder;
    fill(builder, 4);
    auto const& log = builder.done();
    CHECK(read_all(log, log.join(std::nullopt).value()) == "abcd");
    CHECK(read_all(log, log.join(2 * second).value()) == "cd");
    CHECK(read_all(log, log.join(second + Ticks90k(1)).value()) == "cd");
    CHECK(read_all(log, log.join(wrapped(-5 * second)).value()) == "abcd");
    CHECK_FALSE(log.join(4 * second));
}

TEST_CASE("GOP log: one who waits for the future gets it when it comes, the past never") {
    Log builder;
    CHECK_FALSE(builder.done().join(std::nullopt));
    fill(builder, 2);
    CHECK_FALSE(builder.done().join(2 * second));
    auto const& log = builder.gop(2 * second, true).video('c').done();
    CHECK(read_all(log, log.join(2 * second).value()) == "c");
}

TEST_CASE("GOP log: where a GOP was cut without a keyframe nobody joins, but everybody reads on") {
    Log builder;
    builder.gop({}, true).video('a').gop(second, true, /*keyframe=*/false).video('b');
    auto const& log = builder.gop(2 * second, true).video('c').done();
    CHECK(read_all(log, log.join(second).value()) == "c");
    CHECK(read_all(log, log.join(std::nullopt).value()) == "abc");
}

TEST_CASE("GOP log: a cursor at the end goes on with what is appended, over GOPs") {
    Log builder;
    auto const& log = builder.gop({}, true).video('a').done();
    auto cursor = log.join(std::nullopt).value();
    cursor.offset += log.unread(cursor).size();
    CHECK(log.unread(cursor).empty());
    builder.video('b').done();
    CHECK(letters(log.unread(cursor)) == "b");
    cursor.offset += mpegts::packet_size / 2; // a socket takes what it takes
    CHECK(log.unread(cursor).size() == mpegts::packet_size / 2);
    cursor.offset += mpegts::packet_size / 2;
    builder.gop(second, false).video('c').done();
    CHECK(letters(log.unread(cursor)) == "c");
    CHECK(cursor.gop == 1);
}

TEST_CASE("GOP log: the lead-in is the audio of 300 ms by PTS that came in front of the keyframe") {
    Log builder;
    builder.gop({}, true).video('a');
    builder.audio('1', 60'000 * Ticks90k(1))
        .audio('2', Ticks90k(62'999))
        .audio('3', Ticks90k(63'000));
    builder.more_audio('+').audio('4', Ticks90k(91'000));
    builder.gop(second, false).video('b').audio('5', Ticks90k(70'000));
    auto const& log = builder.done();
    auto const cursor = log.join(second).value();
    CHECK(letters(log.lead_in(cursor)) == "3+4"); // by PTS, also what ran ahead of the keyframe
    CHECK(read_all(log, cursor) == "b5");
    CHECK(log.lead_in(log.join(std::nullopt).value()).empty());
}

TEST_CASE(
    "GOP log: trimming keeps the last complete segment and the open one, from a segment's start") {
    Log builder;
    fill(builder, 9); // segments ab cd ef gh i
    auto& log = builder.done();
    log.trim(std::nullopt, {}, /*keep_time=*/false);
    CHECK(read_all(log, log.join(std::nullopt).value()) == "ghi");
    CHECK(log.size_bytes() == 3 * mpegts::packet_size);
    CHECK(log.first() == 6);
}

TEST_CASE("GOP log: what a consumer has not read stays, up to the bounds of age and bytes") {
    Log builder;
    fill(builder, 9);
    auto& log = builder.done();
    log.trim(3, {}, /*keep_time=*/false);
    CHECK(read_all(log, log.join(std::nullopt).value()) == "cdefghi");
    log.trim(3, {.max_bytes = 100 * mpegts::packet_size, .max_age = 5 * second}, false);
    CHECK(read_all(log, log.join(std::nullopt).value()) == "efghi");
    CHECK_FALSE(log.holds({.gop = 3, .offset = 0}));
    CHECK(log.holds({.gop = 4, .offset = 0}));
    log.trim(4, {.max_bytes = 3 * mpegts::packet_size, .max_age = 30 * second}, false);
    CHECK(read_all(log, log.join(std::nullopt).value()) == "ghi");
}

TEST_CASE("GOP log: a least age is kept for one who comes back, as far as the bytes allow") {
    Log builder;
    fill(builder, 9);
    auto& log = builder.done();
    log.trim(std::nullopt, {.max_bytes = 1'000'000, .min_age = 3 * second}, false);
    CHECK(read_all(log, log.join(std::nullopt).value()) == "efghi");
    log.trim(std::nullopt, {.max_bytes = 4 * mpegts::packet_size, .min_age = 3 * second}, false);
    CHECK(read_all(log, log.join(std::nullopt).value()) == "ghi");
}

TEST_CASE("GOP log: while consumers start only the bytes are bounded") {
    Log builder;
    fill(builder, 9);
    auto& log = builder.done();
    log.trim(std::nullopt, {.max_bytes = 100 * mpegts::packet_size, .max_age = second}, true);
    CHECK(log.first() == 0);
    log.trim(std::nullopt, {.max_bytes = 7 * mpegts::packet_size, .max_age = second}, true);
    CHECK(log.first() == 2);
}

TEST_CASE("GOP log: a forward jump of the clock makes nobody too old") {
    Log builder;
    fill(builder, 4);
    Output jump;
    jump.events.push_back({.offset = 0,
                           .what = GopOpened{.pts = 5000 * second,
                                             .media_time = 4 * second,
                                             .keyframe = true,
                                             .opens_segment = true}});
    auto& log = builder.done();
    log.append(jump);
    log.trim(0, {}, /*keep_time=*/false);
    CHECK(log.first() == 0);
}

} // namespace gop_log_test
