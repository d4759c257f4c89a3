#include "core/timeline/grid.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace grid_test {

using namespace continuo;
using namespace continuo::timeline;

/// The lengths of the segments that the rule cuts out of keyframes `gop` apart.
std::vector<Ticks90k> segments(Ticks90k first, Ticks90k gop, Ticks90k target, int keyframes,
                               Cuts const& cuts = {}) {
    auto const grid = grid_of(first, first + gop, target);
    std::vector<Ticks90k> lengths;
    std::optional<Ticks90k> previous;
    Ticks90k opened = first;
    for (int i = 0; i < keyframes; ++i) {
        auto const pts = first + i * gop;
        if (i > 0 && opens_segment(grid, previous, wrapped(pts), cuts)) {
            lengths.push_back(pts - opened);
            opened = pts;
        }
        previous = wrapped(pts);
    }
    return lengths;
}

constexpr Ticks90k ms(std::int64_t count) {
    return Ticks90k{count * 90};
}

TEST_CASE("grid: segments of a regular source are all equally long, but for the first") {
    struct Row {
        std::int64_t gop_ticks, target_ms, period_ticks;
    };
    for (auto const& row :
         {Row{45'000, 4000, 360'000}, Row{172'800, 4000, 345'600}, Row{172'800, 2000, 172'800},
          Row{172'800, 6000, 518'400}, Row{180'180, 4000, 360'360}, Row{270'000, 4000, 270'000},
          Row{450'000, 4000, 450'000}, Row{43'200, 4000, 345'600}}) {
        for (auto const first : {0L, 1L, 127'920L, 7'589'000'000L}) {
            auto const lengths =
                segments(Ticks90k{first}, Ticks90k{row.gop_ticks}, ms(row.target_ms), 200);
            CAPTURE(row.gop_ticks);
            CAPTURE(first);
            REQUIRE(lengths.size() > 10);
            CHECK(lengths.front() <= Ticks90k{row.period_ticks});
            for (std::size_t i = 1; i < lengths.size(); ++i)
                CHECK(lengths[i].count() == row.period_ticks);
        }
    }
}

TEST_CASE("grid: a late joiner and jitter of a tick come to the same borders") {
    auto const grid = grid_of(Ticks90k{127'920}, Ticks90k{127'920 + 180'180}, ms(4000));
    std::vector<Ticks90k> all;
    std::vector<Ticks90k> late;
    std::optional<Ticks90k> previous;
    std::optional<Ticks90k> previous_late;
    for (int i = 0; i < 100; ++i) {
        Ticks90k const pts{127'920 + i * 180'180 + (i % 3) - 1};
        if (opens_segment(grid, previous, pts, {})) all.push_back(pts);
        previous = pts;
        if (i < 31) continue;
        if (opens_segment(grid, previous_late, pts, {})) late.push_back(pts);
        previous_late = pts;
    }
    // The joiner's own first segment may begin inside a cell; from then on there is no difference.
    late.erase(late.begin());
    REQUIRE(late.size() > 30);
    CHECK(std::vector(all.end() - static_cast<std::ptrdiff_t>(late.size()), all.end()) == late);
}

TEST_CASE("grid: the wrap of the 33-bit clock is a border, and cells go on after it") {
    auto const first = clock_turn - ms(10'000);
    auto const lengths = segments(first, ms(2000), ms(4000), 40);
    Ticks90k sum{};
    for (auto const length : lengths) {
        CHECK(length <= ms(6000));
        sum += length;
    }
    CHECK(sum >= ms(72'000));
}

TEST_CASE("grid: a cut opens a segment at its keyframe and nowhere else") {
    auto const lengths = segments(Ticks90k{0}, ms(1000), ms(4000), 13, {ms(6000)});
    CHECK(lengths == std::vector<Ticks90k>{ms(4000), ms(2000), ms(2000), ms(4000)});
}

TEST_CASE("grid: keyframes that do not advance fall back to the target as GOP") {
    CHECK(grid_of(Ticks90k{100}, Ticks90k{100}, ms(4000)).period == ms(4000));
}

TEST_CASE("ticks: differences are right over the wrap, both ways") {
    CHECK(elapsed(clock_turn - Ticks90k{1}, Ticks90k{2}) == Ticks90k{3});
    CHECK(elapsed(Ticks90k{2}, clock_turn - Ticks90k{1}) == Ticks90k{-3});
    CHECK(unwrapped(clock_turn + Ticks90k{5}, Ticks90k{7}) == clock_turn + Ticks90k{7});
    CHECK(unwrapped(clock_turn + Ticks90k{5}, clock_turn - Ticks90k{1}) ==
          clock_turn - Ticks90k{1});
}

} // namespace grid_test
