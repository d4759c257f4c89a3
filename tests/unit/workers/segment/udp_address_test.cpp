#include "workers/segment/udp_address.hpp"

#include <doctest/doctest.h>

#include <string>

namespace udp_address_test {

using namespace continuo;
using namespace continuo::segment;

TEST_CASE("udp address: groups, this machine, an interface, both kinds of numbers") {
    struct Row {
        std::string text;
        UdpAddress address;
    };
    Row const rows[] = {
        {"udp://@239.1.2.3:5000", {.host = "239.1.2.3", .port = 5000}},
        {"udp://239.1.2.3:65535", {.host = "239.1.2.3", .port = 65535}},
        {"udp://@:1234", {.host = "", .port = 1234}},
        {"udp://@239.1.2.3:5000?localaddr=127.0.0.1",
         {.host = "239.1.2.3", .port = 5000, .interface = "127.0.0.1"}},
        {"udp://@[ff02::1%eth0]:5000", {.host = "ff02::1%eth0", .port = 5000}},
    };
    for (auto const& row : rows) {
        CAPTURE(row.text);
        CHECK(is_udp(row.text));
        auto const address = parse_udp_address(row.text);
        REQUIRE(address.has_value());
        CHECK(*address == row.address);
    }
}

TEST_CASE("udp address: what is none is refused") {
    std::string const texts[] = {"",
                                 "udp://",
                                 "udp://@",
                                 "udp://@1.2.3.4",
                                 "udp://@:",
                                 "udp://@1.2.3.4:0",
                                 "udp://@1.2:x",
                                 "udp://@1.2.3.4:65536",
                                 "udp://@::1:5",
                                 "udp://@[1.2.3.4]:5",
                                 "udp://@[::1:5",
                                 "udp://@1.2.3.4:5/path",
                                 "http://a:5",
                                 "udp://a/b:5"};
    for (auto const& text : texts) {
        CAPTURE(text);
        auto const address = parse_udp_address(text);
        REQUIRE_FALSE(address.has_value());
        CHECK(address.error().code == Errc::malformed);
    }
    auto const unknown = parse_udp_address("udp://@1.2.3.4:5?ttl=4");
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().code == Errc::unsupported);
    CHECK_FALSE(parse_udp_address("udp://@1.2.3.4:5?localaddr=1.1.1.1&ttl=4").has_value());
}

} // namespace udp_address_test
