#include "supervisor/source/chooser.hpp"

#include <doctest/doctest.h>

namespace continuo::source::chooser_test {

using namespace std::chrono_literals;

SteadyTime const start{1h};
constexpr auto retry_better = 30s;

Orders starts(std::size_t source) {
    return {.start = {source}, .stop = {}};
}

Orders stops(std::size_t source) {
    return {.start = {}, .stop = {source}};
}

/// Three sources, the first on air.
Chooser on_air() {
    Chooser chooser(3, retry_better);
    CHECK(chooser.decide(start) == starts(0));
    chooser.on_ready(0);
    return chooser;
}

TEST_CASE("chooser: at first the best source alone is tried") {
    Chooser chooser(3, retry_better);
    CHECK(chooser.decide(start) == starts(0));
    CHECK(chooser.decide(start + 1h) == Orders{});
    CHECK_FALSE(chooser.best());
}

TEST_CASE("chooser: a death of the source on air is answered by its own restart") {
    auto chooser = on_air();
    chooser.on_ended(0, {.delay = 0ms}, start + 60s);
    CHECK_FALSE(chooser.best());
    CHECK(chooser.decide(start + 60s) == starts(0));
}

TEST_CASE("chooser: fail-over when the first cannot be started at all") {
    Chooser chooser(3, retry_better);
    (void)chooser.decide(start);
    chooser.on_ended(0, {.delay = 250ms}, start);
    CHECK(chooser.decide(start) == starts(1));
    chooser.on_ended(1, {.delay = 10s}, start + 10ms);
    CHECK(chooser.decide(start + 10ms) == starts(2));
    chooser.on_ready(2);
    CHECK(chooser.best() == 2);
    // Both better ones are tried again when they may be.
    CHECK(chooser.next_try() == start + 250ms);
    CHECK(chooser.decide(start + 250ms) == starts(0));
    CHECK(chooser.next_try() == start + 10ms + 10s);
}

TEST_CASE("chooser: while a lesser source is on air the better one is tried without hurry") {
    auto chooser = on_air();
    chooser.on_ended(0, {.delay = 250ms, .give_way = true}, start);
    CHECK(chooser.decide(start) == starts(1));
    chooser.on_ready(1);
    CHECK(chooser.decide(start + 250ms) == starts(0));
    chooser.on_ended(0, {.delay = 500ms}, start + 300ms);
    CHECK(chooser.next_try() == start + 300ms + retry_better);
    CHECK(chooser.decide(start + 300ms + retry_better - 1ms) == Orders{});
    CHECK(chooser.decide(start + 300ms + retry_better) == starts(0));
}

TEST_CASE("chooser: a better source that stays away is tried as often as was asked for") {
    auto chooser = on_air();
    chooser.on_ended(0, {.delay = 0ms, .give_way = true}, start);
    (void)chooser.decide(start);
    chooser.on_ready(1);
    (void)chooser.decide(start);
    SUBCASE("however long it has been away") {
        chooser.on_ended(0, {.delay = 45s}, start);
        CHECK(chooser.next_try() == start + retry_better);
    }
    SUBCASE("less often when it comes and goes") {
        chooser.on_ready(0);
        chooser.on_ended(0, {.delay = 45s}, start);
        CHECK(chooser.next_try() == start + 45s);
    }
}

TEST_CASE(
    "chooser: back to the better source only once it is ready, and then the lesser one stops") {
    auto chooser = on_air();
    chooser.on_ended(0, {.delay = 250ms, .give_way = true}, start);
    (void)chooser.decide(start);
    chooser.on_ready(1);
    CHECK(chooser.decide(start + 250ms) == starts(0));
    CHECK(chooser.best() == 1);
    CHECK(chooser.decide(start + 1s) == Orders{});
    chooser.on_ready(0);
    CHECK(chooser.best() == 0);
    CHECK(chooser.decide(start + 2s) == stops(1));
    CHECK(chooser.state(1) == State::idle);
    CHECK(chooser.decide(start + 1h) == Orders{});
}

TEST_CASE("chooser: what ends after it was stopped is no failure") {
    auto chooser = on_air();
    chooser.on_ended(0, {.delay = 0ms, .give_way = true}, start);
    (void)chooser.decide(start);
    chooser.on_ready(1);
    chooser.on_ready(0);
    CHECK(chooser.decide(start) == stops(1));
    chooser.on_ended(1, {.delay = 0ms, .failed = true}, start + 1s);
    CHECK(chooser.state(1) == State::idle);
}

TEST_CASE("chooser: a stall makes it the next one's turn, and the stalled run may come back") {
    auto chooser = on_air();
    chooser.on_stalled(0);
    CHECK_FALSE(chooser.best());
    CHECK(chooser.decide(start + 10s) == starts(1));
    SUBCASE("before the next one is ready") {
        chooser.on_ready(0);
        CHECK(chooser.best() == 0);
        CHECK(chooser.decide(start + 11s) == stops(1));
    }
    SUBCASE("after it") {
        chooser.on_ready(1);
        CHECK(chooser.best() == 1);
        CHECK(chooser.decide(start + 11s) == Orders{});
        chooser.on_ready(0);
        CHECK(chooser.best() == 0);
        CHECK(chooser.decide(start + 12s) == stops(1));
    }
}

TEST_CASE("chooser: a turn once given reaches the last source and stays there") {
    Chooser chooser(2, retry_better);
    (void)chooser.decide(start);
    chooser.on_stalled(0);
    (void)chooser.decide(start);
    chooser.on_stalled(1);
    chooser.on_stalled(0);
    CHECK(chooser.decide(start) == Orders{});
    CHECK(chooser.state(0) == State::starting);
    CHECK(chooser.state(1) == State::starting);
}

TEST_CASE("chooser: a file that has played to its end is followed by the next source for good") {
    auto chooser = on_air();
    chooser.on_ended(0, {.finished = true}, start);
    CHECK(chooser.decide(start) == starts(1));
    chooser.on_ready(1);
    CHECK(chooser.decide(start + 1h) == Orders{});
    CHECK_FALSE(chooser.next_try());
    CHECK_FALSE(chooser.all_failed());
}

TEST_CASE("chooser: a lesser source that waits is forgotten once a better one is ready") {
    Chooser chooser(2, retry_better);
    (void)chooser.decide(start);
    chooser.on_ended(0, {.delay = 250ms}, start);
    (void)chooser.decide(start);
    chooser.on_ended(1, {.delay = 250ms}, start);
    (void)chooser.decide(start + 250ms);
    chooser.on_ready(0);
    chooser.on_ended(1, {.delay = 500ms}, start + 300ms);
    CHECK(chooser.decide(start + 300ms) == Orders{});
    CHECK(chooser.state(1) == State::idle);
    CHECK_FALSE(chooser.next_try());
}

TEST_CASE("chooser: all have failed or finished, and a reset starts over with the first") {
    Chooser chooser(3, retry_better);
    (void)chooser.decide(start);
    chooser.on_ended(0, {.failed = true}, start);
    (void)chooser.decide(start);
    chooser.on_ended(1, {.finished = true}, start);
    CHECK_FALSE(chooser.all_failed());
    (void)chooser.decide(start);
    chooser.on_ended(2, {.failed = true}, start);
    CHECK(chooser.all_failed());
    CHECK(chooser.decide(start + 1h) == Orders{});
    CHECK_FALSE(chooser.next_try());

    chooser.reset();
    CHECK_FALSE(chooser.all_failed());
    CHECK(chooser.decide(start + 1h) == starts(0));
}

TEST_CASE("chooser: a reset while a lesser source is on air tries the better one and keeps it on") {
    auto chooser = on_air();
    chooser.on_ended(0, {.failed = true}, start);
    (void)chooser.decide(start);
    chooser.on_ready(1);
    chooser.reset();
    CHECK(chooser.best() == 1);
    CHECK(chooser.decide(start) == starts(0));
    CHECK(chooser.state(1) == State::ready);
}

TEST_CASE("chooser: a single source is restarted for ever") {
    Chooser chooser(1, retry_better);
    auto now = start;
    for (int death = 0; death < 50; ++death) {
        CHECK(chooser.decide(now) == starts(0));
        chooser.on_ended(0, {.delay = 4s, .give_way = true}, now);
        CHECK(chooser.next_try() == now + 4s);
        now += 4s;
    }
}

/// A playhead's chooser with head 0 on air.
Chooser playhead_on_air() {
    Chooser chooser(0, retry_better);
    chooser.put_first(0, std::nullopt);
    CHECK(chooser.decide(start) == starts(0));
    chooser.on_ready(0);
    return chooser;
}

TEST_CASE("chooser: without any source nothing is tried, and nothing has failed") {
    Chooser chooser(0, retry_better);
    CHECK(chooser.decide(start) == Orders{});
    CHECK_FALSE(chooser.best());
    CHECK_FALSE(chooser.all_failed());
}

TEST_CASE(
    "chooser: a new first choice starts beside what is on air, which stops once it is ready") {
    auto chooser = playhead_on_air();
    chooser.put_first(1, 0);
    CHECK(chooser.best() == 0);
    CHECK(chooser.decide(start) == starts(1));
    CHECK(chooser.best() == 0);
    chooser.on_ready(1);
    CHECK(chooser.best() == 1);
    CHECK(chooser.decide(start) == stops(0));
}

TEST_CASE("chooser: of many first choices in a row only the last one runs beside what is on air") {
    auto chooser = playhead_on_air();
    for (SourceId head = 1; head <= 10; ++head) {
        chooser.put_first(head, 0);
        auto const orders = chooser.decide(start);
        CHECK(orders.start == std::vector<SourceId>{head});
        CHECK(orders.stop == (head == 1 ? std::vector<SourceId>{} : std::vector{head - 1}));
        CHECK(chooser.best() == 0);
    }
    chooser.on_ready(9); // too late: it is not known any more
    CHECK(chooser.best() == 0);
    CHECK(chooser.state(9) == State::idle);
}

TEST_CASE("chooser: back to what is on air before the new first choice was ready") {
    auto chooser = playhead_on_air();
    chooser.put_first(1, 0);
    (void)chooser.decide(start);
    chooser.put_first(0, std::nullopt);
    CHECK(chooser.decide(start) == stops(1));
    CHECK(chooser.best() == 0);
    CHECK_FALSE(chooser.next_try());
}

TEST_CASE("chooser: a first choice that takes too long is stopped, and tried again later") {
    auto chooser = playhead_on_air();
    chooser.put_first(1, 0);
    (void)chooser.decide(start);
    chooser.give_up(1, start + 15s);
    CHECK(chooser.decide(start + 15s) == stops(1));
    chooser.on_ended(1, {.delay = 0ms}, start + 16s);
    CHECK(chooser.best() == 0);
    CHECK(chooser.next_try() == start + 15s + retry_better);
    CHECK(chooser.decide(start + 15s + retry_better) == starts(1));
}

TEST_CASE(
    "chooser: a first choice that dies while it starts is tried again at once when in hurry") {
    auto chooser = playhead_on_air();
    chooser.put_first(1, 0);
    (void)chooser.decide(start);
    chooser.on_ended(1, {.delay = 250ms, .hurry = true}, start + 1s);
    CHECK(chooser.next_try() == start + 1250ms);
}

TEST_CASE("chooser: a first choice that dies on air gives way to the one before it") {
    auto chooser = playhead_on_air();
    chooser.put_first(1, 0);
    (void)chooser.decide(start);
    chooser.on_ready(1);
    CHECK(chooser.decide(start) == stops(0));
    chooser.on_ended(1, {.delay = 0ms, .give_way = true}, start + 1s);
    CHECK(chooser.decide(start + 1s) == Orders{.start = {1, 0}, .stop = {}});
    chooser.on_ready(0);
    CHECK(chooser.best() == 0);
}

constexpr auto keep_fallback = 12s;

/// Head 1 on air since `start`, and head 0, which was there before, still running.
Chooser playhead_with_fallback() {
    Chooser chooser(0, retry_better, keep_fallback);
    chooser.put_first(0, std::nullopt);
    (void)chooser.decide(start - 60s);
    chooser.on_ready(0);
    chooser.put_first(1, 0);
    CHECK(chooser.decide(start - 2s) == starts(1));
    chooser.on_ready(1);
    CHECK(chooser.decide(start) == Orders{});
    CHECK(chooser.best() == 1);
    CHECK(chooser.state(0) == State::ready);
    return chooser;
}

TEST_CASE("chooser: a fallback is kept until the new head has proved itself") {
    auto chooser = playhead_with_fallback();
    CHECK(chooser.next_try() == start + keep_fallback);
    CHECK(chooser.decide(start + keep_fallback - 1ms) == Orders{});
    CHECK(chooser.decide(start + keep_fallback) == stops(0));
    CHECK_FALSE(chooser.next_try());
    CHECK(chooser.decide(start + 1h) == Orders{});
}

TEST_CASE("chooser: a kept fallback is on air the moment the new head dies") {
    auto chooser = playhead_with_fallback();
    auto const death = start + 3s;
    chooser.on_ended(1, {.delay = 0ms, .give_way = true}, death);
    CHECK(chooser.best() == 0);
    CHECK(chooser.decide(death) == Orders{});
    CHECK(chooser.next_try() == death + retry_better);
    CHECK(chooser.decide(death + retry_better) == starts(1));
    SUBCASE("and is kept anew when the head is back") {
        auto const back = death + retry_better + 2s;
        chooser.on_ready(1);
        CHECK(chooser.decide(back) == Orders{});
        CHECK(chooser.decide(back + keep_fallback) == stops(0));
    }
}

TEST_CASE("chooser: a kept fallback is on air as long as the new head stalls") {
    auto chooser = playhead_with_fallback();
    chooser.on_stalled(1);
    CHECK(chooser.best() == 0);
    CHECK(chooser.decide(start + 5s) == Orders{});
    chooser.on_ready(1);
    CHECK(chooser.best() == 1);
    CHECK(chooser.decide(start + 6s) == Orders{});
    CHECK(chooser.next_try() == start + 6s + keep_fallback);
}

TEST_CASE("chooser: a kept fallback that dies or stalls is let go") {
    auto chooser = playhead_with_fallback();
    SUBCASE("dies") {
        chooser.on_ended(0, {.delay = 0ms, .give_way = true}, start + 1s);
        CHECK(chooser.decide(start + 1s) == Orders{});
    }
    SUBCASE("stalls") {
        chooser.on_stalled(0);
        CHECK(chooser.decide(start + 1s) == stops(0));
    }
    CHECK(chooser.best() == 1);
    CHECK(chooser.state(0) == State::idle);
    CHECK_FALSE(chooser.next_try());
}

TEST_CASE(
    "chooser: with the next head, the one on air is the fallback and the one before it goes") {
    auto chooser = playhead_with_fallback();
    chooser.put_first(2, 1);
    CHECK(chooser.decide(start + 4s) == Orders{.start = {2}, .stop = {0}});
    CHECK(chooser.best() == 1);
}

TEST_CASE("chooser: a fallback that is being brought back goes on with that beside a new choice") {
    auto chooser = playhead_on_air();
    chooser.on_ended(0, {.delay = 2s}, start);
    chooser.put_first(1, 0);
    CHECK(chooser.decide(start) == starts(1));
    CHECK(chooser.decide(start + 2s) == starts(0));
}

} // namespace continuo::source::chooser_test
