#include "cli/verify/report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace report_test {

using namespace continuo;
using namespace std::chrono_literals;
using hls::rules::Finding;
using hls::rules::Weight;

cli::Tally const tally{
    .playlists = 2, .polls = 41, .segments = 16, .segments_again = 1, .watched = 30s};

Finding finding(int rule, Weight weight) {
    return {.rule = rule,
            .weight = weight,
            .where = "/a.m3u8",
            .at = hls::WallTime{1'795'269'802'120ms},
            .evidence = "it is \"so\""};
}

TEST_CASE("report: the summary of a clean run says what was looked at") {
    CHECK(cli::summary_of(tally, {}, {}) == "clean: 2 playlists over 30.0 s, 41 polls, 16 "
                                            "segments, 1 of them fetched again before they may go");
}

TEST_CASE("report: the summary of a broken run names each rule once, and what was left unsaid") {
    auto const summary = cli::summary_of(tally,
                                         {finding(8, Weight::broken), finding(13, Weight::broken),
                                          finding(8, Weight::broken), finding(35, Weight::advice)},
                                         {{{8, "/a.m3u8"}, 3u}});
    CHECK(summary.starts_with("broken: 3 findings of rules 8, 13: 2 playlists"));
    CHECK(summary.find("; advice of rule 35") != std::string::npos);
    CHECK(summary.ends_with("\n  rule 8 had 3 more of the kind to say of /a.m3u8"));
}

TEST_CASE("report: JSON holds every finding with its weight") {
    auto const report = nlohmann::json::parse(
        cli::json_of("http://h/a.m3u8", tally,
                     {finding(8, Weight::broken), finding(35, Weight::advice)}, {"a note"}));
    CHECK(report["url"] == "http://h/a.m3u8");
    CHECK(report["broken"] == 1);
    CHECK(report["advice"] == 1);
    CHECK(report["findings"][0]["rule"] == 8);
    CHECK(report["findings"][0]["weight"] == "broken");
    CHECK(report["findings"][0]["at"] == "2026-11-21T14:03:22.120Z");
    CHECK(report["findings"][0]["evidence"] == "it is \"so\"");
    CHECK(report["findings"][1]["weight"] == "advice");
    CHECK(report["notes"][0] == "a note");
}

} // namespace report_test
