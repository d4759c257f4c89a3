#include "core/base/ip_address.hpp"

#include <doctest/doctest.h>

namespace continuo::ip_address_test {

TEST_CASE("ip address: what is written in its usual form is read, and written the same") {
    for (auto const* const text : {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1",
                                   "2001:db8::1", "::ffff:192.0.2.1", "64:ff9b::c000:201"}) {
        CAPTURE(text);
        auto const address = parse_ip_address(text);
        REQUIRE(address);
        CHECK(to_text(*address) == text);
        CHECK(address->is_v6 == (std::string_view(text).find(':') != std::string_view::npos));
    }
    CHECK(to_text(*parse_ip_address("2001:0DB8:0:0::0001")) == "2001:db8::1");
}

TEST_CASE("ip address: what only some programs take for one is none") {
    for (auto const* const text : {"",
                                   ".",
                                   "127.1",
                                   "127.0.1",
                                   "2130706433",
                                   "0x7f000001",
                                   "0x7f.0.0.1",
                                   "0177.0.0.1",
                                   "127.0.0.01",
                                   "127.0.0.1.",
                                   "127.0.0.1 ",
                                   " 127.0.0.1",
                                   "127.0.0.256",
                                   "1.2.3.4.5",
                                   "[::1]",
                                   "::1%lo",
                                   "fe80::1%25eth0",
                                   ":::",
                                   "::1::",
                                   "12345::",
                                   "::127.1",
                                   "1:2:3:4:5:6:7:8:9",
                                   "localhost",
                                   "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_ip_address(text));
    }
    CHECK_FALSE(parse_ip_address(std::string_view("127.0.0.1\0", 10)));
}

TEST_CASE("ip address: the first bits tell whose network it is of") {
    auto const within = [](char const* address, char const* network, unsigned bits) {
        return is_within(*parse_ip_address(address), *parse_ip_address(network), bits);
    };
    CHECK(within("10.255.0.1", "10.0.0.0", 8));
    CHECK_FALSE(within("11.0.0.0", "10.0.0.0", 8));
    CHECK(within("172.31.255.255", "172.16.0.0", 12));
    CHECK_FALSE(within("172.32.0.0", "172.16.0.0", 12));
    CHECK(within("192.0.2.1", "192.0.2.1", 32));
    CHECK_FALSE(within("192.0.2.0", "192.0.2.1", 32));
    CHECK(within("fdff::", "fc00::", 7));
    CHECK_FALSE(within("fe00::", "fc00::", 7));
    CHECK(within("::1", "::1", 128));
    CHECK_FALSE(within("::", "::1", 128));
    CHECK(within("2001:db8::1", "::", 0));
    CHECK_FALSE(within("0.0.0.0", "::", 0));
}

TEST_CASE("ip address: a mapped one stands for one of IPv4") {
    auto const stands_for = [](char const* text) {
        return to_text(unmapped(*parse_ip_address(text)));
    };
    CHECK(stands_for("::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(stands_for("::ffff:0.0.0.0") == "0.0.0.0");
    for (auto const* const other :
         {"192.0.2.1", "::", "::1", "::fffe:c000:201", "64:ff9b::c000:201"})
        CHECK(stands_for(other) == other);
}

} // namespace continuo::ip_address_test
