#include "supervisor/channel/screening.hpp"
#include "supervisor/run/run.hpp"
#include "tests/unit/supervisor/store/timeline_driver.hpp"
#include "workers/ffmpeg/command_line.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace continuo::supervisor::screening_test {

using namespace std::chrono_literals;
using Phase = FilmReport::Phase;

/// A film in segments of 4 s, listed 20 s before they are due.
struct House {
    explicit House(std::chrono::milliseconds position = 0ms)
        : screening(options, driver.timeline(), position) {
        air("a");
    }
    static store::TimelineOptions timeline_options() {
        auto options = store::options_for({"source"});
        options.lead = 20s;
        options.window = 20;
        return options;
    }
    void air(std::string const& run) {
        driver.open(run);
        driver.air(run, /*drain=*/false);
    }
    /// The segments [first, last) of the film, all at once.
    bool give(int first, int last, std::string const& run = "a") {
        for (int i = first; i < last; ++i)
            driver.give_all(run, {.start = workers::ffmpeg::file_offset + i * 4s});
        return screening.advance(driver.now());
    }
    bool pass(std::chrono::milliseconds time) {
        driver.pass(time);
        return screening.advance(driver.now());
    }
    std::optional<std::chrono::milliseconds> judge(RunEnd const& end, Screening::Brought brought,
                                                   child::Verdict const& verdict = {
                                                       .delay = 250ms}) {
        return screening.judge(end, brought, verdict, driver.now());
    }
    FilmReport report() const { return screening.report(driver.now()); }

    ScreeningOptions options{.read_ahead = 20s, .start_segments = 3};
    store::Driver driver{timeline_options()};
    Screening screening;
};

TEST_CASE("screening: viewers begin when enough is listed, with its first picture") {
    House house;
    CHECK(house.report().phase == Phase::opening);
    CHECK_FALSE(house.report().begin.has_value());
    house.give(5, 7);
    CHECK(house.report().phase == Phase::opening);
    REQUIRE(house.report().begin.has_value());
    CHECK(house.report().begin->position == 20s);
    CHECK(house.report().begin->date == house.driver.snapshot().segments[0].date);
    house.give(7, 8);
    CHECK(house.report().phase == Phase::playing);
    CHECK(house.report().listed_until->position == 32s);
    CHECK(house.report().listed_until->date == house.report().begin->date + 12s);
    CHECK(house.report().buffered == 32s);
}

TEST_CASE("screening: nothing stands still before viewers could begin") {
    House house;
    house.screening.want_hold(true);
    CHECK_FALSE(house.screening.wants_hold());
    house.give(0, 3);
    CHECK(house.screening.wants_hold());
    house.screening.want_hold(false);
    CHECK_FALSE(house.screening.wants_hold());
}

TEST_CASE("screening: the list ends when those who began late have seen all of it") {
    House house;
    house.give(0, 2);
    house.pass(3s);
    house.give(2, 3); // viewers begin
    house.screening.finish();
    CHECK(house.screening.is_over());
    CHECK(house.screening.ends_at() == house.driver.now() + 12s);
    CHECK_FALSE(house.pass(11'999ms));
    CHECK_FALSE(house.screening.has_ended());
    CHECK(house.pass(1ms));
    CHECK(house.screening.has_ended());
    CHECK(house.report().phase == Phase::ended);
    CHECK_FALSE(house.screening.ends_at().has_value());
    CHECK_FALSE(house.pass(1s)); // it has its end already
}

TEST_CASE("screening: what stands still does not end, and ends later by as much") {
    House house;
    house.give(0, 3);
    house.screening.finish();
    house.driver.timeline().hold(house.driver.now());
    CHECK_FALSE(house.screening.ends_at().has_value());
    CHECK_FALSE(house.pass(1min));
    house.driver.timeline().release(house.driver.now());
    CHECK(house.screening.ends_at() == house.driver.now() + 12s);
}

TEST_CASE("screening: it may end at once") {
    House house;
    house.give(0, 3);
    house.screening.finish_at_once();
    CHECK(house.screening.has_ended());
    CHECK_FALSE(house.screening.ends_at().has_value());
}

TEST_CASE("screening: a film that breaks off is tried again as often as that may help") {
    struct Row {
        char const* says;
        RunEnd end;
        Screening::Brought brought;
        child::Verdict verdict;
        int tries; ///< until it has failed
    };
    child::Verdict const soon{.delay = 250ms};
    Row const rows[] = {
        {"never showed anything", {}, {}, soon, 1},
        {"never showed anything, but was killed", {.killed = true}, {}, soon, 3},
        {"has nothing where it broke off", {.broke_off = true}, {.ever = true}, soon, 2},
        {"brought nothing this time", {}, {.ever = true}, soon, 3},
        {"can't be used at all", {.hopeless = true}, {.by_it = true, .ever = true}, soon, 1},
        {"dies too often", {}, {.by_it = true, .ever = true}, {.slow = true}, 1},
    };
    for (auto const& row : rows) {
        CAPTURE(row.says);
        House house;
        for (int tried = 1; tried < row.tries; ++tried)
            CHECK(house.judge(row.end, row.brought, row.verdict) == 250ms);
        CHECK(house.screening.failure().empty());
        CHECK_FALSE(house.judge(row.end, row.brought, row.verdict).has_value());
        CHECK_FALSE(house.screening.failure().empty());
        CHECK(house.screening.is_over());
        CHECK(house.report().phase == Phase::failed);
        CHECK(house.report().restarts == static_cast<unsigned>(row.tries));
    }
}

TEST_CASE("screening: tries are counted anew when one brings something") {
    House house;
    for (int turn = 0; turn < 10; ++turn) {
        CHECK(house.judge({}, {.ever = true}).has_value());
        CHECK(house.judge({}, {.ever = true}).has_value());
        CHECK(house.judge({}, {.by_it = true, .ever = true}).has_value());
    }
}

TEST_CASE("screening: what is there already need not be read ahead") {
    House house;
    CHECK(house.screening.read_ahead(house.driver.now()) == 16s);
    house.give(0, 6);
    CHECK(house.screening.read_ahead(house.driver.now()) == 1s);
    CHECK(house.judge({}, {.by_it = true, .ever = true}) == 5s); // until a second is missing
    house.pass(10s);
    CHECK(house.screening.read_ahead(house.driver.now()) == 6s);
    CHECK(house.judge({}, {.by_it = true, .ever = true}) == 250ms);
}

TEST_CASE("screening: another place of the film is a new beginning, after a failure, too") {
    House house;
    house.give(0, 3);
    house.judge({.hopeless = true, .why = "lost"}, {});
    REQUIRE(house.report().phase == Phase::failed);
    house.driver.timeline().break_off();
    house.screening.begin(40s);
    CHECK(house.report().phase == Phase::opening);
    CHECK_FALSE(house.screening.is_over());
    CHECK_FALSE(house.report().begin.has_value());
    CHECK(house.report().buffered == 40s);
    house.air("b");
    house.give(10, 13, "b");
    CHECK(house.report().phase == Phase::playing);
    CHECK(house.report().begin->position == 40s);
    CHECK(house.report().buffered == 52s);
}

TEST_CASE("screening: its speed is what was made in the last ten seconds") {
    House house;
    CHECK(house.report().speed == 0);
    house.give(0, 1);
    house.screening.measure(house.driver.now());
    house.pass(2s);
    house.give(1, 4);
    house.screening.measure(house.driver.now());
    CHECK(house.report().speed == doctest::Approx(6));
    house.pass(10s);
    house.screening.measure(house.driver.now());
    CHECK(house.report().speed == 0);
}

TEST_CASE("screening: it starves when what is due is not there") {
    House house;
    house.give(0, 3);
    house.pass(8'500ms);
    CHECK_FALSE(house.report().starves);
    house.pass(1ms);
    CHECK(house.report().starves);
    house.screening.finish();
    CHECK_FALSE(house.report().starves);
}

} // namespace continuo::supervisor::screening_test
