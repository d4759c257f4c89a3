#include "core/base/binary_text.hpp"
#include "core/scte35/event.hpp"
#include "core/scte35/sidecar.hpp"
#include "core/scte35/splice_request.hpp"
#include "supervisor/channel/cue_orders.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cue_orders_test {

using namespace continuo;
using namespace continuo::supervisor;
using namespace std::chrono_literals;
using contract::CueRequest;
using timeline::BreakMark;
using timeline::Cue;
using Situation = CueOrders::Situation;
using Lines = std::vector<std::string>;
using Kind = CueRequest::Kind;

constexpr CueOrders::SteadyTime start{1'000'000s};
auto const nothing_awaited = [](std::string const&) { return false; };
Situation const on_air{.source_on_air = true, .newest = Ticks90k{100s}, .lag = 5s};

Situation in_break(std::uint32_t id, std::optional<Ticks90k> planned = std::nullopt,
                   Ticks90k elapsed = {}) {
    auto situation = on_air;
    situation.open = BreakMark{.kind = BreakMark::Kind::cont,
                               .out = {.kind = Cue::Kind::out,
                                       .event_id = id,
                                       .planned = planned,
                                       .auto_return = planned.has_value(),
                                       .section = {}},
                               .elapsed = elapsed};
    return situation;
}

/// "OUT 1", or why not.
std::string outcome(Result<CueOrders::Accepted> const& accepted) {
    if (!accepted)
        return (accepted.error().code == Errc::conflict ? "conflict: " : "malformed: ") +
               accepted.error().context;
    return (accepted->kind == Cue::Kind::out ? "OUT " : "IN ") + std::to_string(accepted->event_id);
}

CueRequest out(std::chrono::milliseconds at = 0s,
               std::optional<std::chrono::milliseconds> duration = std::nullopt) {
    return {.duration = duration, .at = at};
}

CueRequest in(std::chrono::milliseconds at = 0s) {
    return {.kind = Kind::in, .at = at};
}

CueRequest section(scte35::SpliceRequest const& splice) {
    return {.kind = Kind::section,
            .section = base64_of(scte35::encode(scte35::splice_insert_of(splice)))};
}

scte35::SidecarLine line_of(std::string const& text) {
    auto line = scte35::parse_sidecar_line(text);
    REQUIRE(line.has_value());
    REQUIRE(line->has_value());
    return **line;
}

TEST_CASE("an order becomes one line for the run on air, which reads as it was asked") {
    CueOrders orders;
    CHECK(outcome(orders.accept({.event_id = 7, .duration = 30s, .at = 8500ms}, on_air, start)) ==
          "OUT 7");
    CHECK(outcome(orders.accept({.kind = Kind::in, .at = 20s}, on_air, start)) == "IN 7");
    CHECK(orders.waiting() == 2);
    auto const lines = orders.lines_for("a", start, nothing_awaited);
    REQUIRE(lines.size() == 2);
    auto const first = line_of(lines[0]);
    CHECK(std::get<scte35::SidecarLine::After>(first.when).delay == Ticks90k{8500ms});
    auto const events = scte35::events_of(first.info);
    REQUIRE(events.size() == 1);
    CHECK(events[0].kind == scte35::Event::Kind::out);
    CHECK(events[0].event_id == 7);
    CHECK_FALSE(events[0].time);
    CHECK(events[0].planned == Ticks90k{30s});
    CHECK(events[0].auto_return);
    auto const second = line_of(lines[1]);
    CHECK(scte35::events_of(second.info).at(0).kind == scte35::Event::Kind::in);
    CHECK(orders.lines_for("a", start + 1s, nothing_awaited).empty());
}

TEST_CASE("what is asked for now has no delay, and a break without a duration none to end by") {
    CueOrders orders;
    REQUIRE(orders.accept(out(), on_air, start).has_value());
    auto const line = line_of(orders.lines_for("a", start, nothing_awaited).at(0));
    CHECK(std::holds_alternative<scte35::SidecarLine::Now>(line.when));
    CHECK_FALSE(scte35::events_of(line.info).at(0).planned);
}

TEST_CASE("an order that a run took with it is asked of the next, with what is left of its delay") {
    CueOrders orders;
    REQUIRE(orders.accept(out(10s), on_air, start).has_value());
    auto const section = line_of(orders.lines_for("a", start, nothing_awaited).at(0)).section;
    auto const again = line_of(orders.lines_for("b", start + 4s, nothing_awaited).at(0));
    CHECK(std::get<scte35::SidecarLine::After>(again.when).delay == Ticks90k{6s});
    CHECK(again.section == section);
    auto const late = line_of(orders.lines_for("c", start + 11s, nothing_awaited).at(0));
    CHECK(std::holds_alternative<scte35::SidecarLine::Now>(late.when));
    auto const awaited = [&](std::string const& text) { return text == section; };
    CHECK(orders.lines_for("d", start + 12s, awaited).empty()); // its segment waits to be listed
    orders.on_listed(std::vector{Cue{.event_id = 1, .section = section}}, {});
    CHECK(orders.waiting() == 0);
    CHECK(orders.lines_for("d", start + 13s, nothing_awaited).empty());
}

TEST_CASE("event ids count on from the last one that the channel used") {
    CueOrders orders;
    CHECK(outcome(orders.accept(out(0s, 1s), on_air, start)) == "OUT 1");
    CHECK(outcome(orders.accept(out(10s, 1s), on_air, start)) == "OUT 2");
    orders.on_listed({}, std::vector{BreakMark{.kind = BreakMark::Kind::out,
                                               .out = {.event_id = 40, .section = {}}}});
    CHECK(outcome(orders.accept(out(20s, 1s), on_air, start)) == "OUT 41");
    CHECK(outcome(orders.accept({.event_id = 4'294'967'295, .at = 30s}, on_air, start)) ==
          "OUT 4294967295");
    CHECK(outcome(orders.accept(in(40s), on_air, start)) == "IN 4294967295");
    CHECK(outcome(orders.accept(out(50s), on_air, start)) == "OUT 0");
}

TEST_CASE("what lists would pass over is refused") {
    struct Row {
        char const* what;
        Situation situation;
        std::vector<CueRequest> before;
        CueRequest asked;
        std::string expected;
    };
    std::string const in_the_way = "conflict: break 7 is open then: end it first, or ask for a "
                                   "later splice";
    std::string const none_open = "conflict: no break is open then, and none was asked for";
    auto const id = [](CueRequest request, std::uint32_t event_id) {
        request.event_id = event_id;
        return request;
    };
    for (auto const& row : std::vector<Row>{
             {"slate", {}, {}, out(), "conflict: no source is on air: there is nothing to splice"},
             {"IN of nothing", on_air, {}, in(), none_open},
             {"IN of an open one", in_break(7), {}, in(), "IN 7"},
             {"IN by its id", in_break(7), {}, id(in(), 7), "IN 7"},
             {"IN of another",
              in_break(7),
              {},
              id(in(), 9),
              "conflict: break 7 is open then, not 9"},
             {"IN twice", in_break(7), {in()}, in(), none_open},
             {"IN before the OUT", on_air, {out(10s)}, in(5s), none_open},
             {"IN behind the OUT", on_air, {id(out(10s), 7)}, in(15s), "IN 7"},
             {"IN of one that has returned",
              in_break(7, Ticks90k{30s}, Ticks90k{20s}),
              {},
              in(11s),
              none_open},
             {"IN of one that is to return",
              in_break(7, Ticks90k{30s}, Ticks90k{20s}),
              {},
              in(9s),
              "IN 7"},
             {"IN of an asked one that has returned", on_air, {out(0s, 5s)}, in(6s), none_open},
             {"OUT in a break without end", in_break(7), {}, out(), in_the_way},
             {"OUT before the end", in_break(7), {in(10s)}, out(5s), in_the_way},
             {"OUT behind the end", in_break(7), {in(10s)}, id(out(10s), 8), "OUT 8"},
             {"OUT long before it returns", in_break(7, Ticks90k{30s}), {}, out(20s), in_the_way},
             {"OUT about when it returns",
              in_break(7, Ticks90k{30s}),
              {},
              id(out(26s), 8),
              "OUT 8"},
             {"OUT in one asked for", on_air, {id(out(0s, 60s), 7)}, out(10s), in_the_way},
             {"section IN of nothing", on_air, {}, section({.out = false}), none_open},
             {"section IN", in_break(7), {}, section({.out = false, .event_id = 7}), "IN 7"},
             {"section OUT in a break", in_break(7), {}, section({.out = true}), in_the_way},
             {"section OUT", on_air, {}, section({.out = true, .event_id = 5}), "OUT 5"}}) {
        CAPTURE(row.what);
        CueOrders orders;
        for (auto const& request : row.before)
            REQUIRE(orders.accept(request, row.situation, start).has_value());
        CHECK(outcome(orders.accept(row.asked, row.situation, start)) == row.expected);
        auto const accepted = row.expected.starts_with("OUT") || row.expected.starts_with("IN");
        CHECK(orders.waiting() == row.before.size() + (accepted ? 1 : 0));
    }
}

TEST_CASE("a section with a splice time of its own is due then") {
    CueOrders orders;
    auto const ahead = section({.event_id = 3, .time = Ticks90k{130s}});
    CHECK(outcome(orders.accept(ahead, on_air, start)) == "OUT 3");
    CHECK(outcome(orders.accept(in(31s), on_air, start)) == "IN 3");
    CHECK(outcome(orders.accept(in(29s), on_air, start)) ==
          "conflict: no break is open then, and none was asked for");
    CHECK(outcome(orders.accept(section({.time = Ticks90k{98s}}), on_air, start)) ==
          "conflict: its splice time passed 2.0 s ago");
    auto late = ahead;
    late.at = 1s;
    CHECK(outcome(orders.accept(late, on_air, start)) ==
          "malformed: the section has a splice time of its own");
    auto nothing_cut = on_air;
    nothing_cut.newest.reset();
    CHECK(outcome(orders.accept(ahead, nothing_cut, start)) ==
          "conflict: nothing of the source was cut yet");
    auto before_the_wrap = on_air;
    before_the_wrap.newest = clock_turn - Ticks90k{10s};
    CHECK(outcome(CueOrders().accept(section({.time = Ticks90k{5s}}), before_the_wrap, start)) ==
          "OUT 1");
}

TEST_CASE("a section that can't be read, or that asks for no break, is malformed") {
    CueOrders orders;
    auto const of = [&](std::string text) {
        return outcome(
            orders.accept({.kind = Kind::section, .section = std::move(text)}, on_air, start));
    };
    CHECK(of("nonsense").starts_with("malformed: the section can't be read: "));
    auto bytes = scte35::encode(scte35::splice_insert_of({}));
    bytes.back() ^= 1;
    CHECK(of(base64_of(bytes)).starts_with("malformed: the section can't be read: "));
    scte35::SpliceInfo info;
    info.command = scte35::SpliceNull{};
    CHECK(of(base64_of(scte35::encode(info))) ==
          "malformed: the section begins no break and ends none");
    CHECK(of("0x" + hex_of(scte35::encode(scte35::splice_insert_of({.event_id = 2})))) == "OUT 2");
}

TEST_CASE("an order that no segment comes for is given up, and told") {
    CueOrders orders;
    REQUIRE(orders.accept(out(10s), on_air, start).has_value());
    CHECK(orders.take_expired(start + 69s, nothing_awaited).empty());
    CHECK(orders.take_expired(start + 70s, [](std::string const&) { return true; }).empty());
    CHECK(orders.take_expired(start + 70s, nothing_awaited) ==
          Lines{"no segment began at the OUT of break 1 within 60 s: it is given up"});
    CHECK(orders.waiting() == 0);
}

TEST_CASE("no more orders wait than a channel can want") {
    CueOrders orders;
    for (std::size_t i = 0; i < CueOrders::limit; ++i)
        REQUIRE(orders.accept(out(std::chrono::seconds{10 * i}, 1s), on_air, start).has_value());
    CHECK(outcome(orders.accept(out(2h), on_air, start)) ==
          "conflict: 64 cues wait for their time already");
}

} // namespace cue_orders_test
