// Lives of channels that nobody thought up: the driver holds every step to what must always be
// true.
#include "tests/unit/supervisor/store/timeline_driver.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace continuo::store::timeline_random_test {

using std::chrono::milliseconds;

/// A source with its ladder as it might behave; what it delivers is decided by chance.
struct World {
    World(unsigned seed, std::size_t variants)
        : random(seed)
        , count(variants)
        , driver(random_options(random, variants))
        , stuck(variants, 0) {
        start_run(std::nullopt);
        go_on_air();
    }

    static TimelineOptions random_options(std::mt19937& random, std::size_t variants) {
        std::vector<std::string> const names{"source", "720p", "576p"};
        auto options = options_for({names.begin(), names.begin() + static_cast<long>(variants)});
        options.restart_discontinuity = random() % 2 == 0;
        options.cue_discontinuity = random() % 4 == 0;
        if (random() % 3 == 0) options.budget_bytes = 3'000 + random() % 20'000;
        return options;
    }

    bool chance(unsigned percent) { return random() % 100 < percent; }

    void start_run(std::optional<Reached> const& continues) {
        run = "r" + std::to_string(++runs);
        salt = static_cast<unsigned>(random() % 7);
        auto const back = continues ? Ticks90k{milliseconds{random() % 6000}} : Ticks90k{};
        origin =
            continues ? continues->end - back : Ticks90k{std::chrono::seconds{random() % 95'000}};
        if (continues && chance(30)) origin = continues->end; // an exact seam
        driver.open(run, continues);
        next.assign(count, 0);
        if (count > 1 && chance(10))
            driver.timeline().set_expected(run, 1 + random() % (count - 1), false);
    }

    void go_on_air() { driver.air(run, /*drain=*/!on_slate); }

    Cut cut(std::size_t index) {
        auto const start = origin + Ticks90k{4s} * static_cast<std::int64_t>(index);
        return {.start = start, .bytes = 500 + random() % 1000, .cues = cues_at(start)};
    }

    /// By the time alone: variants agree, and a run that delivers a segment again need not.
    std::vector<timeline::Cue> cues_at(Ticks90k start) const {
        auto const time = static_cast<unsigned>(start.count() / 90) + salt;
        timeline::Cue cue{.kind = timeline::Cue::Kind::out,
                          .event_id = time % 3,
                          .time = wrapped(start),
                          .section = "/DAl"};
        if (time % 7 == 1) cue.planned = 9s;
        cue.auto_return = cue.planned.has_value();
        if (time % 7 == 2) cue.kind = timeline::Cue::Kind::in;
        return time % 7 < 3 ? std::vector{cue} : std::vector<timeline::Cue>{};
    }

    void deliver() {
        auto const variant = random() % count;
        auto const head = *std::max_element(next.begin(), next.end());
        if (stuck[variant] || next[variant] > head) return;
        driver.give(run, variant, cut(next[variant]++));
    }

    /// Everything that a variant is behind, as one that was stopped and goes on.
    void catch_up() {
        auto const head = *std::max_element(next.begin(), next.end());
        for (std::size_t variant = 0; variant < count; ++variant)
            while (!stuck[variant] && next[variant] < head)
                driver.give(run, variant, cut(next[variant]++));
    }

    void restart_variant() {
        auto const variant = random() % count;
        if (chance(50)) {
            auto tail = cut(next[variant]);
            tail.duration = 1s;
            tail.end = contract::SegmentEnd::input;
            driver.give(run, variant, tail);
        }
        driver.timeline().mark_restart(run, variant);
        driver.step();
    }

    void end_run() {
        auto const tail_counts = chance(70);
        if (chance(70)) catch_up();
        for (std::size_t variant = 0; variant < count; ++variant)
            if (chance(80)) {
                auto tail = cut(next[variant]);
                tail.duration = Ticks90k{milliseconds{200 + random() % 3000}};
                tail.end = contract::SegmentEnd::input;
                driver.give(run, variant, tail);
            }
        auto const end = driver.timeline().end_of(run);
        driver.close(run, tail_counts);
        start_run(chance(60) ? end : std::nullopt);
        waits_to_go_on_air = true;
    }

    void slate() {
        if (on_slate || !waits_to_go_on_air) return;
        slate_run = "s" + std::to_string(++runs);
        driver.open(slate_run);
        driver.give_all(slate_run, {.start = 10s});
        driver.air(slate_run);
        driver.give_all(slate_run, {.start = 14s});
        on_slate = true;
    }

    void step() {
        auto const dice = random() % 1000;
        if (dice < 500)
            deliver();
        else if (dice < 900)
            driver.pass(milliseconds{random() % 3000});
        else if (dice < 920)
            restart_variant();
        else if (dice < 940)
            ++next[random() % count]; // a hole
        else if (dice < 960)
            stuck[random() % count] ^= 1;
        else if (dice < 975)
            catch_up();
        else if (dice < 985)
            slate();
        else if (!waits_to_go_on_air)
            end_run();
        if (waits_to_go_on_air && driver.timeline().is_ready(run, driver.now())) {
            go_on_air();
            if (on_slate) driver.close(slate_run, false);
            on_slate = false;
            waits_to_go_on_air = false;
            if (chance(20)) end_run(); // before anything of it was listed, perhaps
        }
    }

    std::mt19937 random;
    std::size_t count;
    Driver driver;
    std::vector<char> stuck;
    std::vector<std::size_t> next;
    std::string run;
    std::string slate_run;
    Ticks90k origin{};
    unsigned runs{0};
    unsigned salt{0}; ///< so that a run tells other cues than the one before it
    bool on_slate{false};
    bool waits_to_go_on_air{false};
};

TEST_CASE("timeline: whatever happens to a channel, its lists keep their promises") {
    std::uint64_t listed = 0;
    std::ptrdiff_t discontinuities = 0;
    std::ptrdiff_t stand_ins = 0;
    std::ptrdiff_t breaks = 0;
    for (std::size_t variants = 1; variants <= 3; ++variants)
        for (unsigned seed = 0; seed < 60; ++seed) {
            CAPTURE(variants);
            CAPTURE(seed);
            World world(seed * 3 + static_cast<unsigned>(variants), variants);
            for (int step = 0; step < 400; ++step) {
                CAPTURE(step);
                world.step();
            }
            auto const list = world.driver.list(variants - 1);
            listed += world.driver.newest() - 100;
            discontinuities += std::count(list.begin(), list.end(), '!');
            stand_ins += std::count(list.begin(), list.end(), '*');
            for (auto const& told : world.driver.timeline().take_listed_cues())
                breaks += std::ranges::count(told.marks, timeline::BreakMark::Kind::out,
                                             &timeline::BreakMark::kind);
            for (auto const& note : world.driver.take_notes())
                CHECK(note.find("names other cues") == std::string::npos);
        }
    // The worlds are worth something: all of it happened.
    CHECK(listed > 5000);
    CHECK(discontinuities > 50);
    CHECK(stand_ins > 50);
    CHECK(breaks > 500);
}

} // namespace continuo::store::timeline_random_test
