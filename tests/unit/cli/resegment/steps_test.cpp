#include "cli/resegment/steps.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

namespace continuo::cli::resegment::steps_test {

Ticks90k pts(std::uint64_t ordinal) {
    return Ticks90k(static_cast<std::int64_t>(ordinal) * 180'000 + 900'000);
}

/// A follower's segment, told apart by its file; sound begins a little later than its boundary.
Piece piece(std::string const& file, Ticks90k boundary) {
    Piece made{.file = file, .line = {}};
    made.line.start = boundary + Ticks90k(700);
    made.line.boundary = boundary;
    return made;
}

Piece leaders(std::string const& file, Ticks90k start) {
    Piece made{.file = file, .line = {}};
    made.line.start = start;
    return made;
}

void lead(StepMerge& steps, std::uint64_t ordinal) {
    steps.lead(ordinal, leaders("0/" + std::to_string(ordinal), pts(ordinal)));
}

void follow(StepMerge& steps, std::size_t variant, std::uint64_t ordinal) {
    steps.follow(variant,
                 piece(std::to_string(variant) + "/" + std::to_string(ordinal), pts(ordinal)));
}

std::string file_of(Step const& step, std::size_t variant) {
    return step.pieces[variant] ? step.pieces[variant]->file.string() : "";
}

TEST_CASE("steps: one is complete when every variant has its segment, in whatever order") {
    StepMerge steps(3, 0);
    CHECK(steps.front() == nullptr);
    CHECK_FALSE(steps.is_complete());
    follow(steps, 1, 0); // before the leader's own line
    CHECK(steps.front() == nullptr);
    lead(steps, 0);
    REQUIRE(steps.front() != nullptr);
    CHECK(steps.missing() == std::vector<std::size_t>{2});
    lead(steps, 1);
    follow(steps, 2, 0);
    REQUIRE(steps.is_complete());
    auto const step = steps.take();
    CHECK(step.ordinal == 0);
    CHECK(file_of(step, 0) == "0/0");
    CHECK(file_of(step, 1) == "1/0");
    CHECK(file_of(step, 2) == "2/0");
    CHECK_FALSE(step.is_gap_before);
    CHECK_FALSE(steps.is_complete());
    CHECK(steps.take_unwanted().empty());
}

TEST_CASE("steps: the leader need not be the first variant") {
    StepMerge steps(2, 1);
    steps.lead(0, leaders("1/0", pts(0)));
    CHECK(steps.missing() == std::vector<std::size_t>{0});
    follow(steps, 0, 0);
    CHECK(steps.is_complete());
}

TEST_CASE("steps: a variant that lost data is found again at its next boundary") {
    StepMerge steps(2, 0);
    for (std::uint64_t ordinal = 0; ordinal < 4; ++ordinal)
        lead(steps, ordinal);
    follow(steps, 1, 0);
    follow(steps, 1, 3);
    for (auto const& expected : {"1/0", "", "", "1/3"}) {
        REQUIRE(steps.is_complete());
        CHECK(file_of(steps.take(), 1) == expected);
    }
}

TEST_CASE("steps: what comes after its step was taken is not wanted any more") {
    StepMerge steps(2, 0);
    lead(steps, 0);
    lead(steps, 1);
    CHECK(file_of(steps.take(), 1).empty());
    follow(steps, 1, 0);
    CHECK(steps.take_unwanted() == std::vector<std::filesystem::path>{"1/0"});
    follow(steps, 1, 1);
    REQUIRE(steps.is_complete());
    CHECK(file_of(steps.take(), 1) == "1/1");
}

TEST_CASE("steps: a late segment is not taken for that of the next lap") {
    StepMerge steps(2, 0);
    steps.lead(0, leaders("0/0", pts(0)));
    (void)steps.take();
    steps.lead(1, leaders("0/1", pts(1)));
    steps.lead(2, leaders("0/2", pts(0))); // it plays again
    steps.lead(3, leaders("0/3", pts(1)));
    steps.follow(1, piece("late", pts(0)));
    steps.follow(1, piece("one", pts(1)));
    steps.follow(1, piece("two", pts(0)));
    CHECK(file_of(steps.take(), 1) == "one");
    CHECK(file_of(steps.take(), 1) == "two");
    CHECK(steps.take_unwanted() == std::vector<std::filesystem::path>{"late"});
}

TEST_CASE("steps: a segment that the leader lost is not wanted, and the gap is told") {
    StepMerge steps(2, 0);
    lead(steps, 0);
    follow(steps, 1, 0);
    follow(steps, 1, 1);
    lead(steps, 2); // 1 could not be written
    follow(steps, 1, 2);
    (void)steps.take();
    REQUIRE(steps.is_complete());
    auto const step = steps.take();
    CHECK(step.is_gap_before);
    CHECK(file_of(step, 1) == "1/2");
    CHECK(steps.take_unwanted() == std::vector<std::filesystem::path>{"1/1"});
}

TEST_CASE("steps: a variant that has ended is not waited for") {
    StepMerge steps(2, 0);
    lead(steps, 0);
    follow(steps, 1, 0);
    steps.end(1);
    lead(steps, 1);
    CHECK(file_of(steps.take(), 1) == "1/0");
    CHECK(steps.is_complete());
    CHECK(steps.missing().empty());
}

TEST_CASE("steps: a worker begins again behind what found its place") {
    StepMerge steps(2, 0);
    lead(steps, 0);
    lead(steps, 1);
    CHECK(steps.restart(1) == 0);
    follow(steps, 1, 0);
    CHECK(steps.restart(1) == 1);
    follow(steps, 1, 1);
    follow(steps, 1, 2); // the leader's line is not there yet
    CHECK(steps.restart(1) == 2);
    CHECK(steps.take_unwanted() == std::vector<std::filesystem::path>{"1/2"});
    follow(steps, 1, 2);
    lead(steps, 2);
    CHECK(steps.restart(0) == 3);
    (void)steps.take();
    (void)steps.take();
    CHECK(file_of(steps.take(), 1) == "1/2");
    lead(steps, 3);
    (void)steps.take();
    CHECK(steps.restart(1) == 4); // what is shown without it need not be made
}

TEST_CASE("steps: random lines of random variants, every one in its place") {
    std::minstd_rand random(7);
    for (int round = 0; round < 200; ++round) {
        constexpr std::size_t variants = 4;
        constexpr std::uint64_t count = 40;
        constexpr std::uint64_t lap = 7; // PTS come again
        StepMerge steps(variants, 0);
        std::vector<std::uint64_t> next(variants, 0);
        std::vector<std::vector<bool>> has(variants, std::vector<bool>(count, true));
        for (std::size_t variant = 1; variant < variants; ++variant)
            for (std::uint64_t ordinal = 0; ordinal < count; ++ordinal)
                has[variant][ordinal] = random() % 12 != 0;
        std::uint64_t taken = 0;
        auto const take = [&] {
            while (steps.is_complete()) {
                auto const step = steps.take();
                REQUIRE(step.ordinal == taken);
                for (std::size_t variant = 1; variant < variants; ++variant) {
                    auto const name = std::to_string(variant) + "/" + std::to_string(taken);
                    REQUIRE(file_of(step, variant) == (has[variant][taken] ? name : ""));
                }
                ++taken;
            }
        };
        while (std::ranges::min(next) < count) {
            auto const variant = random() % variants;
            auto& ordinal = next[variant];
            // a follower is never more than one segment ahead of the leader's lines
            if (ordinal == count || (variant > 0 && ordinal > next[0])) continue;
            auto const time = pts(ordinal % lap);
            auto const name = std::to_string(variant) + "/" + std::to_string(ordinal);
            if (variant == 0)
                steps.lead(ordinal, leaders(name, time));
            else if (has[variant][ordinal])
                steps.follow(variant, piece(name, time));
            if (++ordinal == count) steps.end(variant);
            take();
        }
        CHECK(taken == count);
        CHECK(steps.take_unwanted().empty());
    }
}

} // namespace continuo::cli::resegment::steps_test
