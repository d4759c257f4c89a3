#include "http/server/conditional.hpp"

#include <doctest/doctest.h>

#include <string>

namespace conditional_test {

using namespace continuo::server;

TEST_CASE("etag: the same for the same bytes, another for others, in quotes") {
    auto const tag = etag_of("#EXTM3U");
    CHECK(tag == etag_of("#EXTM3U"));
    CHECK(tag != etag_of("#EXTM3V"));
    CHECK(etag_of("") != etag_of(std::string_view("\0", 1)));
    CHECK((tag.front() == '"' && tag.back() == '"'));
}

TEST_CASE("if-none-match: a tag, one of a list, a weak one, or any") {
    CHECK(none_match_hits("\"a\"", "\"a\""));
    CHECK(none_match_hits("\"x\", \"a\"", "\"a\""));
    CHECK(none_match_hits("\"x,y\",W/\"a\"", "\"a\""));
    CHECK(none_match_hits(" , \"a\"", "\"a\""));
    CHECK(none_match_hits("*", "\"a\""));
}

TEST_CASE("if-none-match: absent, other and malformed ones do not hit") {
    for (std::string const field : {"", "\"b\"", "a", "\"a", "W/", "\"aa\"", "\"", "x\"a\"", "**"})
        CHECK_MESSAGE(!none_match_hits(field, "\"a\""), field);
    CHECK(!none_match_hits("*", ""));
}

TEST_CASE("if-range: only the strong tag lets a range through") {
    CHECK(if_range_holds("", "\"a\""));
    CHECK(if_range_holds("\"a\"", "\"a\""));
    CHECK(!if_range_holds("W/\"a\"", "\"a\""));
    CHECK(!if_range_holds("Sun, 06 Nov 1994 08:49:37 GMT", "\"a\""));
    CHECK(!if_range_holds("\"a\"", ""));
}

} // namespace conditional_test
