#include "core/scte35/sidecar.hpp"
#include "tests/unit/core/scte35/samples.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace sidecar_test {

using namespace continuo;
using namespace continuo::scte35;

using At = SidecarLine::At;
using Now = SidecarLine::Now;
using After = SidecarLine::After;

SidecarLine read(std::string const& text) {
    auto line = parse_sidecar_line(text);
    REQUIRE_MESSAGE(line.has_value(), to_text(line.error()));
    REQUIRE(line->has_value());
    return **std::move(line);
}

std::string why_not(std::string const& text) {
    auto const line = parse_sidecar_line(text);
    REQUIRE_FALSE(line.has_value());
    return to_text(line.error());
}

std::string with_cue(std::string const& insert_pts) {
    return insert_pts + ", " + std::string(sample::in_now);
}

TEST_CASE("sidecar: when, the section and what it says") {
    auto const line = read("1234.56789, " + std::string(sample::out_at));
    CHECK((line.when == decltype(line.when){At{Ticks90k{111'111'110}}}));
    CHECK(line.section == sample::out_at);
    CHECK((line.info == sample::read(sample::out_at)));
}

TEST_CASE("sidecar: seconds become the nearest tick, zero is now, a plus counts from the picture") {
    std::vector<std::pair<std::string, decltype(SidecarLine::when)>> const table{
        {"11.4", At{Ticks90k{1'026'000}}},
        {"11.421300", At{Ticks90k{1'027'917}}},
        {"38103.868589", At{Ticks90k{3'429'348'173}}},
        {"95443.717677", At{Ticks90k{8'589'934'591}}},
        {".5", At{Ticks90k{45'000}}},
        {"7.", At{Ticks90k{630'000}}},
        {"0.00001", At{Ticks90k{1}}},
        {"0.0000111111111111111111111111111111111111", At{Ticks90k{1}}},
        {"0", Now{}},
        {"0.000", Now{}},
        {"+8.5", After{Ticks90k{765'000}}},
        {"+0", After{}},
    };
    for (auto const& row : table) {
        CAPTURE(row.first);
        CHECK((read(with_cue(row.first)).when == row.second));
    }
}

TEST_CASE("sidecar: the cue in any of its forms is handed on in base64") {
    CHECK(read("0, 0xFC301100000000000000FFF0000000007A4FBFFF").section == sample::heartbeat);
    CHECK(read("0,1439737590925997869941740172919141471333225840639").section == sample::heartbeat);
}

TEST_CASE("sidecar: blanks and carriage returns around all of it are passed over") {
    CHECK((read("  11.4\t,\t" + std::string(sample::in_now) + " \r").when ==
           decltype(SidecarLine::when){At{Ticks90k{1'026'000}}}));
}

TEST_CASE("sidecar: comments and blank lines are nothing") {
    for (std::string const text : {"", " ", "\r", "# 11.4, /DAc", "  #"}) {
        auto const line = parse_sidecar_line(text);
        REQUIRE(line.has_value());
        CHECK_FALSE(line->has_value());
    }
}

TEST_CASE("sidecar: what is wrong with a line is told") {
    CHECK(why_not("11.4 /DAc") ==
          "a line that is not \"insert_pts, cue\": \"11.4 /DAc\": malformed");
    for (std::string const text : {"", ".", "+", "-1", "1e3", "1.2.3", "++1", "0x10", "nan", "1 2"})
        CHECK(why_not(with_cue(text)).starts_with("insert_pts that is no number of seconds: \""));
    CHECK(why_not(with_cue("95443.717689")) == "insert_pts 95443.717689: out of range");
    CHECK(why_not(with_cue("99999999999999999999999999")) ==
          "insert_pts 99999999999999999999999999: out of range");
    CHECK(why_not("11.4, ") == "an empty cue: malformed");
    CHECK(why_not("11.4, " + std::string(sample::wrong_crc)).starts_with("CRC_32 at byte 55: "));
}

TEST_CASE("sidecar: no part of a line is a line") {
    auto const text = "1234.56789, " + std::string(sample::out_at);
    auto const padding = std::string_view("==").size();
    for (std::size_t size = 1; size + padding < text.size(); ++size)
        CHECK_FALSE(parse_sidecar_line(std::string_view(text).substr(0, size)).has_value());
}

TEST_CASE("sidecar: a line is written as it is read") {
    for (std::string const text : {"11.421300", "95443.717678", "0", "+8.500000", "+0.000000"}) {
        auto const line = read(with_cue(text));
        CHECK(to_text(line) == with_cue(text));
        CHECK((read(to_text(line)) == line));
    }
    for (std::int64_t tick = 1; tick < 200; ++tick) {
        SidecarLine const line{.when = At{clock_turn - Ticks90k{tick}},
                               .section = std::string(sample::in_now),
                               .info = sample::read(sample::in_now)};
        CHECK((read(to_text(line)) == line));
    }
}

} // namespace sidecar_test
