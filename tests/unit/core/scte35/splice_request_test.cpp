#include "core/scte35/event.hpp"
#include "core/scte35/splice_request.hpp"
#include "tests/unit/core/scte35/samples.hpp"

#include <doctest/doctest.h>

namespace splice_request_test {

using namespace continuo;
using namespace continuo::scte35;

constexpr Ticks90k half_a_minute{2'700'000};
constexpr Ticks90k at{111'111'110};

TEST_CASE("splice request: a break and its end are the sections that other tools write") {
    CHECK(base64_of(encode(splice_insert_of({.time = at, .duration = half_a_minute}))) ==
          sample::out_at);
    CHECK(base64_of(encode(splice_insert_of({.out = false, .time = at + half_a_minute}))) ==
          sample::in_at);
}

TEST_CASE("splice request: what is asked for is what its events say") {
    for (bool const out : {true, false})
        for (auto const time : {std::optional<Ticks90k>{}, std::optional{at}})
            for (auto const duration : {std::optional<Ticks90k>{}, std::optional{half_a_minute}})
                for (bool const auto_return : {true, false}) {
                    SpliceRequest const request{.out = out,
                                                .event_id = 0x4000'0007,
                                                .time = time,
                                                .duration = duration,
                                                .auto_return = auto_return};
                    auto const info = parse_splice_info(encode(splice_insert_of(request)));
                    REQUIRE(info.has_value());
                    Event expected{.kind = out ? Event::Kind::out : Event::Kind::in,
                                   .event_id = 0x4000'0007,
                                   .time = time};
                    if (out) expected.planned = duration;
                    expected.auto_return = out && duration && auto_return;
                    CHECK((events_of(*info) == std::vector{expected}));
                }
}

TEST_CASE("splice request: the same by time_signal") {
    auto const out = parse_splice_info(
        encode(time_signal_of({.event_id = 2, .time = at, .duration = half_a_minute}, 0x30)));
    REQUIRE(out.has_value());
    CHECK((events_of(*out) == std::vector{Event{.kind = Event::Kind::out,
                                                .event_id = 2,
                                                .by_segmentation = true,
                                                .time = at,
                                                .planned = half_a_minute,
                                                .auto_return = true}}));
    auto const in = parse_splice_info(encode(time_signal_of({.out = false, .event_id = 2}, 0x31)));
    REQUIRE(in.has_value());
    CHECK((events_of(*in) ==
           std::vector{Event{.kind = Event::Kind::in, .event_id = 2, .by_segmentation = true}}));
}

} // namespace splice_request_test
