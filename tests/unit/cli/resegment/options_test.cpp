#include "cli/options.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::cli::options_test {

using namespace std::chrono_literals;
using hls::CueStyle;

Options parse(std::vector<char const*> arguments) {
    arguments.insert(arguments.begin(), {"continuo", "resegment"});
    return parse_arguments(static_cast<int>(arguments.size()), arguments.data());
}

resegment::Options options_of(std::vector<char const*> const& arguments) {
    auto const options = parse(arguments);
    REQUIRE(std::holds_alternative<resegment::Options>(options));
    return std::get<resegment::Options>(options);
}

TEST_CASE("resegment options: without any, a stream from standard input is cut here") {
    auto const options = options_of({});
    CHECK(options.input == "-");
    CHECK(options.output == ".");
    CHECK(options.sidecar == "sidecar.txt");
    CHECK(options.segment_time == 2s);
    CHECK(options.styles == std::vector{CueStyle::x_cue});
    CHECK(options.window == 5);
    CHECK_FALSE(options.live);
    CHECK_FALSE(options.remove);
    CHECK_FALSE(options.replay);
    CHECK_FALSE(options.dates);
    CHECK_FALSE(options.random_access_indicator);
    CHECK(options.cue_discontinuity);
    CHECK(options.throttle);
    CHECK_FALSE(options.byte_ranges);
    CHECK_FALSE(options.append);
    CHECK_FALSE(options.idle.has_value());
}

TEST_CASE("resegment options: long and short, each of them") {
    for (auto const& options :
         {options_of({"-i", "in.m3u8", "-o", "out", "-s", "cues", "-t", "4.5", "-T", "x_scte35",
                      "-w", "7", "-S", "-l"}),
          options_of({"--input", "in.m3u8", "--output_dir", "out", "--sidecar_file", "cues",
                      "--time", "4.5", "--hls_tag", "x_scte35", "--window_size", "7", "--shulga",
                      "--live"})}) {
        CHECK(options.input == "in.m3u8");
        CHECK(options.output == "out");
        CHECK(options.sidecar == "cues");
        CHECK(options.segment_time == 4500ms);
        CHECK(options.styles == std::vector{CueStyle::x_scte35});
        CHECK(options.window == 7);
        CHECK(options.random_access_indicator);
        CHECK(options.live);
    }
    auto const ours = options_of(
        {"--no-discontinuity", "--no-throttle", "--byterange", "--continue", "--idle", "2.5"});
    CHECK_FALSE(ours.cue_discontinuity);
    CHECK_FALSE(ours.throttle);
    CHECK(ours.byte_ranges);
    CHECK(ours.append);
    CHECK(ours.idle == 2500ms);
}

TEST_CASE("resegment options: several styles at once") {
    auto const expected = std::vector{CueStyle::x_cue, CueStyle::x_daterange};
    CHECK(options_of({"-T", "x_cue,x_daterange"}).styles == expected);
    CHECK(options_of({"-T", "x_cue", "-T", "x_daterange"}).styles == expected);
}

TEST_CASE("resegment options: -d and -p imply -l, -r implies -d") {
    CHECK(options_of({"-d"}).live);
    CHECK(options_of({"-p"}).live);
    CHECK_FALSE(options_of({"-p"}).remove);
    CHECK(options_of({"-r"}).live);
    CHECK(options_of({"-r"}).remove);
}

TEST_CASE("resegment options: its version, and what is wrong with the rest") {
    CHECK(std::get<Answer>(parse({"-v"})).output == "continuo " CONTINUO_VERSION "\n");
    std::vector<std::vector<char const*>> const mistakes{
        {"-t", "0"},     {"-t", "x"},   {"-w", "0"},           {"-T", "x_nothing"},  {"-i"},
        {"--idle", "0"}, {"somewhere"}, {"--byterange", "-d"}, {"--byterange", "-r"}};
    for (auto const& mistake : mistakes) {
        auto const answer = parse(mistake);
        REQUIRE(std::holds_alternative<Answer>(answer));
        CHECK(std::get<Answer>(answer).exit_code == os::exit_usage);
        CHECK_FALSE(std::get<Answer>(answer).errors.empty());
    }
}

} // namespace continuo::cli::options_test
