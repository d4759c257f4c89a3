// Where one run ends and the next begins: overlaps, torn tails, slates.
#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>

namespace continuo::store::timeline_seam_test {

Cut torn(Ticks90k start, Ticks90k duration) {
    return {.start = start, .duration = duration, .end = contract::SegmentEnd::input};
}

/// Run "a" has listed 0 to 8 s as 100 and 101, and ended; run "b" of the same source is open.
struct Seam {
    enum class Clock : std::uint8_t { continues, starts_anew };

    explicit Seam(Clock clock, std::optional<Cut> tail = std::nullopt,
                  bool restart_discontinuity = true, Ticks90k origin = {})
        : driver(options(restart_discontinuity)), zero(origin) {
        driver.open("a");
        driver.air("a");
        driver.give_all("a", {.start = zero});
        driver.pass(4s);
        driver.give_all("a", {.start = zero + 4s});
        if (tail) driver.give_all("a", *tail);
        auto const end = driver.timeline().end_of("a");
        driver.close("a", /*tail_counts=*/true);
        driver.open("b", clock == Clock::continues ? end : std::nullopt);
    }

    static TimelineOptions options(bool restart_discontinuity) {
        auto result = options_for({"source", "720p"});
        result.restart_discontinuity = restart_discontinuity;
        return result;
    }

    /// "b" delivers its first segments, goes on air, and time passes.
    void go_on(std::vector<Cut> const& cuts) {
        for (auto const& cut : cuts)
            driver.give_all("b", cut);
        driver.air("b");
        driver.pass(30s);
    }

    Driver driver;
    Ticks90k zero;
};

using Clock = Seam::Clock;

TEST_CASE("seam: a new run of another time is one discontinuity in all variants") {
    Seam seam(Clock::starts_anew);
    seam.go_on({{.start = 500s}, {.start = 504s}});
    CHECK(seam.driver.list(0) == "100 101 !102 103");
    CHECK(seam.driver.list(1) == "100 101 !102 103");
}

TEST_CASE("seam: the new run begins its first segment's duration after the last one") {
    Seam seam(Clock::starts_anew);
    seam.go_on({{.start = 500s, .duration = 3s}, {.start = 503s}});
    CHECK(seam.driver.listed_at(0, 102).count() == doctest::Approx(7));
    CHECK(seam.driver.listed_at(0, 103).count() == doctest::Approx(11));
}

TEST_CASE("seam: the new run's first number waits for all its variants") {
    Seam seam(Clock::starts_anew);
    seam.driver.give("b", 0, {.start = 500s});
    seam.driver.air("b");
    seam.driver.pass(5s);
    CHECK(seam.driver.list(0) == "100 101");
    seam.driver.give("b", 1, {.start = 500s});
    CHECK(seam.driver.list(0) == "100 101 !102");
    CHECK(seam.driver.list(1) == "100 101 !102");
}

TEST_CASE("seam: what the same source delivers again is dropped") {
    Seam seam(Clock::continues);
    CHECK(seam.driver.give("b", 0, {.start = 4s}) == Taken::late);
    CHECK_FALSE(seam.driver.is_live("source/b/000000.ts"));
    seam.go_on({{.start = 8s}});
    CHECK(seam.driver.starts() == "0 4 8");
    CHECK(seam.driver.list(0) == "100 101 !102");
}

TEST_CASE("seam: an exact one bears no mark without restart_discontinuity") {
    Seam exact(Clock::continues, std::nullopt, /*restart_discontinuity=*/false);
    exact.go_on({{.start = 8s}});
    CHECK(exact.driver.list(0) == "100 101 102");

    Seam gap(Clock::continues, std::nullopt, /*restart_discontinuity=*/false);
    gap.go_on({{.start = 8s + 100ms}});
    CHECK(gap.driver.list(0) == "100 101 !102");

    Seam other(Clock::starts_anew, std::nullopt, /*restart_discontinuity=*/false);
    other.go_on({{.start = 8s}});
    CHECK(other.driver.list(0) == "100 101 !102");
}

TEST_CASE("seam: a source that begins again long before is not the same clock") {
    Driver driver(options_for({"source"}));
    driver.open("a");
    driver.air("a");
    driver.give("a", 0, {.start = 1000s});
    driver.close("a", true);
    SUBCASE("more than a minute back") {
        driver.open("b", driver.timeline().end_of("a"));
        CHECK(driver.give("b", 0, {.start = 1004s - 61s}) == Taken::opened);
    }
    SUBCASE("less than a minute back: an overlap") {
        driver.open("b", driver.timeline().end_of("a"));
        CHECK(driver.give("b", 0, {.start = 1004s - 59s}) == Taken::late);
    }
}

TEST_CASE("seam: a torn tail that is delivered again, and whole, is dropped") {
    Seam seam(Clock::continues, torn(8s, 2s));
    seam.go_on({{.start = 8s}, {.start = 12s}});
    CHECK(seam.driver.starts() == "0 4 8 12");
    CHECK(seam.driver.list(1) == "100 101 !102 103");
    CHECK_FALSE(seam.driver.is_live("source/a/000002.ts"));
    CHECK(seam.driver.is_live("source/b/000000.ts"));
}

TEST_CASE("seam: a torn tail that the new run follows is listed") {
    for (auto const restart_discontinuity : {true, false}) {
        CAPTURE(restart_discontinuity);
        Seam seam(Clock::continues, torn(8s, 2s), restart_discontinuity);
        seam.go_on({{.start = 10s}, {.start = 14s}});
        CHECK(seam.driver.starts() == "0 4 8 10 14");
        CHECK(seam.driver.snapshot().segments[2].duration == Ticks90k{2s});
        auto const* const expected =
            restart_discontinuity ? "100 101 102 !103 104" : "100 101 102 103 104";
        CHECK(seam.driver.list(0) == expected);
        CHECK(seam.driver.list(1) == expected);
    }
}

TEST_CASE("seam: where times meet within a second the tail reaches to the new run") {
    Seam seam(Clock::continues, torn(8s, 2s), /*restart_discontinuity=*/false);
    seam.go_on({{.start = 10s + 900ms}});
    CHECK(seam.driver.snapshot().segments[2].duration == Ticks90k{2900ms});
    CHECK(seam.driver.list(0) == "100 101 102 103");
}

TEST_CASE("seam: where content is lost behind the tail it keeps its length") {
    Seam seam(Clock::continues, torn(8s, 2s), /*restart_discontinuity=*/false);
    seam.go_on({{.start = 12s}});
    CHECK(seam.driver.snapshot().segments[2].duration == Ticks90k{2s});
    CHECK(seam.driver.list(0) == "100 101 102 !103");
}

TEST_CASE("seam: what the tail shows already is not shown twice") {
    SUBCASE("the overlapping segment is there already") {
        Seam seam(Clock::continues, torn(8s, 2s));
        seam.go_on({{.start = 9s}, {.start = 13s}});
        CHECK(seam.driver.starts() == "0 4 8 13");
        CHECK(seam.driver.list(0) == "100 101 102 !103");
        CHECK_FALSE(seam.driver.is_live("source/b/000000.ts"));
    }
    SUBCASE("more of it comes later") {
        Seam seam(Clock::continues, torn(8s, 5s));
        seam.driver.give_all("b", {.start = 9s, .duration = 2s});
        seam.driver.air("b");
        seam.driver.give_all("b", {.start = 11s, .duration = 2s});
        seam.driver.give_all("b", {.start = 13s, .duration = 2s});
        seam.driver.pass(30s);
        CHECK(seam.driver.starts() == "0 4 8 13");
    }
}

TEST_CASE("seam: a tail whose source comes back on another clock is listed") {
    Seam seam(Clock::starts_anew, torn(8s, 2s));
    seam.go_on({{.start = 500s}});
    CHECK(seam.driver.starts() == "0 4 8 500");
    CHECK(seam.driver.list(0) == "100 101 102 !103");
}

TEST_CASE("seam: a tail does not count when the run was stopped") {
    Driver driver(options_for({"source"}));
    driver.open("a");
    driver.air("a");
    driver.give("a", 0, {.start = 0s});
    driver.give("a", 0, torn(4s, 2s));
    driver.close("a", /*tail_counts=*/false);
    CHECK_FALSE(driver.is_live("source/a/000001.ts"));
    driver.open("b");
    driver.give("b", 0, {.start = 500s});
    driver.air("b");
    driver.pass(10s);
    CHECK(driver.starts() == "0 500");
}

TEST_CASE("seam: a variant without a tail gets a sibling's") {
    Driver driver(options_for({"source", "720p"}));
    driver.open("a");
    driver.air("a");
    driver.give_all("a", {.start = 0s});
    driver.give("a", 0, torn(4s, 2s));
    driver.close("a", true);
    driver.open("b", driver.timeline().end_of("a"));
    driver.give_all("b", {.start = 6s});
    driver.air("b");
    driver.pass(10s);
    CHECK(driver.list(0) == "100 101 !102");
    CHECK(driver.list(1) == "100 101* !102");
}

TEST_CASE("seam: a variant whose tail is shorter gets a sibling's") {
    Driver driver(options_for({"source", "720p"}));
    driver.open("a");
    driver.air("a");
    driver.give_all("a", {.start = 0s});
    driver.give("a", 0, torn(4s, 3s));
    driver.give("a", 1, torn(4s, 1s));
    driver.close("a", true);
    driver.open("b", driver.timeline().end_of("a"));
    driver.give_all("b", {.start = 7s});
    driver.air("b");
    driver.pass(10s);
    CHECK(driver.starts() == "0 4 7");
    CHECK(driver.list(0) == "100 101 !102");
    CHECK(driver.list(1) == "100 101* !102");
    CHECK_FALSE(driver.is_live("720p/a/000001.ts"));
}

TEST_CASE("seam: a tail that begins elsewhere than its siblings' is left out") {
    Driver driver(options_for({"source", "720p"}));
    driver.open("a");
    driver.air("a");
    driver.give_all("a", {.start = 0s});
    driver.give("a", 0, {.start = 4s});
    driver.give("a", 1, torn(4s, 3s)); // torn where the other has it whole
    driver.give("a", 0, torn(8s, 1s));
    driver.close("a", true);
    driver.open("b", driver.timeline().end_of("a"));
    driver.give_all("b", {.start = 9s});
    driver.air("b");
    driver.pass(20s);
    CHECK(driver.starts() == "0 4 8 9");
    CHECK(driver.list(1) == "100 101* 102* !103");
    CHECK_FALSE(driver.is_live("720p/a/000001.ts"));
}

TEST_CASE("seam: the clock goes on over the 33-bit wrap between two runs") {
    auto const zero = clock_turn - Ticks90k{8s};
    Seam seam(Clock::continues, std::nullopt, /*restart_discontinuity=*/false, zero);
    CHECK(seam.driver.give("b", 0, {.start = zero + 4s}) == Taken::late);
    seam.go_on({{.start = zero + 8s}, {.start = zero + 12s}});
    CHECK(seam.driver.list(0) == "100 101 102 103");
    CHECK(seam.driver.snapshot().segments[2].start == Ticks90k{0});
    CHECK(seam.driver.timeline().end_of("b")->end == clock_turn + Ticks90k{8s});
}

TEST_CASE("seam: a tail is listed when nothing of what follows comes for a target duration") {
    Seam seam(Clock::continues, torn(8s, 3s));
    auto& driver = seam.driver;
    auto const waited = driver.timeline().last_listed();
    driver.pass(5s);
    CHECK(driver.starts() == "0 4");
    driver.pass(1s);
    CHECK(driver.starts() == "0 4 8");
    CHECK_MESSAGE(driver.timeline().last_listed() == waited + 3s, "so much longer the slate waits");
    driver.give_all("b", {.start = 9s}); // begins inside
    driver.give_all("b", {.start = 13s});
    driver.air("b");
    driver.pass(10s);
    CHECK(driver.starts() == "0 4 8 13");
    CHECK(driver.list(0) == "100 101 102 !103");
}

TEST_CASE("seam: a run that is opened when the tail is listed does not show it again") {
    Seam seam(Clock::continues, torn(8s, 3s), /*restart_discontinuity=*/false);
    auto& driver = seam.driver;
    driver.pass(6s);
    CHECK(driver.timeline().end_of("a")->end == Ticks90k{11s});
    driver.open("c", Reached{.run = "a", .end = 8s}); // as it was when "a" ended
    driver.air("c");
    SUBCASE("what the source delivers again") {
        driver.give_all("c", {.start = 8s});
        driver.give_all("c", {.start = 12s});
        driver.pass(10s);
        CHECK(driver.starts() == "0 4 8 12");
    }
    SUBCASE("it goes on behind the tail") {
        driver.give_all("c", {.start = 11s});
        driver.pass(10s);
        CHECK(driver.starts() == "0 4 8 11");
        CHECK(driver.list(0) == "100 101 102 103");
    }
}

TEST_CASE("seam: a tail waits as long as the run that follows is about to be ready") {
    Seam seam(Clock::continues, torn(8s, 3s));
    seam.driver.give("b", 0, {.start = 8s});
    seam.driver.pass(7s);
    CHECK(seam.driver.starts() == "0 4");
    seam.driver.give("b", 1, {.start = 8s});
    seam.go_on({});
    CHECK(seam.driver.starts() == "0 4 8");
    CHECK(seam.driver.list(0) == "100 101 !102");
}

TEST_CASE("seam: a slate in between is two discontinuities, and ends at once") {
    Seam seam(Clock::continues, torn(8s, 2s));
    auto& driver = seam.driver;
    driver.open("slate");
    driver.give_all("slate", {.start = 10s});
    driver.give_all("slate", {.start = 14s});
    driver.air("slate");
    driver.pass(8s);
    CHECK(driver.list(0) == "100 101 102 !103");
    driver.give_all("b", {.start = 8s});
    driver.air("b", /*drain=*/false);
    driver.close("slate", false);
    driver.pass(10s);
    CHECK(driver.list(0) == "100 101 102 !103 !104");
    CHECK(driver.list(1) == "100 101 102 !103 !104");
    CHECK_FALSE(driver.is_live("source/slate/000001.ts"));
}

TEST_CASE("seam: after a slate nothing is exact, whatever the ticks say") {
    Seam seam(Clock::continues, std::nullopt, /*restart_discontinuity=*/false);
    auto& driver = seam.driver;
    driver.open("slate");
    driver.give_all("slate", {.start = 4s});
    driver.air("slate");
    driver.pass(8s);
    driver.give_all("b", {.start = 8s}); // where the slate's clock stands, too
    driver.air("b", /*drain=*/false);
    driver.pass(10s);
    CHECK(driver.list(0) == "100 101 !102 !103");
}

} // namespace continuo::store::timeline_seam_test
