#include "core/scte35/event.hpp"
#include "tests/unit/core/scte35/samples.hpp"

#include <doctest/doctest.h>

namespace event_test {

using namespace continuo;
using namespace continuo::scte35;

using Kind = Event::Kind;

SpliceInfo signal(std::optional<Ticks90k> time, std::vector<SegmentationDescriptor> segmentations) {
    SpliceInfo info;
    info.command = TimeSignal{.pts_time = time};
    for (auto& segmentation : segmentations)
        info.descriptors.push_back({.body = std::move(segmentation)});
    return info;
}

SegmentationDescriptor segmentation(std::uint8_t type, std::optional<Ticks90k> duration = {}) {
    return {.segmentation_event_id = 5,
            .segmentation_duration = duration,
            .segmentation_type_id = type};
}

Event only_event_of(SpliceInfo const& info) {
    auto const events = events_of(info);
    REQUIRE(events.size() == 1);
    return events.front();
}

constexpr Ticks90k at{900'000};
constexpr Ticks90k half_a_minute{2'700'000};

TEST_CASE("events: a break and its end by splice_insert") {
    CHECK((only_event_of(sample::read(sample::out_at)) == Event{.kind = Kind::out,
                                                                .event_id = 1,
                                                                .time = Ticks90k{111'111'110},
                                                                .planned = half_a_minute,
                                                                .auto_return = true}));
    CHECK((only_event_of(sample::read(sample::in_at)) ==
           Event{.kind = Kind::in, .event_id = 1, .time = Ticks90k{113'811'110}}));
}

TEST_CASE("events: an immediate splice has no time") {
    CHECK((only_event_of(sample::read(sample::out_now)) == Event{.kind = Kind::out,
                                                                 .event_id = 9,
                                                                 .planned = Ticks90k{1'206'000},
                                                                 .auto_return = true}));
    CHECK((only_event_of(sample::read(sample::in_now)) == Event{.kind = Kind::in, .event_id = 1}));
}

TEST_CASE("events: an OUT without a duration lasts until its IN") {
    SpliceInfo info;
    info.command =
        SpliceInsert{.splice_event_id = 3, .out_of_network_indicator = true, .pts_time = at};
    CHECK((only_event_of(info) == Event{.kind = Kind::out, .event_id = 3, .time = at}));
}

TEST_CASE("events: pts_adjustment is added, over the wrap of the clock as well") {
    auto info = signal(clock_turn - Ticks90k{1}, {segmentation(0x31)});
    info.pts_adjustment = Ticks90k{11};
    CHECK(only_event_of(info).time == Ticks90k{10});
    info.command = SpliceInsert{.pts_time = clock_turn - Ticks90k{2}};
    CHECK(only_event_of(info).time == Ticks90k{9});
}

TEST_CASE("events: in component mode the first component's time is that of all") {
    SpliceInfo info;
    info.command = SpliceInsert{.components = {{{.component_tag = 1, .pts_time = at},
                                                {.component_tag = 2, .pts_time = at * 2}}}};
    CHECK(only_event_of(info).time == at);
}

TEST_CASE("events: which types of segmentation begin a break, and which end it") {
    std::string begin;
    std::string end;
    for (unsigned type = 0; type < 256; ++type) {
        auto const events =
            events_of(signal(at, {segmentation(static_cast<std::uint8_t>(type), half_a_minute)}));
        if (events.empty()) continue;
        REQUIRE(events.size() == 1);
        (events[0].kind == Kind::out ? begin : end) +=
            hex_of(std::array{static_cast<std::uint8_t>(type)}) + ' ';
    }
    CHECK(begin == "10 20 22 30 32 34 36 38 3A 3C 3E 44 46 ");
    CHECK(end == "11 21 23 31 33 35 37 39 3B 3D 3F 45 47 ");
}

TEST_CASE("events: a segmentation with a duration returns by itself; one without is no break") {
    CHECK((only_event_of(signal(at, {segmentation(0x30, half_a_minute)})) ==
           Event{.kind = Kind::out,
                 .event_id = 5,
                 .by_segmentation = true,
                 .time = at,
                 .planned = half_a_minute,
                 .auto_return = true}));
    CHECK(events_of(signal(at, {segmentation(0x30)})).empty());
    CHECK((only_event_of(signal({}, {segmentation(0x31)})) ==
           Event{.kind = Kind::in, .event_id = 5, .by_segmentation = true}));
}

TEST_CASE("events: one a descriptor, in the section's order") {
    auto const events =
        events_of(signal(at, {segmentation(0x35), segmentation(0x01), segmentation(0x34, at)}));
    REQUIRE(events.size() == 2);
    CHECK(events[0].kind == Kind::in);
    CHECK(events[1].kind == Kind::out);
}

TEST_CASE("events: what was announced is called off") {
    SpliceInfo info;
    info.command = SpliceInsert{.splice_event_id = 4, .splice_event_cancel_indicator = true};
    CHECK((only_event_of(info) == Event{.kind = Kind::cancel, .event_id = 4}));
    CHECK((only_event_of(signal(
               at, {{.segmentation_event_id = 6, .segmentation_event_cancel_indicator = true}})) ==
           Event{.kind = Kind::cancel, .event_id = 6, .by_segmentation = true}));
}

TEST_CASE(
    "events: heartbeats, schedules, reservations, private and encrypted commands ask nothing") {
    std::vector<SpliceCommand> const commands{
        SpliceNull{},     SpliceSchedule{{{}}}, TimeSignal{},      BandwidthReservation{},
        PrivateCommand{}, UnknownCommand{},     EncryptedCommand{}};
    for (auto const& command : commands) {
        SpliceInfo info;
        info.command = command;
        if (!std::holds_alternative<TimeSignal>(command))
            info.descriptors.push_back({.body = segmentation(0x30, at)});
        CHECK(events_of(info).empty());
    }
}

} // namespace event_test
