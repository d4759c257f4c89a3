#include "cli/resegment/publisher.hpp"
#include "core/os/file.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::cli::resegment::publisher_test {

using namespace std::chrono_literals;
constexpr Ticks90k second{90'000};
constexpr Pacing::Time start{100s};
constexpr hls::WallTime noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

Plan ladder(std::size_t variants, bool with_sound = false) {
    Plan plan;
    plan.master = "a master playlist";
    for (std::size_t variant = 0; variant < variants; ++variant)
        plan.jobs.push_back({.input = std::to_string(variant)});
    if (with_sound) plan.jobs.push_back({.input = "s", .has_video = false, .is_rendition = true});
    return plan;
}

/// A run's publisher with an output of its own, and steps of two seconds for it.
struct Stage {
    explicit Stage(Options options_of = {}, Plan plan_of = ladder(2))
        : options(std::move(options_of)), plan(std::move(plan_of)) {
        open();
    }
    Stage(Stage const&) = delete;
    Stage& operator=(Stage const&) = delete;

    void open() {
        publisher.reset();
        output.reset();
        auto opened =
            Output::open(folder / "out", {.variants = plan.jobs.size(), .append = options.append});
        REQUIRE(opened.has_value());
        output = std::make_unique<Output>(std::move(*opened));
        Publisher::Printers const printers{
            .report = [this](std::string const& line) { reports.push_back(line); },
            .remark = [this](std::string const& line) { remarks.push_back(line); }};
        publisher = std::make_unique<Publisher>(options, plan, *output,
                                                Beginning{.steady = start, .wall = noon}, printers);
    }

    /// Of the variants that have it.
    Step step(std::vector<bool> const& has) {
        Step made;
        made.ordinal = ordinal++;
        made.line.start = static_cast<std::int64_t>(made.ordinal) * 2 * second;
        made.line.duration = 2 * second;
        made.line.bytes = 1000;
        made.line.video.codecs = "avc1.42c01e";
        for (std::size_t variant = 0; variant < has.size(); ++variant) {
            auto const file = folder / (std::to_string(variant) + ".ts");
            REQUIRE(os::replace_file(file, std::to_string(variant)).has_value());
            made.pieces.push_back(has[variant] ? std::optional(Piece{file, made.line})
                                               : std::nullopt);
        }
        return made;
    }
    Step step() { return step(std::vector<bool>(plan.jobs.size(), true)); }

    void publish(Step const& made, Pacing::Time now = start) {
        REQUIRE(publisher->publish(made, now).has_value());
        REQUIRE(publisher->flush(now).has_value());
    }
    std::string list(std::size_t variant) const {
        return *os::read_file(folder / "out" / std::to_string(variant) / "index.m3u8");
    }
    bool lists(std::size_t variant, std::string const& text) const {
        return list(variant).find(text) != std::string::npos;
    }

    Options options;
    Plan plan;
    test::TemporaryDirectory const scratch;
    fs::path const folder{scratch.path()};
    std::unique_ptr<Output> output;
    std::unique_ptr<Publisher> publisher;
    std::uint64_t ordinal{0};
    std::vector<std::string> reports;
    std::vector<std::string> remarks;
};

Options live() {
    Options options;
    options.live = true;
    options.window = 3;
    return options;
}

TEST_CASE("publisher: a step is in all lists at once, and reported") {
    Stage stage;
    CHECK_FALSE(stage.publisher->flush_due().has_value());
    REQUIRE(stage.publisher->publish(stage.step(), start).has_value());
    CHECK(stage.publisher->flush_due().has_value());
    CHECK_FALSE(fs::exists(stage.folder / "out/0/index.m3u8"));
    REQUIRE(stage.publisher->flush(start).has_value());
    CHECK_FALSE(stage.publisher->flush_due().has_value());
    CHECK(stage.list(0) == stage.list(1));
    CHECK(stage.lists(0, "#EXTINF:2.000000,\nseg0.ts\n"));
    CHECK(*os::read_file(stage.folder / "out/1/seg0.ts") == "1");
    auto const file = [&](char const* name) { return (stage.folder / "out" / name).string(); };
    CHECK(stage.reports ==
          std::vector<std::string>{
              file("0/seg0.ts") + ":   start: 0.000000   end: 2.000000   duration: 2.000000",
              file("1/seg0.ts") + ":   start: 0.000000   end: 2.000000   duration: 2.000000"});
    CHECK(stage.remarks.empty());
    REQUIRE(stage.publisher->end(start).has_value());
    CHECK(stage.lists(1, "#EXT-X-ENDLIST"));
}

TEST_CASE("publisher: what a variant lacks is its sibling's, told where it begins and ends") {
    Stage stage({}, ladder(2, /*with_sound=*/true));
    stage.publish(stage.step({true, false, false}));
    stage.publish(stage.step({true, false, true}));
    stage.publish(stage.step());
    CHECK(stage.lists(1, "../0/seg0.ts\n#EXTINF:2.000000,\n../0/seg1.ts\n"
                         "#EXTINF:2.000000,\nseg2.ts\n"));
    CHECK(stage.lists(2, "#EXT-X-GAP\n#EXTINF:2.000000,\nseg0.ts\n#EXTINF:2.000000,\nseg1.ts\n"));
    CHECK(stage.remarks ==
          std::vector<std::string>{"variant 1 lacks segment 0: ../0/seg0.ts stands in",
                                   "variant 2 lacks segment 0: a gap",
                                   "variant 2 is back with segment 1",
                                   "variant 1 is back with segment 2"});
}

timeline::Cue cue(timeline::Cue::Kind kind, Ticks90k time) {
    timeline::Cue made;
    made.kind = kind;
    made.event_id = 1;
    made.time = time;
    if (kind == timeline::Cue::Kind::out) made.planned = 4 * second;
    made.section = "/DAl";
    return made;
}

void publish_break(Stage& stage) {
    using Kind = timeline::Cue::Kind;
    for (int number = 0; number < 5; ++number) {
        auto step = stage.step();
        if (number == 1) step.line.cues = {cue(Kind::out, step.line.start)};
        if (number == 3) step.line.cues = {cue(Kind::in, step.line.start)};
        stage.publish(step);
    }
}

TEST_CASE("publisher: breaks are told, and are discontinuities unless asked otherwise") {
    Stage stage;
    publish_break(stage);
    CHECK(stage.lists(1, "seg0.ts\n#EXT-X-DISCONTINUITY\n#EXT-X-CUE-OUT:4.0\n"
                         "#EXTINF:2.000000,\nseg1.ts\n"
                         "#EXT-X-CUE-OUT-CONT:2.000000/4.0\n#EXTINF:2.000000,\nseg2.ts\n"
                         "#EXT-X-DISCONTINUITY\n#EXT-X-CUE-IN\n#EXTINF:2.000000,\nseg3.ts\n"
                         "#EXTINF:2.000000,\nseg4.ts\n"));
    CHECK(stage.list(0) == stage.list(1));
    Options unbroken;
    unbroken.cue_discontinuity = false;
    Stage other(unbroken);
    publish_break(other);
    CHECK_FALSE(other.lists(0, "#EXT-X-DISCONTINUITY\n"));
}

TEST_CASE("publisher: dates on segments where asked for, and for date ranges") {
    Stage plain;
    publish_break(plain);
    CHECK_FALSE(plain.lists(0, "PROGRAM-DATE-TIME"));
    Options dates;
    dates.dates = true;
    Options ranges;
    ranges.styles = {hls::CueStyle::x_daterange};
    for (auto const& options : {dates, ranges}) {
        Stage stage(options);
        publish_break(stage);
        CHECK(stage.lists(0, "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:00.000Z\n"));
        CHECK(stage.lists(0, "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:08.000Z\n"));
    }
}

TEST_CASE("publisher: an input that came late is dated by when it came") {
    auto options = live();
    options.dates = true;
    Stage stage(options);
    stage.publish(stage.step(), start + 30s);
    stage.publish(stage.step(), start + 33s);
    CHECK(stage.lists(0, "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:28.000Z\n"));
    CHECK(stage.lists(0, "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:30.000Z\n"));
}

TEST_CASE("publisher: live steps wait for the clock, others do not") {
    Stage stage(live());
    auto const first = stage.step();
    CHECK(stage.publisher->due(first) == start + 2s);
    stage.publish(first, start + 2s);
    CHECK(stage.publisher->due(first) == start + 4s);
    CHECK(stage.reports.back() == "throttling 2.00");
    Stage plain;
    CHECK(plain.publisher->due(plain.step()) == Pacing::Time::min());
    auto hurried = live();
    hurried.throttle = false;
    Stage fast(hurried);
    CHECK(fast.publisher->due(fast.step()) == Pacing::Time::min());
}

TEST_CASE("publisher: with --delete files go once no player can want them") {
    auto options = live();
    options.remove = true;
    Stage stage(options);
    stage.publisher->raise_target(3s); // a window of nine seconds, five segments
    auto now = start;
    for (int number = 0; number < 6; ++number)
        stage.publish(stage.step(), now += 2s);
    // it left with the sixth: its own two seconds, and twelve of the list
    REQUIRE(stage.publisher->removal_due() == now + 14s);
    stage.publisher->remove_departed(now + 13s);
    CHECK(fs::exists(stage.folder / "out/1/seg0.ts"));
    stage.publisher->remove_departed(now + 14s);
    CHECK_FALSE(fs::exists(stage.folder / "out/0/seg0.ts"));
    CHECK_FALSE(fs::exists(stage.folder / "out/1/seg0.ts"));
    CHECK(fs::exists(stage.folder / "out/1/seg1.ts"));
    Stage keeping(live());
    for (int number = 0; number < 9; ++number)
        keeping.publish(keeping.step());
    CHECK_FALSE(keeping.publisher->removal_due().has_value());
}

TEST_CASE("publisher: what an old list still names is not removed") {
    auto options = live();
    options.remove = true;
    Stage stage(options);
    for (int number = 0; number < 5; ++number)
        stage.publish(stage.step());
    auto const blocker = stage.folder / "out/1/index.m3u8.tmp";
    fs::create_directories(blocker); // as good as a full disk
    REQUIRE(stage.publisher->publish(stage.step(), start).has_value());
    CHECK(stage.publisher->flush(start).has_error());
    CHECK_FALSE(stage.publisher->removal_due().has_value());
    CHECK(stage.publisher->flush_due().has_value());
    fs::remove(blocker);
    REQUIRE(stage.publisher->flush(start + 60s).has_value());
    CHECK(stage.publisher->removal_due() > start + 60s);
}

TEST_CASE("publisher: a step that can't be put in place is a discontinuity of the next") {
    Stage stage;
    stage.publish(stage.step());
    auto const lost = stage.step();
    fs::remove(lost.pieces[1]->file);
    CHECK(stage.publisher->publish(lost, start).has_error());
    stage.publish(stage.step());
    stage.publish(stage.step());
    CHECK(stage.lists(1, "seg0.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:2.000000,\nseg1.ts\n"
                         "#EXTINF:2.000000,\nseg2.ts\n"));
}

TEST_CASE("publisher: what the leader lost is a discontinuity of the next") {
    Stage stage;
    stage.publish(stage.step());
    auto next = stage.step();
    next.is_gap_before = true;
    stage.publish(next);
    CHECK(stage.lists(0, "#EXT-X-DISCONTINUITY\n#EXTINF:2.000000,\nseg1.ts\n"));
}

TEST_CASE("publisher: it goes on behind an earlier run, with later dates and the next number") {
    Options options;
    options.styles = {hls::CueStyle::x_daterange};
    options.append = true;
    Stage stage(options);
    REQUIRE(stage.publisher->resume().has_value()); // nothing is there yet
    publish_break(stage);
    REQUIRE(stage.publisher->end(start).has_value());
    stage.open();
    REQUIRE(stage.publisher->resume().has_value());
    stage.publish(stage.step());
    CHECK(stage.lists(0, "#EXT-X-DISCONTINUITY\n"
                         "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:10.000Z\n"
                         "#EXTINF:2.000000,\nseg5.ts\n"));
    CHECK_FALSE(stage.lists(0, "ENDLIST"));
}

TEST_CASE("publisher: an input without a master playlist gets a measured one") {
    Plan single = ladder(1);
    single.master.clear();
    Stage stage({}, single);
    auto const master = [&] { return *os::read_file(stage.folder / "out/master.m3u8"); };
    stage.publish(stage.step());
    CHECK(master().find("BANDWIDTH=4000,AVERAGE-BANDWIDTH=4000") != std::string::npos);
    auto big = stage.step();
    big.line.bytes = 3000;
    stage.publish(big);
    CHECK(master().find("BANDWIDTH=4000,") != std::string::npos); // players read it once
    REQUIRE(stage.publisher->end(start).has_value());
    CHECK(master().find("BANDWIDTH=12000,AVERAGE-BANDWIDTH=8000") != std::string::npos);
}

} // namespace continuo::cli::resegment::publisher_test
