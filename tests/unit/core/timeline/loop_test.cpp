#include "core/timeline/loop.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <random>

namespace loop_test {

using namespace continuo;
using timeline::Lap;
using timeline::Loop;

constexpr Ticks90k second{90'000};

std::shared_ptr<Lap const> lap(std::vector<Ticks90k> const& durations,
                               std::vector<std::size_t> discontinuities = {}) {
    return std::make_shared<Lap const>(durations, std::move(discontinuities));
}

/// The same by walking from the start, a segment at a time.
struct Walk {
    explicit Walk(Loop const& walked) : loop(walked) {}

    Loop::Place step() {
        Loop::Place const here{
            .round = round, .item = item, .lap = turn, .segment = segment, .start = start};
        auto const& playing = loop.items()[item];
        start += playing.lap->duration_of(segment);
        if (++segment == playing.lap->size()) {
            segment = 0;
            if (++turn == playing.times) {
                turn = 0;
                if (++item == loop.items().size()) {
                    item = 0;
                    ++round;
                }
            }
        }
        return here;
    }

    Loop const& loop;
    std::uint64_t round{}, turn{};
    std::size_t item{}, segment{};
    Ticks90k start{};
};

Loop random_loop(std::mt19937& random) {
    auto const up_to = [&](int most) { return std::uniform_int_distribution<>(1, most)(random); };
    std::vector<Loop::Item> items;
    for (int i = up_to(4); i > 0; --i) {
        std::vector<Ticks90k> durations;
        for (int j = up_to(6); j > 0; --j)
            durations.push_back(Ticks90k(up_to(900'000)));
        std::vector<std::size_t> discontinuities;
        for (std::size_t j = 1; j < durations.size(); ++j)
            if (up_to(4) == 1) discontinuities.push_back(j);
        items.push_back({lap(durations, discontinuities), static_cast<std::uint64_t>(up_to(3))});
    }
    return Loop(std::move(items));
}

TEST_CASE("loop: one asset of three segments, as in the textbook") {
    Loop const loop({{lap({2 * second, 3 * second, second})}});
    CHECK(loop.length() == 6 * second);
    CHECK(loop.ended_by(-second) == 0);
    CHECK(loop.ended_by(2 * second - Ticks90k(1)) == 0);
    CHECK(loop.ended_by(2 * second) == 1);
    CHECK(loop.ended_by(6 * second) == 3);
    CHECK(loop.ended_by(8 * second) == 4);
    auto const fifth = loop.place_of(4);
    CHECK(fifth == Loop::Place{.round = 1, .item = 0, .lap = 0, .segment = 1, .start = 8 * second});
    // DISCONTINUITY-SEQUENCE of a list that starts at g: 0 for g = 0, else floor((g - 1) / n)
    for (std::uint64_t g = 0; g < 40; ++g) {
        auto const place = loop.place_of(g);
        CHECK(loop.discontinuities_before(place) == (g == 0 ? 0 : (g - 1) / 3));
        CHECK(loop.is_discontinuity(place) == (g > 0 && g % 3 == 0));
    }
}

TEST_CASE("loop: any segment is found where a walk from the start comes to it") {
    std::mt19937 random(5);
    for (int trial = 0; trial < 200; ++trial) {
        auto const loop = random_loop(random);
        Walk walk(loop);
        std::uint64_t discontinuities = 0;
        auto expected_next = loop.place_of(0);
        for (std::uint64_t number = 0; number < 150; ++number) {
            auto const expected = walk.step();
            auto const place = loop.place_of(number);
            REQUIRE(place == expected);
            REQUIRE(place == expected_next);
            expected_next = loop.after(place);
            REQUIRE(loop.number_of(place) == number);
            REQUIRE(loop.start_of_lap(place) +
                        loop.items()[place.item].lap->start_of(place.segment) ==
                    place.start);
            REQUIRE(loop.ended_by(place.start) == number);
            REQUIRE(loop.ended_by(walk.start - Ticks90k(1)) == number);
            REQUIRE(loop.discontinuities_before(place) == discontinuities);
            if (loop.is_discontinuity(place)) ++discontinuities;
        }
    }
}

TEST_CASE("loop: after a million laps of odd durations nothing has drifted") {
    Loop const loop({{lap({Ticks90k(537'300), Ticks90k(537'301), Ticks90k(1)})}});
    constexpr std::uint64_t laps = 1'000'000;
    auto const place = loop.place_of(3 * laps + 1);
    CHECK(place.start == static_cast<std::int64_t>(laps) * Ticks90k(1'074'602) + Ticks90k(537'300));
    CHECK(loop.ended_by(place.start) == 3 * laps + 1);
}

TEST_CASE("loop: an item played a million times is not unrolled") {
    Loop const loop({{lap({second}), 1'000'000'000'000}, {lap({second, second}, {1})}});
    CHECK(loop.place_of(1'000'000'000'001).item == 1);
    CHECK(loop.discontinuities_before(loop.place_of(1'000'000'000'001)) == 1'000'000'000'000);
    CHECK(loop.place_of(1'000'000'000'002) ==
          Loop::Place{.round = 1,
                      .item = 0,
                      .lap = 0,
                      .segment = 0,
                      .start = std::int64_t{1'000'000'000'002} * second});
}

} // namespace loop_test
