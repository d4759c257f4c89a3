#include "core/base/address_guard.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

namespace continuo::address_guard_test {

using enum AddressUse;

struct Judged {
    char const* address;
    AddressUse use;
    char const* word; ///< of what it is called
};

/// First and last address of each range, and the neighbours that are none of it.
constexpr std::array judged{
    // 0.0.0.0/8
    Judged{"0.0.0.0", closed, "unspecified"},
    Judged{"0.255.255.255", closed, "unspecified"},
    Judged{"1.0.0.0", open, ""},
    // 10.0.0.0/8
    Judged{"9.255.255.255", open, ""},
    Judged{"10.0.0.0", home, "private"},
    Judged{"10.255.255.255", home, "private"},
    Judged{"11.0.0.0", open, ""},
    // 100.64.0.0/10
    Judged{"100.63.255.255", open, ""},
    Judged{"100.64.0.0", closed, "provider"},
    Judged{"100.100.100.200", closed, "metadata"},
    Judged{"100.127.255.255", closed, "provider"},
    Judged{"100.128.0.0", open, ""},
    // 127.0.0.0/8
    Judged{"126.255.255.255", open, ""},
    Judged{"127.0.0.0", home, "loopback"},
    Judged{"127.0.0.1", home, "loopback"},
    Judged{"127.255.255.255", home, "loopback"},
    Judged{"128.0.0.0", open, ""},
    // 168.63.129.16
    Judged{"168.63.129.15", open, ""},
    Judged{"168.63.129.16", closed, "metadata"},
    Judged{"168.63.129.17", open, ""},
    // 169.254.0.0/16
    Judged{"169.253.255.255", open, ""},
    Judged{"169.254.0.0", closed, "link-local"},
    Judged{"169.254.169.254", closed, "metadata"},
    Judged{"169.254.170.2", closed, "link-local"},
    Judged{"169.254.255.255", closed, "link-local"},
    Judged{"169.255.0.0", open, ""},
    // 172.16.0.0/12
    Judged{"172.15.255.255", open, ""},
    Judged{"172.16.0.0", home, "private"},
    Judged{"172.31.255.255", home, "private"},
    Judged{"172.32.0.0", open, ""},
    // 192.0.0.0/24, 192.0.2.0/24, 192.88.99.0/24, 192.168.0.0/16
    Judged{"191.255.255.255", open, ""},
    Judged{"192.0.0.0", closed, "reserved"},
    Judged{"192.0.0.192", closed, "reserved"},
    Judged{"192.0.0.255", closed, "reserved"},
    Judged{"192.0.1.0", open, ""},
    Judged{"192.0.2.0", closed, "examples"},
    Judged{"192.0.2.255", closed, "examples"},
    Judged{"192.0.3.0", open, ""},
    Judged{"192.88.98.255", open, ""},
    Judged{"192.88.99.0", closed, "reserved"},
    Judged{"192.88.99.255", closed, "reserved"},
    Judged{"192.88.100.0", open, ""},
    Judged{"192.167.255.255", open, ""},
    Judged{"192.168.0.0", home, "private"},
    Judged{"192.168.255.255", home, "private"},
    Judged{"192.169.0.0", open, ""},
    // 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24
    Judged{"198.17.255.255", open, ""},
    Judged{"198.18.0.0", closed, "measurements"},
    Judged{"198.19.255.255", closed, "measurements"},
    Judged{"198.20.0.0", open, ""},
    Judged{"198.51.99.255", open, ""},
    Judged{"198.51.100.0", closed, "examples"},
    Judged{"198.51.100.255", closed, "examples"},
    Judged{"198.51.101.0", open, ""},
    Judged{"203.0.112.255", open, ""},
    Judged{"203.0.113.0", closed, "examples"},
    Judged{"203.0.113.255", closed, "examples"},
    Judged{"203.0.114.0", open, ""},
    // 224.0.0.0/4, 240.0.0.0/4
    Judged{"223.255.255.255", open, ""},
    Judged{"224.0.0.0", closed, "multicast"},
    Judged{"239.255.255.255", closed, "multicast"},
    Judged{"240.0.0.0", closed, "reserved"},
    Judged{"255.255.255.254", closed, "reserved"},
    Judged{"255.255.255.255", closed, "broadcast"},
    // IPv6
    Judged{"::", closed, "unspecified"},
    Judged{"::1", home, "loopback"},
    Judged{"::2", closed, "hides"},
    Judged{"::127.0.0.1", closed, "hides"},
    Judged{"::8.8.8.8", closed, "hides"},
    Judged{"::ffff:0:127.0.0.1", closed, "hides"},
    Judged{"0:0:0:0:1::", closed, "hides"},
    Judged{"0:0:0:1::", closed, "reserved"},
    Judged{"::ffff:127.0.0.1", home, "loopback"},
    Judged{"::ffff:10.1.2.3", home, "private"},
    Judged{"::ffff:169.254.169.254", closed, "metadata"},
    Judged{"::ffff:0.0.0.0", closed, "unspec"},
    Judged{"::ffff:8.8.8.8", open, ""},
    Judged{"64:ff9b::8.8.8.8", open, ""},
    Judged{"64:ff9b::127.0.0.1", home, "loopback"},
    Judged{"64:ff9b::192.168.1.1", home, "private"},
    Judged{"64:ff9b::169.254.169.254", closed, "metadata"},
    Judged{"64:ff9b::1:7f00:1", closed, "reserved"},
    Judged{"64:ff9b:1::", closed, "hides"},
    Judged{"64:ff9b:1:ffff::127.0.0.1", closed, "hides"},
    Judged{"64:ff9b:2::", closed, "reserved"},
    Judged{"100::1", closed, "reserved"},
    Judged{"1fff:ffff::1", closed, "reserved"},
    Judged{"2000::1", open, ""},
    Judged{"2001::1", closed, "hides"},
    Judged{"2001:0:ffff:ffff::1", closed, "hides"},
    Judged{"2001:1::1", closed, "reserved"},
    Judged{"2001:2::1", closed, "reserved"},
    Judged{"2001:10::1", closed, "reserved"},
    Judged{"2001:20::1", closed, "reserved"},
    Judged{"2001:1ff:ffff::1", closed, "reserved"},
    Judged{"2001:200::1", open, ""},
    Judged{"2001:db7:ffff::1", open, ""},
    Judged{"2001:db8::", closed, "examples"},
    Judged{"2001:db8:ffff::1", closed, "examples"},
    Judged{"2001:db9::", open, ""},
    Judged{"2001:4860:4860::8888", open, ""},
    Judged{"2002::1", closed, "hides"},
    Judged{"2002:7f00:1::1", closed, "hides"},
    Judged{"2002:ffff::1", closed, "hides"},
    Judged{"2003::1", open, ""},
    Judged{"2600:1:2:3:0:5efe:127.0.0.1", closed, "hides"},
    Judged{"2600:1:2:3:200:5efe:127.0.0.1", closed, "hides"},
    Judged{"2600:1:2:3:400:5efe:7f00:1", open, ""},
    Judged{"3ffd:ffff::1", open, ""},
    Judged{"3ffe::1", closed, "reserved"},
    Judged{"3fff::1", closed, "examples"},
    Judged{"3fff:fff:ffff::1", closed, "examples"},
    Judged{"3fff:1000::1", open, ""},
    Judged{"4000::1", closed, "reserved"},
    Judged{"5f00::1", closed, "reserved"},
    Judged{"fbff::1", closed, "reserved"},
    Judged{"fc00::", home, "private"},
    Judged{"fd00::1", home, "private"},
    Judged{"fd00:ec2::254", closed, "metadata"},
    Judged{"fd20:ce::254", closed, "metadata"},
    Judged{"fdff:ffff::1", home, "private"},
    Judged{"fe00::1", closed, "reserved"},
    Judged{"fe80::1", closed, "link-local"},
    Judged{"febf:ffff::1", closed, "link-local"},
    Judged{"fec0::1", closed, "site-local"},
    Judged{"feff:ffff::1", closed, "site-local"},
    Judged{"ff00::", closed, "multicast"},
    Judged{"ff02::1", closed, "multicast"},
    Judged{"ffff:ffff::1", closed, "multicast"},
};

TEST_CASE("address guard: every special range, from its first address to its last") {
    for (auto const& each : judged) {
        CAPTURE(std::string(each.address));
        auto const address = parse_ip_address(each.address);
        REQUIRE(address);
        auto const verdict = verdict_on(*address);
        CHECK(verdict.use == each.use);
        CHECK(verdict.what.empty() == (each.use == open));
        CHECK(std::string(verdict.what).find(each.word) != std::string::npos);
        CHECK(may_be_reached(*address, /*allow_private=*/false) == (each.use == open));
        CHECK(may_be_reached(*address, /*allow_private=*/true) == (each.use != closed));
    }
}

TEST_CASE("address guard: a mapped address is judged as the one that it stands for") {
    for (auto const& each : judged) {
        auto const inner = *parse_ip_address(each.address);
        if (inner.is_v6) continue;
        CAPTURE(std::string(each.address));
        for (auto const* const prefix : {"::ffff:", "64:ff9b::"}) {
            auto const outer = parse_ip_address(prefix + std::string(each.address));
            REQUIRE(outer);
            CHECK(verdict_on(*outer).use == each.use);
        }
    }
}

} // namespace continuo::address_guard_test
