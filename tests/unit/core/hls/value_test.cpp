#include "core/hls/value.hpp"

#include <doctest/doctest.h>

namespace value_test {

using namespace continuo;
using namespace std::chrono_literals;

TEST_CASE("value: seconds with six decimals read back as the same number of ticks") {
    for (std::int64_t ticks = 0; ticks < 200'000; ++ticks) {
        auto const read = hls::parse_seconds(hls::seconds_text(Ticks90k{ticks}));
        REQUIRE(read);
        REQUIRE(read->count() == ticks);
    }
    CHECK(hls::seconds_text(Ticks90k{345'600}) == "3.840000");
    CHECK(hls::seconds_text(Ticks90k{4}) == "0.000044");
    CHECK(hls::seconds_text(Ticks90k{5}) == "0.000056");
    CHECK(hls::seconds_text(Ticks90k{179'999}) == "1.999989");
    CHECK(hls::parse_seconds("864000") == Ticks90k{10 * 24h});
    CHECK_FALSE(hls::parse_seconds("864001"));
    CHECK_FALSE(hls::parse_seconds(""));
    CHECK_FALSE(hls::parse_seconds("+1"));
    CHECK_FALSE(hls::parse_seconds("1s"));
    CHECK_FALSE(hls::parse_seconds("nan"));
    CHECK(hls::parse_seconds(".5") == Ticks90k{45'000});
}

TEST_CASE("value: dates are read in every form that playlists use") {
    hls::WallTime const expected{1'795'269'802'120ms};
    for (auto const* text :
         {"2026-11-21T14:03:22.120Z", "2026-11-21T14:03:22.12z", "2026-11-21t15:03:22,120+01:00",
          "2026-11-21T15:03:22.120+0100", "2026-11-21T15:03:22.120+01",
          "2026-11-21T09:33:22.120-04:30", "2026-11-21T14:03:22.1200000000"}) {
        CAPTURE(text);
        CHECK(hls::parse_date(text) == expected);
    }
    CHECK(hls::parse_date("1969-12-31T23:59:59.999Z") == hls::WallTime{-1ms});
}

TEST_CASE("value: what is no date is refused, and so is every truncation that is none") {
    for (auto const* text :
         {"", "yesterday", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01 00:00:00Z",
          "2026-01-01T25:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
          "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00Zz",
          "20260101T000000Z"}) {
        CAPTURE(text);
        CHECK_FALSE(hls::parse_date(text));
    }
    std::string_view const whole = "2026-11-21T14:03:22.120Z";
    for (std::size_t size = 0; size < std::string_view{"2026-11-21T14:03:22"}.size(); ++size)
        CHECK_FALSE(hls::parse_date(whole.substr(0, size)));
}

TEST_CASE("value: a date is written in UTC with milliseconds, cut and not rounded") {
    CHECK(hls::date_text(hls::WallTime{1'795'269'802'120'999us}) == "2026-11-21T14:03:22.120Z");
    CHECK(hls::date_text(hls::WallTime{-1us}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("value: byte ranges are read and written") {
    CHECK(hls::to_text(*hls::parse_byte_range("10@20")) == "10@20");
    CHECK(hls::to_text(*hls::parse_byte_range("10")) == "10");
    CHECK(hls::parse_byte_range("1@18446744073709551614").has_value());
    for (auto const* text : {"", "@", "10@", "@5", "a@b", "-1@0", "2@18446744073709551614"})
        CHECK_FALSE(hls::parse_byte_range(text));
}

} // namespace value_test
