#include "core/dash/date_time.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>

namespace date_time_test {

using namespace continuo;
using namespace std::chrono_literals;
using dash::DateTime;
using std::chrono::milliseconds;

TEST_CASE("durations are read to the millisecond") {
    struct Row {
        std::string_view text;
        milliseconds expected;
    };
    for (auto const& row :
         {Row{"PT0S", 0ms}, Row{"PT8S", 8s}, Row{"PT1M30.5S", 90'500ms}, Row{"PT1.92S", 1920ms},
          Row{"PT8.008S", 8008ms}, Row{"PT277H47M", 277h + 47min}, Row{"P1DT2H", 26h},
          Row{"P2D", 48h}, Row{"-PT0.04S", -40ms}, Row{"PT0H0M93.000S", 93s}, Row{"PT1.0004S", 1s},
          Row{"PT1.0005S", 1001ms}, Row{"PT59.9995S", 60s}, Row{"P0Y0M1DT0H", 24h},
          Row{"PT3000000000S", 3'000'000'000s}}) {
        CAPTURE(row.text);
        auto const duration = dash::parse_duration(row.text);
        REQUIRE(duration.has_value());
        CHECK(duration->count() == row.expected.count());
    }
}

TEST_CASE("what is no duration is refused, and so is one without a length") {
    for (auto const text : {"",      "P",      "PT",     "P1DT",   "T1S",    "PT1",   "PT.5S",
                            "PT1.S", "PT1.5M", "PT1S1M", "PT1M1M", "P1S",    "P1H",   "PT1D",
                            "PT 1S", "PT1S ",  "pt1s",   "PT-1S",  "--PT1S", "+PT1S", "PT1SX"}) {
        CAPTURE(text);
        auto const duration = dash::parse_duration(text);
        REQUIRE(duration.has_error());
        CHECK(duration.error().code == Errc::malformed);
    }
    CHECK(dash::parse_duration("P100Y").error().code == Errc::unsupported);
    CHECK(dash::parse_duration("P1M").error().code == Errc::unsupported);
    CHECK(dash::parse_duration("PT999999999999999H").error().code == Errc::out_of_range);
    CHECK(dash::parse_duration("PT9999999999999999S").error().code == Errc::malformed);
}

TEST_CASE("durations are written without parts that are zero, and read back the same") {
    CHECK(dash::to_text(0ms) == "PT0S");
    CHECK(dash::to_text(milliseconds(277h + 47min)) == "PT277H47M");
    CHECK(dash::to_text(1920ms) == "PT1.92S");
    CHECK(dash::to_text(milliseconds(60s)) == "PT1M");
    CHECK(dash::to_text(milliseconds(3601s)) == "PT1H1S");
    CHECK(dash::to_text(-40ms) == "-PT0.04S");
    std::mt19937_64 random(8);
    for (int i = 0; i < 5000; ++i) {
        auto const bits = random() % 49;
        milliseconds const duration(
            static_cast<std::int64_t>(random() % (std::uint64_t{1} << bits)) * (i % 2 ? 1 : -1));
        CHECK(dash::parse_duration(dash::to_text(duration)).value() == duration);
    }
}

TEST_CASE("dates are read in every zone") {
    DateTime const expected(1'682'341'802'500ms);
    for (auto const text : {"2023-04-24T13:10:02.5Z", "2023-04-24T13:10:02.500Z",
                            "2023-04-24T13:10:02.5", "2023-04-24T15:10:02.5+02:00",
                            "2023-04-24T09:40:02.5-03:30", "2023-04-24T13:10:02.5009Z"}) {
        CAPTURE(text);
        CHECK(dash::parse_date_time(text).value() == expected);
    }
    CHECK(dash::parse_date_time("1970-01-01T00:00:00Z").value() == DateTime(0ms));
    CHECK(dash::parse_date_time("1969-12-31T24:00:00Z").value() == DateTime(0ms));
    CHECK(dash::parse_date_time("2016-12-31T23:59:60Z").value() ==
          dash::parse_date_time("2017-01-01T00:00:00Z").value());
}

TEST_CASE("what is no date, or a day that never was, is refused") {
    std::string_view const whole = "2023-04-24T13:10:02.5+02:00";
    std::size_t accepted = 0;
    for (std::size_t size = 0; size < whole.size(); ++size)
        if (dash::parse_date_time(whole.substr(0, size))) ++accepted;
    CHECK(accepted == 2); // up to the seconds, and up to the fraction
    for (auto const text :
         {"2023-04-24 13:10:02Z", "2023-4-24T13:10:02Z", "23-04-24T13:10:02Z", "2023-04-24T13:10Z",
          "2023-04-24T13:10:02.Z", "2023-04-24T13:10:02ZZ", "+2023-04-24T13:10:02Z"})
        CHECK(dash::parse_date_time(text).error().code == Errc::malformed);
    for (auto const text : {"2023-02-29T00:00:00Z", "2023-00-01T00:00:00Z", "2023-01-00T00:00:00Z",
                            "2023-01-01T25:00:00Z", "2023-01-01T24:00:01Z", "2023-01-01T00:60:00Z",
                            "2023-01-01T00:00:61Z", "2023-01-01T00:00:00+14:01"})
        CHECK(dash::parse_date_time(text).error().code == Errc::out_of_range);
    CHECK(dash::parse_date_time("2024-02-29T00:00:00Z").has_value());
}

TEST_CASE("dates are written with the decimals they need, and read back the same") {
    CHECK(dash::to_text(DateTime(1'682'341'802'500ms)) == "2023-04-24T13:10:02.5Z");
    CHECK(dash::to_text(DateTime(0ms)) == "1970-01-01T00:00:00Z");
    CHECK(dash::to_text(DateTime(-1ms)) == "1969-12-31T23:59:59.999Z");
    std::mt19937_64 random(9);
    for (int i = 0; i < 5000; ++i) {
        DateTime const time(milliseconds(static_cast<std::int64_t>(random() % 200'000'000'000'000) -
                                         60'000'000'000'000));
        CHECK(dash::parse_date_time(dash::to_text(time)).value() == time);
    }
}

} // namespace date_time_test
