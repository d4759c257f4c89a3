#include "core/base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::utf8_test {

std::string const bad = "\xEF\xBF\xBD";

TEST_CASE("utf-8: what is well-formed stays as it is") {
    for (std::string const& text :
         {std::string{}, std::string("plain"), std::string("a\0b", 3), std::string("\x7F"),
          std::string("\xC2\x80"), std::string("\xDF\xBF"), std::string("\xE0\xA0\x80"),
          std::string("\xED\x9F\xBF"), std::string("\xEE\x80\x80"), std::string("\xEF\xBF\xBF"),
          std::string("\xF0\x90\x80\x80"), std::string("\xF4\x8F\xBF\xBF"), bad})
        CHECK(well_formed_utf8(text) == text);
}

struct Row {
    char const* about;
    std::string bytes;
    std::string text;
};

TEST_CASE("utf-8: each longest beginning of a sequence that breaks off becomes one U+FFFD") {
    std::vector<Row> const table{
        {"a follower alone", "\x80\xBF", bad + bad},
        {"bytes that begin nothing", "\xC0\xC1\xF5\xFE\xFF", bad + bad + bad + bad + bad},
        {"an overlong slash", "\xC0\xAF", bad + bad},
        {"an overlong slash in three", "\xE0\x80\xAF", bad + bad + bad},
        {"an overlong slash in four", "\xF0\x80\x80\xAF", bad + bad + bad + bad},
        {"a surrogate", "\xED\xA0\x80", bad + bad + bad},
        {"beyond U+10FFFF", "\xF4\x90\x80\x80", bad + bad + bad + bad},
        {"two of two, broken off by a letter",
         "\xC3"
         "a",
         bad + "a"},
        {"two of three, broken off by a letter",
         "\xE2\x82"
         "a",
         bad + "a"},
        {"three of four, broken off by a letter",
         "\xF0\x9F\x8E"
         "a",
         bad + "a"},
        {"broken off by another beginning", "\xE2\x82\xC3\xA9", bad + "\xC3\xA9"},
        {"broken off by the end", "a\xF0\x9F\x8E", "a" + bad},
        {"a follower too many", "\xC3\xA9\xA9", "\xC3\xA9" + bad},
    };
    for (auto const& row : table) {
        CAPTURE(row.about);
        CHECK(well_formed_utf8(row.bytes) == row.text);
    }
}

TEST_CASE("utf-8: what was decoded is well-formed, whatever it was") {
    for (int one = 0; one < 256; ++one)
        for (int two = 0; two < 256; ++two) {
            for (char const* const rest : {"", "\x80", "\xBF\xBF"}) {
                auto const bytes =
                    std::string{static_cast<char>(one), static_cast<char>(two)} + rest;
                auto const text = well_formed_utf8(bytes);
                REQUIRE(well_formed_utf8(text) == text);
            }
        }
}

} // namespace continuo::utf8_test
