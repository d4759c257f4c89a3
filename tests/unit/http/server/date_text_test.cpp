#include "http/server/date_text.hpp"

#include <doctest/doctest.h>

namespace date_text_test {

using namespace continuo::server;
using namespace std::chrono;

TEST_CASE("date: IMF-fixdate, made anew when the second changes, backwards too") {
    DateText text;
    CHECK(text.at(sys_seconds{784'111'777s}) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(text.at(sys_seconds{784'111'777s}) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(text.at(sys_seconds{784'111'778s}) == "Sun, 06 Nov 1994 08:49:38 GMT");
    CHECK(text.at(sys_seconds{0s}) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

} // namespace date_text_test
