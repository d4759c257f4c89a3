#include "workers/egress/door.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace continuo::egress::door_test {

WebPlace place(char const* text) {
    return parse_web_place(text, http_port).value();
}

std::vector<IpAddress> addresses(std::vector<char const*> const& texts) {
    std::vector<IpAddress> made;
    for (auto const* const text : texts)
        made.push_back(parse_ip_address(text).value());
    return made;
}

Door const strict;
Door const at_home{.allow_private = true};
Door const with_gateway{.gateway = place("127.0.0.1:8090")};

TEST_CASE("egress door: one address that is not anybody's spoils the others") {
    auto const films = place("films.example");
    CHECK(check_addresses(strict, films, addresses({"8.8.8.8", "2600::1"})).has_value());
    for (auto const& answer : {addresses({"127.0.0.1"}), addresses({"8.8.8.8", "10.0.0.1"}),
                               addresses({"2600::1", "::1"}), addresses({"169.254.169.254"})}) {
        auto const checked = check_addresses(strict, films, answer);
        REQUIRE(checked.has_error());
        CHECK(checked.error().context.starts_with("films.example leads to a"));
    }
    CHECK(check_addresses(at_home, films, addresses({"127.0.0.1", "10.0.0.1"})).has_value());
    CHECK(check_addresses(at_home, films, addresses({"10.0.0.1", "169.254.1.1"})).has_error());
}

TEST_CASE("egress door: the gateway is one host and one port, at its own door only") {
    auto const inner = addresses({"127.0.0.1"});
    CHECK(check_place(with_gateway, place("127.0.0.1:8090")).has_value());
    CHECK(check_addresses(with_gateway, place("127.0.0.1:8090"), inner).has_value());
    CHECK(check_place(strict, place("127.0.0.1:8090")).has_error());
    for (auto const* const other : {"127.0.0.1:8091", "127.0.0.1", "127.0.0.2:8090"})
        CHECK(check_place(with_gateway, place(other)).has_error());
    // Another name for the same address is another host.
    CHECK(check_addresses(with_gateway, place("films.example:8090"), inner).has_error());
    CHECK(check_place(with_gateway, place("films.example")).has_value());
}

} // namespace continuo::egress::door_test
