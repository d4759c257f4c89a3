#include "core/config/units.hpp"

#include <doctest/doctest.h>

#include <string>

namespace continuo::config::units_test {

using namespace std::chrono_literals;

TEST_CASE("units: durations carry their unit, decimals that end at a millisecond are exact") {
    CHECK(parse_duration("4s") == 4s);
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("2m") == 2min);
    CHECK(parse_duration("1h") == 1h);
    CHECK(parse_duration("1.92s") == 1920ms);
    CHECK(parse_duration("2.002s") == 2002ms);
    CHECK(parse_duration("0.5m") == 30s);
    CHECK(parse_duration("0s") == 0s);
    CHECK(parse_duration("8760h") == 8760h);
}

TEST_CASE("units: a text that is no duration is none") {
    for (auto const* text : {"",
                             "4",
                             "s",
                             "4 s",
                             "-4s",
                             "+4s",
                             "4sec",
                             "4S",
                             "1e3s",
                             "0x4s",
                             ".5s",
                             "5.s",
                             "1.2345s",
                             "1.5ms",
                             "1..5s",
                             "1.5.5s",
                             "8761h",
                             "99999999999999999999s",
                             "18446744073709551615s",
                             "4s "})
        CHECK_FALSE(parse_duration(text).has_value());
}

TEST_CASE("units: whole seconds refuse fractions") {
    CHECK(parse_whole_seconds("6s") == 6s);
    CHECK(parse_whole_seconds("2m") == 120s);
    CHECK(parse_whole_seconds("3000ms") == 3s);
    CHECK_FALSE(parse_whole_seconds("6.5s").has_value());
    CHECK_FALSE(parse_whole_seconds("250ms").has_value());
}

TEST_CASE("units: sizes in powers of 1024 and of 1000") {
    CHECK(parse_bytes("512MiB") == 512ull << 20);
    CHECK(parse_bytes("64KiB") == 64ull << 10);
    CHECK(parse_bytes("1.5GiB") == 1536ull << 20);
    CHECK(parse_bytes("1GB") == 1'000'000'000ull);
    CHECK(parse_bytes("500MB") == 500'000'000ull);
    CHECK(parse_bytes("64kB") == 64'000ull);
    for (auto const* text : {"", "512", "512M", "512mib", "MiB", "-1MiB", "99999999999999999GiB"})
        CHECK_FALSE(parse_bytes(text).has_value());
}

TEST_CASE("units: bit rates in k and M") {
    CHECK(parse_bitrate("2800k") == 2'800'000ull);
    CHECK(parse_bitrate("5M") == 5'000'000ull);
    CHECK(parse_bitrate("2.8M") == 2'800'000ull);
    for (auto const* text : {"", "2800", "2800K", "5m", "5Mbps", "k", "-1k"})
        CHECK_FALSE(parse_bitrate(text).has_value());
}

TEST_CASE("units: picture rates are fractions, customary decimals mean n/1001") {
    CHECK(parse_rate("25") == Rate{25, 1});
    CHECK(parse_rate("30000/1001") == Rate{30'000, 1001});
    CHECK(parse_rate("29.97") == Rate{30'000, 1001});
    CHECK(parse_rate("23.976") == Rate{24'000, 1001});
    CHECK(parse_rate("59.94") == Rate{60'000, 1001});
    CHECK(parse_rate("12.5") == Rate{25, 2});
    for (auto const* text : {"", "0", "25/0", "0/1", "25/", "/1", "-25", "25fps", "1001", "1/2/3"})
        CHECK_FALSE(parse_rate(text).has_value());
}

TEST_CASE("units: picture sizes are even in both directions") {
    CHECK(parse_picture_size("1280x720") == PictureSize{1280, 720});
    for (auto const* text : {"", "1280", "x720", "1280x", "1281x720", "1280x721", "1280X720",
                             "-2x2", "70000x2", "1280x720x3"})
        CHECK_FALSE(parse_picture_size(text).has_value());
}

TEST_CASE("units: an endpoint is an IP address and a port, IPv6 in brackets") {
    CHECK(parse_endpoint("0.0.0.0:8080") == Endpoint{"0.0.0.0", 8080});
    CHECK(parse_endpoint("127.0.0.1:1") == Endpoint{"127.0.0.1", 1});
    CHECK(parse_endpoint("[::]:8080") == Endpoint{"::", 8080});
    CHECK(parse_endpoint("[2001:db8::1]:65535") == Endpoint{"2001:db8::1", 65535});
    for (auto const* text :
         {"", ":8080", "8080", "0.0.0.0", "0.0.0.0:", "0.0.0.0:0", "0.0.0.0:65536", "::1:8080",
          "[]:8080", "[::1:8080", "[1.2.3.4]:80", "localhost:80"})
        CHECK_FALSE(parse_endpoint(text).has_value());
}

TEST_CASE("units: counts and switches take one spelling") {
    CHECK(parse_count("0") == 0u);
    CHECK(parse_count("4294967295") == 4294967295u);
    for (auto const* text : {"", "-1", "+1", "1.0", "4294967296", "0x10", " 1"})
        CHECK_FALSE(parse_count(text).has_value());
    CHECK(parse_switch("true") == true);
    CHECK(parse_switch("false") == false);
    for (auto const* text : {"", "yes", "True", "1", "on"})
        CHECK_FALSE(parse_switch(text).has_value());
}

} // namespace continuo::config::units_test
