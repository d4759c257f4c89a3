#include "workers/segment/cue_resolver.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

namespace cue_resolver_test {

using namespace continuo;
using namespace continuo::segment;
using scte35::Event;
using timeline::Cue;

constexpr Ticks90k second{90'000};
constexpr Ticks90k frame{3600};

SpliceRequest out(std::uint32_t id, std::optional<Ticks90k> time,
                  std::optional<Ticks90k> planned = std::nullopt) {
    return {.event = {.kind = Event::Kind::out,
                      .event_id = id,
                      .time = time,
                      .planned = planned,
                      .auto_return = planned.has_value()},
            .section = "out " + std::to_string(id),
            .origin = "PID 500"};
}

SpliceRequest in(std::uint32_t id, std::optional<Ticks90k> time) {
    return {.event = {.kind = Event::Kind::in, .event_id = id, .time = time},
            .section = "in " + std::to_string(id),
            .origin = "PID 500"};
}

SpliceRequest cancel(std::uint32_t id) {
    return {.event = {.kind = Event::Kind::cancel, .event_id = id}, .section = "", .origin = ""};
}

SpliceRequest of_file(SpliceRequest request, Ticks90k after = {}) {
    request.after = after;
    request.in_band = false;
    request.origin = "sidecar.txt:7";
    return request;
}

/// A stream with a keyframe every two seconds and a picture every 40 ms.
class Stream {
public:
    explicit Stream(Ticks90k start = Ticks90k::zero()) : start_(start) {}

    /// The pictures before `time` (since the start) pass.
    Stream& play_to(Ticks90k time) {
        for (; passed_ < time; passed_ += frame) {
            auto const pts = wrapped(start_ + passed_);
            resolver.pass(pts);
            if (passed_ % (2 * second) != Ticks90k::zero()) continue;
            auto opening = resolver.at_keyframe(pts);
            if (opening.cues.empty() && !opening.returns) continue;
            for (auto const& cue : opening.cues)
                story += second_text() + (cue.kind == Cue::Kind::out ? "out" : "in") +
                         std::to_string(cue.event_id) + " ";
            if (opening.returns) story += second_text() + "return ";
        }
        return *this;
    }
    Stream& skip_to(Ticks90k time) {
        passed_ = time;
        return *this;
    }
    Ticks90k at(Ticks90k time) const { return wrapped(start_ + time); }

    CueResolver resolver;
    std::string story; ///< what opened: "4:out1 8:return "

private:
    std::string second_text() const { return std::to_string(passed_ / second) + ":"; }

    Ticks90k start_;
    Ticks90k passed_{};
};

TEST_CASE("cue resolver: a splice opens at the first keyframe at or after its time") {
    Stream stream;
    stream.resolver.add(out(1, 3 * second));
    stream.resolver.add(out(2, 6 * second));
    stream.resolver.add(out(3, 6 * second + Ticks90k(1)));
    stream.play_to(20 * second);
    CHECK(stream.story == "4:out1 6:out2 8:out3 ");
    CHECK(stream.resolver.take_remarks().empty());
}

TEST_CASE("cue resolver: a cue says what was asked for, and when") {
    Stream stream;
    stream.resolver.add(out(9, 3 * second, 30 * second));
    stream.play_to(4 * second);
    stream.resolver.pass(4 * second);
    CHECK(stream.resolver.at_keyframe(4 * second) == Opening{.cues = {{.kind = Cue::Kind::out,
                                                                       .event_id = 9,
                                                                       .time = 3 * second,
                                                                       .planned = 30 * second,
                                                                       .auto_return = true,
                                                                       .section = "out 9"}}});
}

TEST_CASE("cue resolver: one without a time counts from the newest picture") {
    Stream stream;
    stream.resolver.add(of_file(out(1, std::nullopt)));
    stream.resolver.add(of_file(in(1, std::nullopt), 5 * second));
    stream.play_to(3 * second);
    CHECK(stream.story == "0:out1 ");
    stream.resolver.add(of_file(out(2, std::nullopt)));
    stream.resolver.add(of_file(in(2, std::nullopt), second * 17 / 2));
    stream.play_to(20 * second);
    CHECK(stream.story == "0:out1 4:out2 6:in1 12:in2 ");
    CHECK(stream.resolver.take_remarks().empty());
}

TEST_CASE("cue resolver: a splice behind the newest picture is late, told once and dropped") {
    Stream stream;
    stream.play_to(5 * second); // the newest picture: 4.960 s
    stream.resolver.add(of_file(out(1, Ticks90k(446'399))));
    stream.resolver.add(of_file(out(1, Ticks90k(446'399))));
    stream.resolver.add(out(2, Ticks90k(446'400)));
    stream.play_to(20 * second);
    CHECK(stream.story == "6:out2 ");
    CHECK(stream.resolver.take_remarks() ==
          std::vector<std::string>{"sidecar.txt:7: event 1 is late: its splice at 4.960 s lies "
                                   "0.000 s behind the newest picture; dropped"});
    CHECK(stream.resolver.take_remarks().empty());
}

TEST_CASE("cue resolver: a stream whose cues are all late is not told of for ever") {
    Stream stream;
    stream.play_to(10 * second);
    for (std::uint32_t id = 0; id < 100; ++id) {
        stream.resolver.add(out(id, second));
        stream.resolver.add(of_file(in(id, second)));
    }
    CHECK(stream.resolver.take_remarks().size() == 100 + CueResolver::max_late_remarks);
}

TEST_CASE("cue resolver: what lies before the first picture is late as well") {
    Stream stream(100 * second);
    stream.resolver.add(of_file(out(1, 99 * second)));
    stream.resolver.add(of_file(out(2, 100 * second)));
    stream.play_to(10 * second);
    CHECK(stream.story == "0:out2 ");
    REQUIRE(stream.resolver.take_remarks().size() == 1);
}

TEST_CASE("cue resolver: what encoders repeat happens once") {
    Stream stream;
    for (auto const time : {0, 1, 2})
        stream.play_to(time * second).resolver.add(out(1, 5 * second));
    stream.play_to(7 * second).resolver.add(out(1, 5 * second));
    CHECK(stream.story == "6:out1 ");
    for (auto const time : {7, 9, 11})
        stream.play_to(time * second).resolver.add(in(1, std::nullopt));
    stream.play_to(20 * second);
    CHECK(stream.story == "6:out1 8:in1 ");
    CHECK(stream.resolver.take_remarks().empty());
}

TEST_CASE("cue resolver: a break that counts down in ever new sections is not late each time") {
    Stream stream;
    stream.resolver.add(out(1, 4 * second, 10 * second));
    stream.play_to(7 * second);
    auto again = out(1, 4 * second, 7 * second);
    again.section = "out 1, 7 s left";
    stream.resolver.add(again);
    stream.play_to(20 * second);
    CHECK(stream.story == "4:out1 14:return ");
    CHECK(stream.resolver.take_remarks().empty());
}

TEST_CASE("cue resolver: the same immediate cue counts again once its break is over") {
    Stream stream;
    stream.play_to(second).resolver.add(of_file(out(1, std::nullopt, 3 * second)));
    stream.play_to(11 * second).resolver.add(of_file(out(1, std::nullopt, 3 * second)));
    stream.play_to(13 * second).resolver.add(of_file(in(1, std::nullopt)));
    stream.play_to(15 * second).resolver.add(of_file(out(1, std::nullopt, 3 * second)));
    stream.play_to(30 * second);
    CHECK(stream.story == "2:out1 6:return 12:out1 14:in1 16:out1 20:return ");
}

TEST_CASE("cue resolver: at one time a break ends before another begins; else by time") {
    Stream stream;
    stream.resolver.add(out(3, 9 * second));
    stream.resolver.add(out(2, 8 * second + Ticks90k(5)));
    stream.resolver.add(in(1, 9 * second));
    stream.play_to(20 * second);
    CHECK(stream.story == "10:out2 10:in1 10:out3 ");
}

TEST_CASE("cue resolver: a break returns at the first keyframe at which its time is over") {
    Stream stream;
    stream.resolver.add(out(1, second, 4 * second));
    stream.resolver.add(out(2, 9 * second, 4 * second + Ticks90k(1)));
    stream.resolver.add(out(3, 21 * second, 4 * second));
    stream.resolver.add(in(3, 23 * second));
    stream.resolver.add(out(4, 29 * second, 4 * second));
    stream.resolver.add(in(4, 34 * second));
    stream.play_to(60 * second);
    CHECK(stream.story == "2:out1 6:return 10:out2 16:return 22:out3 24:in3 30:out4 34:in4 ");
}

TEST_CASE("cue resolver: a break that does not return by itself stays") {
    Stream stream;
    auto stays = out(1, second, 4 * second);
    stays.event.auto_return = false;
    stream.resolver.add(stays);
    stream.resolver.add(out(2, second, clock_turn)); // no clock tells such a time
    stream.play_to(60 * second);
    CHECK(stream.story == "2:out1 2:out2 ");
}

TEST_CASE("cue resolver: a break shorter than a GOP does not return later") {
    Stream stream;
    stream.resolver.add(out(1, second, 4 * second));
    stream.resolver.add(in(1, second * 3 / 2));
    stream.play_to(20 * second);
    CHECK(stream.story == "2:out1 2:in1 ");
}

TEST_CASE("cue resolver: a cancelled event does not happen, and may be announced again") {
    Stream stream;
    stream.resolver.add(out(1, 5 * second));
    stream.resolver.add(out(2, 5 * second));
    auto other = out(1, 5 * second);
    other.event.by_segmentation = true;
    other.section = "time_signal";
    stream.resolver.add(other);
    stream.resolver.add(cancel(1));
    stream.resolver.add(cancel(7));
    stream.play_to(second).resolver.add(out(2, 5 * second));
    stream.resolver.add(cancel(2));
    stream.resolver.add(out(2, 5 * second));
    stream.play_to(20 * second);
    CHECK(stream.story == "6:out1 6:out2 ");
    stream.resolver.add(cancel(2)); // too late
    CHECK(stream.resolver.take_remarks().empty());
}

TEST_CASE("cue resolver: the clock's wrap is a moment like others") {
    Stream stream(clock_turn - 5 * second);
    stream.resolver.add(out(1, stream.at(3 * second), 4 * second));
    stream.resolver.add(out(2, stream.at(11 * second)));
    stream.resolver.add(in(2, stream.at(13 * second)));
    stream.play_to(7 * second).resolver.add(out(9, stream.at(4 * second)));
    stream.play_to(20 * second);
    CHECK(stream.story == "4:out1 8:return 12:out2 14:in2 ");
    CHECK(stream.resolver.take_remarks().size() == 1);
}

TEST_CASE("cue resolver: more than it holds is refused, told once while it lasts") {
    Stream stream;
    auto const far = [](std::size_t id) {
        return out(static_cast<std::uint32_t>(id), static_cast<long>(1 + id) * second);
    };
    for (std::size_t id = 0; id < CueResolver::max_pending + 5; ++id)
        stream.resolver.add(far(id));
    CHECK(stream.resolver.take_remarks().size() == 1);
    stream.play_to(5 * second); // makes room
    for (std::size_t id = 0; id < 10; ++id)
        stream.resolver.add(far(2000 + id));
    CHECK(stream.resolver.take_remarks().size() == 1);
}

TEST_CASE("cue resolver: when the clock starts anew, what the stream announced is void") {
    Stream before;
    before.resolver.add(out(1, 7 * second));
    before.resolver.add(of_file(out(2, 107 * second)));
    before.resolver.add(of_file(out(3, 1 * second, 6 * second)));
    before.play_to(5 * second); // event 3 began at 2 s: 3 s of it are ahead
    before.resolver.restart_clock(frame);
    before.resolver.restart_clock(frame);
    Stream after(100 * second);
    after.resolver = before.resolver;
    after.resolver.add(out(1, 107 * second));
    after.play_to(20 * second);
    CHECK(before.story == "2:out3 ");
    CHECK(after.story == "4:return 8:out2 8:out1 ");
    CHECK(after.resolver.take_remarks().empty());
}

/// How far event 1 has come: it is to begin at 5 s and to last for four.
enum class State { no_clock, unknown, ahead, open, returned, ended };
enum class Happens { announced, ends_now, begins_now, cancelled, other_announced, clock_restarts };

Ticks90k bring(Stream& stream, State state) {
    if (state == State::no_clock) return Ticks90k::zero();
    if (state == State::unknown) return stream.play_to(3 * second), 3 * second;
    stream.resolver.add(out(1, 5 * second, 4 * second));
    auto const until = state == State::ahead ? 3 : state == State::returned ? 11 : 7;
    stream.play_to(until * second);
    if (state != State::ended) return until * second;
    stream.resolver.add(in(1, std::nullopt));
    return stream.play_to(9 * second), 9 * second;
}

void let(Stream& stream, Happens what, Ticks90k now) {
    auto& resolver = stream.resolver;
    switch (what) {
    case Happens::announced: return resolver.add(out(1, 5 * second, 4 * second));
    case Happens::ends_now: return resolver.add(in(1, std::nullopt));
    case Happens::begins_now: return resolver.add(out(1, std::nullopt, 4 * second));
    case Happens::cancelled: return resolver.add(cancel(1));
    case Happens::other_announced: return resolver.add(out(2, now + 4 * second));
    case Happens::clock_restarts: return resolver.restart_clock(frame);
    }
}

TEST_CASE("cue resolver: whatever happens in any state") {
    using S = State;
    using H = Happens;
    struct Row {
        State state;
        Happens what;
        char const* then; ///< what opens from there on
    };
    Row const rows[] = {
        {S::no_clock, H::announced, "6:out1 10:return "},
        {S::no_clock, H::ends_now, "0:in1 "},
        {S::no_clock, H::begins_now, "0:out1 4:return "},
        {S::no_clock, H::cancelled, ""},
        {S::no_clock, H::other_announced, "4:out2 "},
        {S::no_clock, H::clock_restarts, ""},
        {S::unknown, H::announced, "6:out1 10:return "},
        {S::unknown, H::ends_now, "4:in1 "},
        {S::unknown, H::begins_now, "4:out1 8:return "},
        {S::unknown, H::cancelled, ""},
        {S::unknown, H::other_announced, "8:out2 "},
        {S::unknown, H::clock_restarts, ""},
        {S::ahead, H::announced, "6:out1 10:return "},
        {S::ahead, H::ends_now, "4:in1 6:out1 10:return "},
        {S::ahead, H::begins_now, "4:out1 6:out1 8:return "},
        {S::ahead, H::cancelled, ""},
        {S::ahead, H::other_announced, "6:out1 8:out2 10:return "},
        {S::ahead, H::clock_restarts, ""},
        {S::open, H::announced, "10:return "},
        {S::open, H::ends_now, "8:in1 "},
        {S::open, H::begins_now, "10:return "},
        {S::open, H::cancelled, "10:return "},
        {S::open, H::other_announced, "10:return 12:out2 "},
        {S::open, H::clock_restarts, "10:return "},
        {S::returned, H::announced, ""},
        {S::returned, H::ends_now, "12:in1 "},
        {S::returned, H::begins_now, "12:out1 16:return "},
        {S::returned, H::cancelled, ""},
        {S::returned, H::other_announced, "16:out2 "},
        {S::returned, H::clock_restarts, ""},
        {S::ended, H::announced, ""},
        {S::ended, H::ends_now, ""},
        {S::ended, H::begins_now, "10:out1 14:return "},
        {S::ended, H::cancelled, ""},
        {S::ended, H::other_announced, "14:out2 "},
        {S::ended, H::clock_restarts, ""},
    };
    for (auto const& row : rows) {
        CAPTURE(static_cast<int>(row.state));
        CAPTURE(static_cast<int>(row.what));
        Stream stream;
        auto const now = bring(stream, row.state);
        stream.story.clear();
        let(stream, row.what, now);
        stream.play_to(30 * second);
        CHECK(stream.story == row.then);
        CHECK(stream.resolver.take_remarks().empty());
    }
}

TEST_CASE("cue resolver: in a replay's next lap what files ask for at a time happens again") {
    for (bool const replays : {true, false}) {
        Stream lap;
        lap.resolver = CueResolver(replays);
        lap.resolver.add(of_file(out(1, 3 * second)));
        lap.resolver.add(of_file(out(2, 3 * second)));
        lap.resolver.add(of_file(out(3, std::nullopt)));
        lap.resolver.add(of_file(in(1, 50 * second)));
        lap.play_to(10 * second);
        CHECK(lap.story == "0:out3 4:out1 4:out2 ");
        for (int i = 0; i < 3; ++i) {
            lap.resolver.restart_clock(frame);
            Stream next;
            next.resolver = lap.resolver;
            next.play_to(10 * second);
            CHECK(next.story == (replays ? "4:out1 4:out2 " : ""));
            lap.resolver = next.resolver;
        }
        lap.resolver.restart_clock(frame);
        Stream other(second); // not the beginning, but what follows a discontinuity in it
        other.resolver = lap.resolver;
        CHECK(other.play_to(10 * second).story.empty());
    }
}

TEST_CASE("cue resolver: one that replaces another goes on behind what that decided") {
    Cue const done{.kind = Cue::Kind::out,
                   .event_id = 3,
                   .time = second,
                   .planned = 10 * second,
                   .auto_return = true,
                   .section = "out 3"};
    Stream stream;
    stream.resolver.recall({&done, 1}, 2 * second);
    stream.resolver.add(of_file(out(3, std::nullopt, 10 * second))); // this is how it came about
    stream.resolver.add(of_file(out(4, std::nullopt)));              // nobody has seen this yet
    stream.resolver.add(of_file(out(4, std::nullopt)));
    stream.resolver.add(of_file(in(4, std::nullopt), 3 * second));
    stream.resolver.add(of_file(out(5, 15 * second)));
    auto const passed = CueResolver::Turn::passed;
    for (auto pts = Ticks90k::zero(); pts < 8 * second; pts += frame) {
        stream.resolver.pass(pts, passed);
        if (pts == 5 * second) stream.resolver.add(out(6, std::nullopt)); // the stream itself
        if (pts % (2 * second) != Ticks90k::zero()) continue;
        auto const opening = stream.resolver.at_keyframe(pts);
        CHECK(opening.cues.size() == (pts == 6 * second ? 1 : 0));
        CHECK_FALSE(opening.returns);
    }
    stream.skip_to(8 * second).play_to(30 * second);
    CHECK(stream.story == "8:out4 12:in4 12:return 16:out5 ");
    CHECK(stream.resolver.take_remarks().empty());
}

TEST_CASE("cue resolver: after a replay's loop the same announcements count again") {
    Stream first;
    first.resolver.add(out(1, 3 * second));
    first.play_to(10 * second);
    first.resolver.restart_clock(frame);
    Stream second_loop;
    second_loop.resolver = first.resolver;
    second_loop.resolver.add(out(1, 3 * second));
    second_loop.play_to(10 * second);
    CHECK(second_loop.story == "4:out1 ");
}

/// The same as it would be written down on paper: on a clock that does not wrap, looking at all
/// cues at each keyframe.
class Paper {
public:
    struct Line {
        std::int64_t time{};
        bool is_out{};
        std::uint32_t id{};
        std::int64_t planned{}; ///< 0: does not return
        bool is_done{};
    };

    void add(std::int64_t newest, Line line) {
        for (auto const& other : lines_)
            if (other.time == line.time && other.is_out == line.is_out && other.id == line.id)
                return;
        line.is_done = line.time < newest;
        late += line.is_done ? 1 : 0;
        lines_.push_back(line);
    }
    void cancel(std::uint32_t id) {
        std::erase_if(lines_, [&](Line const& line) { return line.id == id && !line.is_done; });
    }
    std::string at_keyframe(std::int64_t pts) {
        std::vector<Line*> due;
        for (auto& line : lines_)
            if (!line.is_done && line.time <= pts) due.push_back(&line);
        std::ranges::stable_sort(due, [](Line const* a, Line const* b) {
            return std::pair(a->time, a->is_out) < std::pair(b->time, b->is_out);
        });
        std::string text;
        for (auto* line : due) {
            line->is_done = true;
            text += (line->is_out ? "out" : "in") + std::to_string(line->id) + " ";
            if (!line->is_out) returns_.erase(line->id);
            if (line->is_out && line->planned > 0)
                returns_.try_emplace(line->id, pts + line->planned);
        }
        if (std::erase_if(returns_, [&](auto const& due_at) { return due_at.second <= pts; }) > 0)
            text += "return ";
        return text;
    }

    int late{};

private:
    std::vector<Line> lines_;
    std::map<std::uint32_t, std::int64_t> returns_;
};

TEST_CASE("cue resolver: ten thousand random cues, as they would be on paper") {
    std::mt19937 random(4);
    auto const pick = [&](std::int64_t from, std::int64_t to) {
        return std::uniform_int_distribution<std::int64_t>(from, to)(random);
    };
    int cues = 0;
    while (cues < 10'000) {
        CueResolver resolver;
        Paper paper;
        auto const origin = clock_turn.count() - pick(0, 40 * 90'000);
        int remarks = 0;
        for (std::int64_t now = 0, number = 0; now < 80 * 90'000; now += 3600, ++number) {
            auto const pts = wrapped(Ticks90k(origin + now));
            resolver.pass(pts);
            if (number % 12 == 0) {
                auto const opening = resolver.at_keyframe(pts);
                std::string text;
                for (auto const& cue : opening.cues)
                    text += (cue.kind == Cue::Kind::out ? "out" : "in") +
                            std::to_string(cue.event_id) + " ";
                if (opening.returns) text += "return ";
                REQUIRE(text == paper.at_keyframe(now));
            }
            if (pick(0, 3) != 0) continue;
            ++cues;
            auto const id = static_cast<std::uint32_t>(pick(1, 60));
            if (pick(0, 19) == 0) {
                resolver.add(cancel(id));
                paper.cancel(id);
                continue;
            }
            Paper::Line line{.time = now + pick(-2, 20) * 30'000, .is_out = pick(0, 1) == 0};
            line.id = id;
            if (line.is_out && pick(0, 1) == 0) line.planned = pick(1, 10) * 50'000;
            auto const time = wrapped(Ticks90k(origin + line.time));
            auto const planned =
                line.planned > 0 ? std::optional(Ticks90k(line.planned)) : std::nullopt;
            resolver.add(of_file(line.is_out ? out(id, time, planned) : in(id, time)));
            paper.add(now, line);
            remarks += static_cast<int>(resolver.take_remarks().size());
        }
        CHECK(remarks == paper.late);
    }
}

} // namespace cue_resolver_test
