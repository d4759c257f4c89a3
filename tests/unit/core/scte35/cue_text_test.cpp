#include "core/scte35/cue_text.hpp"
#include "tests/unit/core/scte35/samples.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cue_text_test {

using namespace continuo;
using namespace continuo::scte35;

constexpr std::string_view heartbeat_hex = "FC301100000000000000FFF0000000007A4FBFFF";
constexpr std::string_view heartbeat_decimal = "1439737590925997869941740172919141471333225840639";

std::string why_not(std::string_view text) {
    auto const cue = parse_cue_text(text);
    REQUIRE_FALSE(cue.has_value());
    return to_text(cue.error());
}

TEST_CASE("cue text: base64, hexadecimal with and without prefix, and decimal say the same") {
    auto const section = sample::section_of(sample::heartbeat);
    auto const lower_case = "0xfc301100000000000000fff0000000007a4fbfff";
    for (auto const& text :
         {std::string(sample::heartbeat), std::string(heartbeat_hex),
          "0x" + std::string(heartbeat_hex), "0X" + std::string(heartbeat_hex),
          std::string(lower_case), std::string(lower_case).substr(2),
          std::string(heartbeat_decimal), " \t" + std::string(sample::heartbeat) + "\r\n"}) {
        CAPTURE(text);
        auto const cue = parse_cue_text(text);
        REQUIRE_MESSAGE(cue.has_value(), to_text(cue.error()));
        CHECK(cue->section == section);
        CHECK(std::holds_alternative<SpliceNull>(cue->info.command));
    }
}

TEST_CASE("cue text: what is no cue is quoted, or says where it breaks") {
    CHECK(why_not("") == "an empty cue: malformed");
    CHECK(why_not("tonight?") ==
          "a cue that is no base64, hexadecimal or decimal: \"tonight?\": malformed");
    CHECK(why_not("0xFC3") ==
          "a cue that is no base64, hexadecimal or decimal: \"0xFC3\": malformed");
    CHECK(why_not("FCzz").starts_with("a cue that is no base64"));
    CHECK(why_not("AAAA") == "table_id at byte 0 is 0x00: malformed");
    CHECK(why_not("0") == "section_length at byte 1: truncated");
    CHECK(why_not("252") == "section_length at byte 1: truncated");
    CHECK(why_not(std::string(heartbeat_hex) + "00") == "1 bytes behind the section: malformed");
    CHECK(why_not(std::string(10'000, '1')) == "the length of the cue: out of range");
    CHECK(why_not("0x" + std::string(8'200, '1')) == "the length of the cue: out of range");
}

TEST_CASE("cue text: a wrong checksum is its own error") {
    CHECK(why_not(sample::wrong_crc).starts_with("CRC_32 at byte 55: "));
}

} // namespace cue_text_test
