#include "workers/segment/cue_lines.hpp"

#include <doctest/doctest.h>

namespace cue_lines_test {

using namespace continuo;
using namespace continuo::segment;

constexpr std::string_view out_cue =
    "/DAlAAAAAAAAAP/wFAUAAAABf+/+Bp9rxv4AKTLgAAEAAAAAhzvmvQ=="; // at 1234.56789 s, 30 s
constexpr std::string_view in_now = "/DAcAAAAAAAAAP/wCwUAAAABfx8AAAEAAAAA3r8DiQ==";

std::string file_text() {
    return "# cues of today\n\n  1234.5, " + std::string(out_cue) + "\r\nnonsense\n0, " +
           std::string(in_now) + "\n+8.5," + std::string(in_now) + "\n20.5, " +
           std::string(in_now) + "\n";
}

TEST_CASE("cue lines: a command's own time holds, else the line's; 0 and + hold for all") {
    CueLines lines("sidecar.txt");
    auto const found = lines.take(file_text());
    REQUIRE(found.requests.size() == 4);
    CHECK(found.requests[0].event.time == Ticks90k(111'111'110));
    CHECK(found.requests[0].event.planned == Ticks90k(2'700'000));
    CHECK(found.requests[0].section == out_cue);
    CHECK(found.requests[0].origin == "sidecar.txt:3");
    CHECK_FALSE(found.requests[0].in_band);
    CHECK_FALSE(found.requests[1].event.time);
    CHECK(found.requests[1].after == Ticks90k::zero());
    CHECK(found.requests[2].after == Ticks90k(765'000));
    CHECK(found.requests[3].event.time == Ticks90k(1'845'000));
    REQUIRE(found.remarks.size() == 1);
    CHECK(found.remarks[0].starts_with("sidecar.txt:4: "));

    auto const now = CueLines("a").take("0, " + std::string(out_cue) + "\n");
    REQUIRE(now.requests.size() == 1);
    CHECK_FALSE(now.requests[0].event.time);
}

TEST_CASE("cue lines: the same in pieces of any size") {
    auto const text = file_text();
    for (std::size_t size = 1; size < 90; ++size) {
        CueLines lines("sidecar.txt");
        std::vector<std::string> origins;
        std::size_t remarks = 0;
        for (std::size_t at = 0; at < text.size(); at += size) {
            auto const found = lines.take(std::string_view(text).substr(at, size));
            for (auto const& request : found.requests)
                origins.push_back(request.origin);
            remarks += found.remarks.size();
        }
        CAPTURE(size);
        CHECK(origins == std::vector<std::string>{"sidecar.txt:3", "sidecar.txt:5", "sidecar.txt:6",
                                                  "sidecar.txt:7"});
        CHECK(remarks == 1);
    }
}

TEST_CASE("cue lines: a whole cue counts before its newline has come, and once") {
    CueLines lines("a");
    auto const line = "0, " + std::string(in_now);
    CHECK(lines.take(line.substr(0, 20)).requests.empty());
    CHECK(lines.take(line.substr(20)).requests.size() == 1);
    CHECK(lines.take("").requests.empty());
    auto const rest = lines.take("\n" + line + "\n");
    CHECK(rest.requests.size() == 1);
    CHECK(rest.requests[0].origin == "a:2");
    CHECK(rest.remarks.empty());
}

TEST_CASE("cue lines: a wrong checksum names its line") {
    auto wrong = std::string(in_now);
    wrong[20] = wrong[20] == 'A' ? 'B' : 'A';
    auto const found = CueLines("sidecar.txt").take("# one\n0, " + wrong + "\n");
    CHECK(found.requests.empty());
    REQUIRE(found.remarks.size() == 1);
    CHECK(found.remarks[0].starts_with("sidecar.txt:2: "));
    CHECK(found.remarks[0].find("CRC_32") != std::string::npos);
}

TEST_CASE("cue lines: what never ends is no line") {
    CueLines lines("a");
    std::size_t remarks = 0;
    for (int i = 0; i < 100; ++i)
        remarks += lines.take(std::string(1000, 'x')).remarks.size();
    CHECK(remarks == 1);
    auto const found = lines.take("\n0, " + std::string(in_now) + "\n");
    CHECK(found.requests.size() == 1);
    CHECK(found.remarks.empty());
}

} // namespace cue_lines_test
