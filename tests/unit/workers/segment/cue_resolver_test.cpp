#include "workers/segment/cue_resolver.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace continuo;
using namespace continuo::segment;
using scte35::Event;
using timeline::Cue;

namespace {

constexpr Ticks90k second{90'000};

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
        for (; passed_ < time; passed_ += Ticks90k(3600)) {
            auto const pts = wrapped(start_ + passed_);
            resolver.pass(pts);
            if (passed_ % (2 * second) != Ticks90k::zero()) continue;
            auto opening = resolver.at_keyframe(pts);
            if (opening.cues.empty() && !opening.returns) continue;
            for (auto const& cue : opening.cues)
                story += fmt_time() + (cue.kind == Cue::Kind::out ? "out" : "in") +
                         std::to_string(cue.event_id) + " ";
            if (opening.returns) story += fmt_time() + "return ";
        }
        return *this;
    }
    Ticks90k at(Ticks90k time) const { return wrapped(start_ + time); }

    CueResolver resolver;
    std::string story; ///< what opened: "4:out1 8:return "

private:
    std::string fmt_time() const { return std::to_string(passed_ / second) + ":"; }

    Ticks90k start_;
    Ticks90k passed_{};
};

} // namespace

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
    before.play_to(5 * second); // event 3 began at 2 s: it returns 3.04 s from the newest picture
    before.resolver.restart_clock();
    before.resolver.restart_clock();
    Stream after(100 * second);
    after.resolver = before.resolver;
    after.resolver.add(out(1, 107 * second));
    after.play_to(20 * second);
    CHECK(before.story == "2:out3 ");
    CHECK(after.story == "4:return 8:out2 8:out1 ");
    CHECK(after.resolver.take_remarks().empty());
}

TEST_CASE("cue resolver: after a replay's loop the same announcements count again") {
    Stream first;
    first.resolver.add(out(1, 3 * second));
    first.play_to(10 * second);
    first.resolver.restart_clock();
    Stream second_loop;
    second_loop.resolver = first.resolver;
    second_loop.resolver.add(out(1, 3 * second));
    second_loop.play_to(10 * second);
    CHECK(second_loop.story == "4:out1 ");
}
