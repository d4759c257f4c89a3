#include "core/timeline/breaks.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace breaks_test {

using namespace continuo;
using namespace continuo::timeline;
using Kind = BreakMark::Kind;

constexpr Ticks90k second{90'000};

Cue out(std::uint32_t id, Ticks90k time, std::optional<Ticks90k> planned, bool auto_return) {
    return {.kind = Cue::Kind::out,
            .event_id = id,
            .time = time,
            .planned = planned,
            .auto_return = auto_return,
            .section = "out"};
}

Cue in(std::uint32_t id, Ticks90k time) {
    return {.kind = Cue::Kind::in, .event_id = id, .time = time, .section = "in"};
}

/// Segments of two seconds, one after the other, from number 10 on at media time 0.
class Channel {
public:
    std::vector<BreakMark> list(std::vector<Cue> const& cues = {}) {
        auto const index = next_++;
        return breaks_.next({.number = 10 + static_cast<std::uint64_t>(index),
                             .start = wrapped(first_ + index * 2 * second),
                             .duration = 2 * second,
                             .date = WallTime{std::chrono::seconds{1000 + index * 2}},
                             .cues = cues});
    }
    void begin_at(Ticks90k first) { first_ = first; }
    Breaks& breaks() { return breaks_; }

private:
    Breaks breaks_;
    Ticks90k first_{};
    std::int64_t next_{};
};

TEST_CASE("a break lasts from its OUT to its IN") {
    Channel channel;
    CHECK(channel.list().empty());
    auto const opened = channel.list({out(1, second, 4 * second, false)});
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].kind == Kind::out);
    CHECK(opened[0].first_number == 11);
    CHECK(opened[0].start_date == WallTime{std::chrono::seconds{1001}});
    auto const inside = channel.list();
    REQUIRE(inside.size() == 1);
    CHECK(inside[0].kind == Kind::cont);
    CHECK(inside[0].elapsed == 2 * second);
    CHECK(channel.list()[0].elapsed == 4 * second); // planned, but it does not return by itself
    auto const closed = channel.list({in(1, 7 * second)});
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].kind == Kind::in);
    CHECK(closed[0].elapsed == 6 * second);
    CHECK(closed[0].in == in(1, 7 * second));
    CHECK(closed[0].end_date == WallTime{std::chrono::seconds{1007}});
    CHECK(channel.list().empty());
}

TEST_CASE("a break returns by itself once its planned time has passed") {
    Channel channel;
    channel.list({out(1, Ticks90k::zero(), 3 * second, true)});
    CHECK(channel.list()[0].kind == Kind::cont);
    auto const closed = channel.list();
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].kind == Kind::in);
    CHECK_FALSE(closed[0].in);
    CHECK(closed[0].end_date == WallTime{std::chrono::seconds{1004}});
}

TEST_CASE("one break can follow another at once") {
    for (auto const& cues : {std::vector{in(1, 2 * second), out(2, 2 * second, second, true)},
                             std::vector{out(2, 2 * second, second, true), in(1, 2 * second)},
                             std::vector{out(2, 2 * second, second, true)}}) { // by auto return
        Channel channel;
        channel.list({out(1, Ticks90k::zero(), 2 * second, true)});
        auto const marks = channel.list(cues);
        REQUIRE(marks.size() == 2);
        CHECK(marks[0].kind == Kind::in);
        CHECK(marks[1].kind == Kind::out);
        CHECK(marks[1].out.event_id == 2);
    }
}

TEST_CASE("the end of a nested break, or of the one before, ends nothing") {
    Channel channel;
    channel.list({out(1, Ticks90k::zero(), std::nullopt, false)});
    channel.list({out(2, 2 * second, std::nullopt, false)});
    CHECK(channel.list({in(2, 4 * second)})[0].kind == Kind::cont);
    CHECK(channel.list({in(1, 6 * second)})[0].kind == Kind::in);
    channel.list({out(3, 8 * second, std::nullopt, false)});
    CHECK(channel.list({in(1, 10 * second)})[0].kind == Kind::cont);
    CHECK(channel.list({in(77, 12 * second)})[0].kind == Kind::in); // encoders use other ids
}

TEST_CASE("a repeated OUT changes nothing, and an IN outside of a break is passed over") {
    Channel channel;
    CHECK(channel.list({in(1, Ticks90k::zero())}).empty());
    channel.list({out(1, 2 * second, std::nullopt, false)});
    auto const marks = channel.list({out(1, 4 * second, std::nullopt, false)});
    REQUIRE(marks.size() == 1);
    CHECK(marks[0].kind == Kind::cont);
    CHECK(marks[0].first_number == 11);
}

TEST_CASE("a break that no segment lies in is not marked") {
    Channel channel;
    CHECK(channel.list({out(1, -second, std::nullopt, false), in(1, -second / 2)}).empty());
    CHECK_FALSE(channel.breaks().in_break());
}

TEST_CASE("who saw only the last segment goes on as who saw all") {
    Channel channel;
    channel.list({out(1, Ticks90k::zero(), 5 * second, true)});
    auto const last = channel.list();
    Breaks resumed(last, 2 * second);
    CHECK(resumed.in_break());
    Breaks::Segment const segment{.number = 12,
                                  .start = 4 * second,
                                  .duration = 2 * second,
                                  .date = WallTime{std::chrono::seconds{1004}}};
    CHECK(resumed.next(segment) == channel.breaks().next(segment));
    auto const closed = channel.list();
    CHECK(closed[0].kind == Kind::in);
    CHECK_FALSE(Breaks(closed, 2 * second).in_break());
}

TEST_CASE("dates hold over the wrap of the clock") {
    Channel channel;
    channel.begin_at(clock_turn - second);
    channel.list();
    auto const opened = channel.list({out(1, clock_turn - second / 2, std::nullopt, false)});
    CHECK(opened[0].start_date == WallTime{std::chrono::milliseconds{1000'500}});
}

} // namespace breaks_test
