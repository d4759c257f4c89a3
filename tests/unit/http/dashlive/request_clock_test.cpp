#include "core/timeline/addressing.hpp"
#include "http/dashlive/request_clock.hpp"

#include <doctest/doctest.h>

#include <string>

namespace request_clock_test {

using namespace continuo;
using namespace continuo::dashlive;

constexpr DateTime wall{milliseconds{1'732'104'002'123}};

DateTime at(std::int64_t ms) {
    return DateTime{milliseconds{ms}};
}

TEST_CASE("a request without a time is answered for now") {
    for (auto const* const query : {"", "nowms=5", "xnowMS=5", "period=P5"}) {
        auto const time = time_of(query, wall);
        REQUIRE(time.has_value());
        CHECK(time->now == wall);
        CHECK_FALSE(time->is_said);
    }
}

TEST_CASE("nowMS is exact, dates are a millisecond earlier than what they ask for") {
    struct Row {
        char const* query;
        std::int64_t ms;
    };
    for (auto const& row :
         {Row{"nowMS=0", 0}, Row{"a=1&nowMS=100000", 100'000},
          Row{"nowDate=1970-01-01T00:00:10Z", 10'001},
          Row{"nowDate=1970-01-01T01%3A00%3A10.25%2B01:00", 10'251},
          Row{"publishTime=1970-01-01T00:00:10Z", 10'001},
          Row{"nowMS=5&nowDate=1970-01-01T00:00:10Z", 10'001},
          Row{"publishTime=1970-01-01T00:00:10Z&nowDate=1970-01-01T00:00:20Z&nowMS=5", 10'001},
          Row{"nowMS=68719476736000", 68'719'476'736'000}}) {
        auto const time = time_of(row.query, wall);
        REQUIRE_MESSAGE(time.has_value(), row.query);
        CHECK_MESSAGE(time->now == at(row.ms), row.query);
        CHECK(time->is_said);
    }
}

TEST_CASE("the publishTime of a patch is no clock") {
    auto const query = "publishTime=1970-01-01T00:00:10Z&nowDate=1970-01-01T00:00:20Z";
    CHECK(time_of_patch(query, wall)->now == at(20'001));
    CHECK(time_of_patch("publishTime=1970-01-01T00:00:10Z", wall)->now == wall);
    CHECK(time_of_patch("publishTime=1970-01-01T00:00:10Z&nowMS=7", wall)->now == at(7));
}

TEST_CASE("what is no time, or beyond all that is counted, is 400") {
    for (auto const* const query :
         {"nowMS=", "nowMS=a", "nowMS=-1", "nowMS=1.5", "nowMS=9e18", "nowMS=9000000000000000000",
          "nowMS=99999999999999999999", "nowMS=68719476736001", "nowMS=%00", "nowDate=",
          "nowDate=tomorrow", "nowDate=1969-12-31T23:59:59Z", "nowDate=9999-01-01T00:00:00Z",
          "publishTime=2024-13-01T00:00:00Z", "nowMS=5&publishTime=x"}) {
        auto const time = time_of(query, wall);
        REQUIRE_MESSAGE(time.has_error(), query);
        CHECK(time.error().status == 400);
        CHECK(time.error().detail.find('=') != std::string::npos);
    }
}

} // namespace request_clock_test
