#include "http/watch/rate_limit.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace continuo::watch;
using namespace std::chrono_literals;

TEST_CASE("rate limit: so many at once, then one after each period") {
    RateLimit limit{{.at_once = 3, .period = 6s}};
    RateLimit::SteadyTime const start{100s};
    for (int i = 0; i < 3; ++i)
        CHECK(!limit.refuse("192.0.2.1", start));
    CHECK(limit.refuse("192.0.2.1", start) == 6s);
    CHECK(limit.refuse("192.0.2.1", start + 4s) == 2s);
    CHECK(!limit.refuse("192.0.2.2", start));
    CHECK(!limit.refuse("192.0.2.1", start + 6s));
    CHECK(limit.refuse("192.0.2.1", start + 6s) == 6s);
    for (int i = 0; i < 3; ++i)
        CHECK(!limit.refuse("192.0.2.1", start + 60s));
    CHECK(limit.refuse("192.0.2.1", start + 60s) == 6s);
}

TEST_CASE(
    "rate limit: a network of IPv6, and an address of IPv4 in its two forms, are one client") {
    RateLimit limit{{.at_once = 1, .period = 1s}};
    RateLimit::SteadyTime const start{};
    CHECK(!limit.refuse("2001:db8:0:1::1", start));
    CHECK(limit.refuse("2001:db8:0:1:ffff::2", start));
    CHECK(!limit.refuse("2001:db8:0:2::1", start));
    CHECK(!limit.refuse("192.0.2.1", start));
    CHECK(limit.refuse("::ffff:192.0.2.1", start));
    CHECK(!limit.refuse("no address", start));
    CHECK(limit.refuse("no address", start));
}

TEST_CASE("rate limit: it remembers no more addresses than it may, the busiest longest") {
    RateLimit limit{{.at_once = 2, .period = 1s, .most_addresses = 3}};
    RateLimit::SteadyTime const start{};
    CHECK(!limit.refuse("a", start));
    CHECK(!limit.refuse("a", start));
    CHECK(!limit.refuse("b", start));
    CHECK(!limit.refuse("c", start));
    CHECK(!limit.refuse("d", start)); // in the place of b or c
    CHECK(limit.refuse("a", start));
    CHECK(!limit.refuse("a", start + 2s));
}
