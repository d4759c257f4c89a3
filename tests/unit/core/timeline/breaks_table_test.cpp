// Every state of the machine that marks breaks, with every event; and long random streams, held to
// what any reader of a list relies on.
#include "core/timeline/breaks.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace breaks_table_test {

using namespace continuo;
using namespace continuo::timeline;
using Kind = BreakMark::Kind;

constexpr Ticks90k second{90'000};
constexpr Ticks90k length = 2 * second;

Cue out(std::uint32_t id, Ticks90k time, std::optional<Ticks90k> planned = std::nullopt,
        bool auto_return = false) {
    return {.kind = Cue::Kind::out,
            .event_id = id,
            .time = wrapped(time),
            .planned = planned,
            .auto_return = auto_return,
            .section = "out"};
}

Cue in(std::uint32_t id, Ticks90k time) {
    return {.kind = Cue::Kind::in, .event_id = id, .time = wrapped(time), .section = "in"};
}

/// "<7" OUT of 7, "=7" CONT, ">7" IN by a cue, ")7" IN by itself.
std::string text_of(std::vector<BreakMark> const& marks) {
    std::string text;
    for (auto const& mark : marks) {
        text += text.empty() ? "" : " ";
        text += mark.kind == Kind::out ? '<' : mark.kind == Kind::cont ? '=' : mark.in ? '>' : ')';
        text += std::to_string(mark.out.event_id);
    }
    return text;
}

/// Segments of two seconds from media time 0 on.
class Stream {
public:
    std::vector<BreakMark> next(std::vector<Cue> const& cues) {
        auto const start = index_ * length;
        auto const marks = breaks_.next({.number = 100 + static_cast<std::uint64_t>(index_),
                                         .start = wrapped(start),
                                         .duration = length,
                                         .date = WallTime{std::chrono::seconds{2 * index_}},
                                         .cues = cues});
        ++index_;
        return marks;
    }
    Ticks90k now() const { return index_ * length; }
    Breaks const& breaks() const { return breaks_; }

private:
    Breaks breaks_;
    std::int64_t index_{0};
};

/// Event ids: 7 is the break, 6 the one before it, 8 one inside of it, 9 another one.
enum class State { outside, after_one, open, open_after_one, nested, about_to_return };

Stream stream_in(State state) {
    Stream stream;
    auto const add = [&](std::vector<Cue> const& cues) { (void)stream.next(cues); };
    add({});
    if (state == State::outside) return stream;
    if (state == State::after_one || state == State::open_after_one) {
        add({out(6, stream.now())});
        add({in(6, stream.now())});
        if (state == State::after_one) return stream;
    }
    if (state == State::about_to_return)
        add({out(7, stream.now(), length, true)});
    else
        add({out(7, stream.now())});
    if (state == State::nested) add({out(8, stream.now())});
    return stream;
}

struct Row {
    char const* event;
    std::vector<Cue> (*cues)(Ticks90k now);
    std::map<State, std::string_view> marks;
};

std::vector<Row> const rows{
    {"nothing",
     [](Ticks90k) { return std::vector<Cue>{}; },
     {{State::outside, ""},
      {State::after_one, ""},
      {State::open, "=7"},
      {State::open_after_one, "=7"},
      {State::nested, "=7"},
      {State::about_to_return, ")7"}}},
    {"OUT of 9",
     [](Ticks90k now) { return std::vector{out(9, now)}; },
     {{State::outside, "<9"},
      {State::after_one, "<9"},
      {State::open, "=7"},
      {State::open_after_one, "=7"},
      {State::nested, "=7"},
      {State::about_to_return, ")7 <9"}}},
    {"OUT of 7",
     [](Ticks90k now) { return std::vector{out(7, now)}; },
     {{State::outside, "<7"},
      {State::after_one, "<7"},
      {State::open, "=7"},
      {State::open_after_one, "=7"},
      {State::nested, "=7"},
      {State::about_to_return, ")7 <7"}}},
    {"IN of 7",
     [](Ticks90k now) { return std::vector{in(7, now)}; },
     {{State::outside, ""},
      {State::after_one, ""},
      {State::open, ">7"},
      {State::open_after_one, ">7"},
      {State::nested, ">7"},
      {State::about_to_return, ">7"}}},
    {"IN of 6",
     [](Ticks90k now) { return std::vector{in(6, now)}; },
     {{State::outside, ""},
      {State::after_one, ""},
      {State::open, ">7"},
      {State::open_after_one, "=7"}, // told again
      {State::nested, ">7"},
      {State::about_to_return, ">7"}}},
    {"IN of 8",
     [](Ticks90k now) { return std::vector{in(8, now)}; },
     {{State::outside, ""},
      {State::after_one, ""},
      {State::open, ">7"},
      {State::open_after_one, ">7"},
      {State::nested, "=7"}, // only what lies inside ends
      {State::about_to_return, ">7"}}},
    {"IN of 7, then OUT of 9",
     [](Ticks90k now) {
         return std::vector{in(7, now), out(9, now)};
     },
     {{State::outside, "<9"},
      {State::after_one, "<9"},
      {State::open, ">7 <9"},
      {State::open_after_one, ">7 <9"},
      {State::nested, ">7 <9"},
      {State::about_to_return, ">7 <9"}}},
    {"OUT of 9 and its IN in front of the same picture",
     [](Ticks90k now) {
         return std::vector{out(9, now - second), in(9, now - 1 * second / 2)};
     },
     {{State::outside, ""},
      {State::after_one, ""},
      {State::open, "=7"},
      {State::open_after_one, "=7"},
      {State::nested, "=7"},
      {State::about_to_return, ")7"}}},
    {"OUT of 7 again and its IN in front of the same picture",
     [](Ticks90k now) {
         return std::vector{out(7, now - second), in(7, now - 1 * second / 2)};
     },
     {{State::outside, ""},
      {State::after_one, ""},
      {State::open, ">7"},
      {State::open_after_one, ">7"},
      {State::nested, ">7"},
      {State::about_to_return, ">7"}}},
};

TEST_CASE("breaks: every state with every event") {
    for (auto const& row : rows) {
        REQUIRE(row.marks.size() == 6);
        for (auto const& marked : row.marks) { // captured below, which structured bindings can't be
            auto const& state = marked.first;
            auto const& expected = marked.second;
            CAPTURE(row.event);
            CAPTURE(static_cast<int>(state));
            auto stream = stream_in(state);
            auto const marks = stream.next(row.cues(stream.now()));
            CHECK(text_of(marks) == expected);
            auto const open = expected.find('<') != std::string_view::npos ||
                              expected.find('=') != std::string_view::npos;
            CHECK(stream.breaks().in_break() == open);
            for (auto const& mark : marks)
                if (mark.kind == Kind::out) CHECK(mark.elapsed == Ticks90k::zero());
        }
    }
}

TEST_CASE("breaks: whatever the cues, lists can be read from any segment on") {
    std::mt19937 random(20'26);
    auto const chance = [&](int percent) { return static_cast<int>(random() % 100) < percent; };
    for (int round = 0; round < 200; ++round) {
        Breaks breaks;
        auto start = Ticks90k{static_cast<std::int64_t>(random())} * 2; // also over the wrap
        WallTime date{std::chrono::seconds{1'000'000}};
        std::optional<BreakMark> open;
        Ticks90k passed{};
        std::map<std::pair<std::uint32_t, std::uint64_t>, int> names;
        for (std::uint64_t number = 0; number < 300; ++number) {
            std::vector<Cue> cues;
            while (chance(30)) {
                auto const time = start - Ticks90k{static_cast<std::int64_t>(random() % 90'000)};
                auto const id = 1 + static_cast<std::uint32_t>(random() % 5);
                if (chance(50))
                    cues.push_back(in(id, time));
                else
                    cues.push_back(out(id, time,
                                       chance(50)
                                           ? std::optional(Ticks90k{
                                                 static_cast<std::int64_t>(random() % 2'000'000)})
                                           : std::nullopt,
                                       chance(50)));
            }
            auto const duration = Ticks90k{1 + static_cast<std::int64_t>(random() % 400'000)};
            auto const marks = breaks.next({.number = number,
                                            .start = wrapped(start),
                                            .duration = duration,
                                            .date = date,
                                            .cues = cues});
            REQUIRE(marks.size() <= 2);
            if (marks.empty()) CHECK_FALSE(open);
            for (auto const& mark : marks) {
                if (mark.kind == Kind::out) {
                    REQUIRE_FALSE(open);
                    CHECK(mark.first_number == number);
                    CHECK(++names[{mark.out.event_id, number}] == 1);
                    CHECK(mark.start_date <= date);
                    passed = Ticks90k::zero();
                    open = mark;
                    continue;
                }
                REQUIRE(open);
                CHECK(mark.out == open->out);
                CHECK(mark.first_number == open->first_number);
                CHECK(mark.start_date == open->start_date);
                CHECK(mark.elapsed == passed);
                auto const& planned = mark.out.planned;
                if (mark.kind == Kind::cont) {
                    CHECK_FALSE((mark.out.auto_return && planned && passed >= *planned));
                    CHECK(marks.size() == 1);
                    continue;
                }
                CHECK((mark.in || (mark.out.auto_return && passed >= planned)));
                REQUIRE(mark.end_date);
                CHECK(*mark.end_date <= date);
                open.reset();
            }
            CHECK(breaks.in_break() == open.has_value());
            CHECK(Breaks(marks, duration).in_break() == open.has_value());
            if (chance(5)) breaks = Breaks(marks, duration); // the daemon was killed
            if (open) passed += duration;
            start += duration;
            date += std::chrono::round<WallTime::duration>(duration);
        }
    }
}

} // namespace breaks_table_test
