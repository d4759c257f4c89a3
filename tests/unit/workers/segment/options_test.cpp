#include "workers/segment/command_line.hpp"
#include "workers/segment/options.hpp"

#include <doctest/doctest.h>

#include <stdlib.h>

#include <string>
#include <vector>

namespace options_test {

using namespace continuo;
using namespace continuo::segment;

std::variant<Options, Message> parse(std::vector<char const*> const& arguments) {
    return parse_options(arguments);
}

Options options(std::vector<char const*> const& arguments) {
    auto parsed = parse(arguments);
    REQUIRE(std::holds_alternative<Options>(parsed));
    return std::get<Options>(parsed);
}

Message message(std::vector<char const*> const& arguments) {
    auto parsed = parse(arguments);
    REQUIRE(std::holds_alternative<Message>(parsed));
    return std::get<Message>(parsed);
}

TEST_CASE("options: a source's command line") {
    auto const parsed =
        options({"--directory", "run", "--source", "--segment-time", "4000ms", "--target-duration",
                 "6s", "--listen", "consumers.sock", "--no-files", "--lead", "11s"});
    CHECK(parsed.directory == "run");
    CHECK(parsed.is_source);
    CHECK(parsed.segment_time == Ticks90k(360'000));
    CHECK(parsed.target_duration == Ticks90k(540'000));
    CHECK(parsed.listen == "consumers.sock");
    CHECK_FALSE(parsed.writes_files);
    CHECK(parsed.lead == Ticks90k(990'000));
}

TEST_CASE("options: a source follows files of cues, any number of them") {
    std::vector<char const*> arguments{
        "--directory",       "run", "--source", "--segment-time", "4s", "--cues", "cues.txt",
        "--target-duration", "6s",  "--cues",   "a side, car.txt"};
    CHECK(options(arguments).cues ==
          std::vector<std::filesystem::path>{"cues.txt", "a side, car.txt"});
    CHECK(message({"--directory", "run", "--grid", "0:345600", "--cuts", "cuts",
                   "--target-duration", "6s", "--cues", "cues.txt"})
              .exit_code == 64);
}

TEST_CASE("options: a source whose keyframes were put on a grid is told of it") {
    auto const parsed = options({"--directory", "run", "--source", "--segment-time", "4s",
                                 "--target-duration", "6s", "--grid", "810000:360000"});
    CHECK(parsed.is_source);
    CHECK(parsed.grid == timeline::Grid{.origin = Ticks90k(810'000), .period = Ticks90k(360'000)});
}

TEST_CASE("options: a variant's command line, with an origin below zero") {
    auto const parsed = options({"--directory", "run", "--grid", "-4200:345600", "--cuts",
                                 "../cuts", "--target-duration", "6s"});
    CHECK(parsed.grid == timeline::Grid{.origin = Ticks90k(-4200), .period = Ticks90k(345'600)});
    CHECK(parsed.cuts == "../cuts");
    CHECK(parsed.writes_files);
    CHECK_FALSE(parsed.lead);
}

TEST_CASE("options: a slate reads ahead by a bounded time unless told otherwise") {
    std::vector<char const*> arguments{"--directory",       "run", "--segment-time", "4s",
                                       "--target-duration", "6s",  "--loop",         "slate.ts"};
    CHECK(options(arguments).lead == Ticks90k(990'000));
    arguments.insert(arguments.end(), {"--lead", "20"});
    CHECK(options(arguments).lead == Ticks90k(1'800'000));
    CHECK(options(arguments).loop == "slate.ts");
}

TEST_CASE("options: a playlist's URL with a secret in it comes by the environment") {
    std::vector<char const*> arguments{
        "--directory", "run", "--source", "--segment-time", "4s", "--target-duration", "6s"};
    auto const* const variable = workers::segment::from_variable;
    REQUIRE(::setenv(variable, "https://user:hunter2@host/a.m3u8", /*overwrite=*/1) == 0);
    CHECK(options(arguments).from == "https://user:hunter2@host/a.m3u8");
    arguments.insert(arguments.end(), {"--from", "https://host/b.m3u8"});
    CHECK(options(arguments).from == "https://host/b.m3u8");
    ::unsetenv(variable);
}

TEST_CASE("options: a playlist is read from a date on, its first segment short") {
    std::vector<char const*> arguments{
        "--directory",       "run", "--source", "--segment-time",        "4s",
        "--target-duration", "6s",  "--from",   "file:///srv/a%20b.m3u8"};
    auto parsed = options(arguments);
    CHECK(parsed.from == "/srv/a b.m3u8");
    CHECK_FALSE(parsed.at);
    CHECK_FALSE(parsed.short_first);
    CHECK_FALSE(parsed.lead);
    arguments.insert(arguments.end(), {"--at", "1795261684182779", "--short-first"});
    parsed = options(arguments);
    CHECK(parsed.at->time_since_epoch() == std::chrono::microseconds(1795261684182779));
    CHECK(parsed.short_first);
}

TEST_CASE("options: help and version are no errors") {
    CHECK(message({"--help"}).exit_code == 0);
    CHECK(message({"--help"}).text.find("--target-duration") != std::string::npos);
    CHECK(message({"--version"}).exit_code == 0);
    CHECK(message({"--version"}).text.starts_with("continuo-segment "));
}

TEST_CASE("options: a wrong command line says what is wrong") {
    struct Row {
        std::vector<char const*> arguments;
        char const* word;
    };
    std::vector<Row> const rows{
        {{}, "--directory"},
        {{"--directory", "run"}, "--target-duration"},
        {{"--directory", "run", "--target-duration", "6s"}, "say what it cuts"},
        {{"--directory", "run", "--target-duration", "6s", "--source"}, "--segment-time"},
        {{"--directory", "run", "--target-duration", "soon", "--source"}, "\"soon\""},
        {{"--directory", "run", "--target-duration", "4s", "--source", "--segment-time", "6s"},
         "longer"},
        {{"--directory", "run", "--target-duration", "6s", "--grid", "5"}, "ORIGIN:PERIOD"},
        {{"--directory", "run", "--target-duration", "6s", "--grid", "0:9"}, "say what it cuts"},
        {{"--directory", "run", "--target-duration", "6s", "--cuts", "x", "--segment-time", "4s"},
         "--cuts needs --grid"},
        {{"--directory", "run", "--target-duration", "6s", "--loop", "x", "--segment-time", "4s",
          "--listen", "s"},
         "--listen needs"},
        {{"--directory", "run", "--target-duration", "6s", "--source", "--segment-time", "4s",
          "--from", "rtmp://a/b"},
         "--from: \"rtmp\""},
        {{"--directory", "run", "--target-duration", "6s", "--source", "--segment-time", "4s",
          "--from", "a", "--at", "now"},
         "--at: \"now\""},
        {{"--directory", "run", "--target-duration", "6s", "--source", "--segment-time", "4s",
          "--at", "1"},
         "--at needs"},
        {{"--directory", "run", "--target-duration", "6s", "--source", "--segment-time", "4s",
          "--from", "a", "--loop", "b"},
         "two inputs"},
        {{"--directory", "run", "--target-duration", "6s", "--segment-time", "4s", "--loop", "b",
          "--short-first"},
         "--short-first needs"},
        {{"--directory", "run", "--target-duration", "6s", "--surce"}, "--surce"},
    };
    for (auto const& row : rows) {
        CAPTURE(row.word);
        auto const complaint = message(row.arguments);
        CHECK(complaint.exit_code == 64);
        CHECK(complaint.text.find(row.word) != std::string::npos);
        CHECK(complaint.text.back() == '\n');
    }
}

TEST_CASE("durations: with units, plain numbers as seconds, nothing else") {
    CHECK(parse_duration("4s") == Ticks90k(360'000));
    CHECK(parse_duration("4000ms") == Ticks90k(360'000));
    CHECK(parse_duration("4") == Ticks90k(360'000));
    CHECK(parse_duration("1.92s") == Ticks90k(172'800));
    CHECK(parse_duration("2min") == Ticks90k(10'800'000));
    CHECK(parse_duration("1h") == Ticks90k(324'000'000));
    for (auto const* const text :
         {"", "s", "-4s", "0", "4 s", "4m", "4days", "nan", "inf", "1e9", "0x10"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text));
    }
}

TEST_CASE("grids: two whole numbers, the period above zero, both within the clock's turn") {
    CHECK(parse_grid("41520:345600"));
    for (auto const* const text :
         {"", ":", "1:", ":1", "1:0", "1:-5", "1:2:3", "a:1", "1:8589934592", "-8589934592:1"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_grid(text));
    }
}

TEST_CASE("options: a leader by boundaries, and one that follows it") {
    auto const leader = options({"--directory", "run", "--source", "--segment-time", "2",
                                 "--target-duration", "3", "--boundaries", "b", "--raise-target",
                                 "--random-access-indicator", "--lead", "0s"});
    CHECK(leader.boundaries == "b");
    CHECK(leader.raise_target);
    CHECK(leader.by_indicator);
    CHECK(leader.begin_with == 0);
    CHECK(leader.lead == Ticks90k::zero());
    auto const follower = options({"--directory", "run", "--target-duration", "3", "--boundaries",
                                   "b", "--begin-with", "12"});
    CHECK_FALSE(follower.is_source);
    CHECK(follower.begin_with == 12);
    std::vector<std::vector<char const*>> const wrong{
        {"--boundaries", "b", "--grid", "0:90000", "--cuts", "c"},
        {"--boundaries", "b", "--loop", "x.ts", "--segment-time", "2"},
        {"--boundaries", "b", "--raise-target"},
        {"--source", "--segment-time", "2", "--begin-with", "1"},
        {"--source", "--boundaries", "b"},
    };
    for (auto arguments : wrong) {
        CAPTURE(arguments[0]);
        arguments.insert(arguments.end(), {"--directory", "run", "--target-duration", "3"});
        CHECK(message(arguments).exit_code == 64);
    }
}

} // namespace options_test
