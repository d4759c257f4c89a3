#include "core/config/address.hpp"

#include <doctest/doctest.h>

#include <string>

namespace continuo::config::address_test {

using namespace std::string_view_literals;

TEST_CASE("address: hosts are names, IPv4 or IPv6 addresses") {
    for (auto const host : {"icecast", "a.example.com", "my_api-2", "10-0-0-1.internal",
                            "192.0.2.1", "::1", "2001:db8::7", "3com.example", "X"}) {
        CAPTURE(host);
        CHECK(parse_host(host) == host);
    }
    CHECK(parse_host("[2001:db8::7]") == "2001:db8::7");
    CHECK(parse_host(std::string(63, 'a') + ".example"));
    CHECK_FALSE(parse_host(std::string(64, 'a') + ".example"));
    std::string name;
    for (int i = 0; i < 126; ++i)
        name += "a.";
    CHECK(parse_host(name + "a"));
    CHECK_FALSE(parse_host(name + "aa"));
    for (auto const text :
         {""sv,     "."sv,           "a."sv,           ".a"sv,   "a..b"sv,      "-a"sv,
          "a-"sv,   "a b"sv,         "a/b"sv,          "a:80"sv, "300.1.1.1"sv, "1.2.3"sv,
          "[]"sv,   "[192.0.2.1]"sv, "[icecast]"sv,    "[::1"sv, "::g"sv,       "a@b"sv,
          "höst"sv, "a\"b"sv,        "192.0.2.1\0x"sv, "a\0b"sv}) {
        CAPTURE(text);
        CHECK_FALSE(parse_host(text));
    }
}

TEST_CASE("address: an authority is a host, perhaps with a port") {
    for (auto const text :
         {"core.example.com", "core.example.com:8443", "[::1]", "[::1]:65535", "192.0.2.1:1"}) {
        CAPTURE(text);
        CHECK(parse_authority(text) == text);
    }
    for (auto const text : {"", ":80", "core:", "core:0", "core:65536", "core:x", "core:80:80",
                            "::1", "https://core", "core/", "core:+1", "[::1]80", "user@core"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_authority(text));
    }
}

TEST_CASE("address: base URLs are http or https, and lose their last slashes") {
    for (auto const text : {"http://api:8080", "https://api.example.com/v1", "http://[::1]:80/a/b",
                            "http://user:p%40ss@api", "https://a@b@host"}) {
        CAPTURE(text);
        CHECK(parse_base_url(text) == text);
    }
    CHECK(parse_base_url("http://api:8080/") == "http://api:8080");
    CHECK(parse_base_url("http://api/v1//") == "http://api/v1");
    for (auto const text :
         {"", "api:8080", "//api", "ftp://api", "http:/api", "http://", "https:///",
          "http://api:99999", "http://api?x=1", "http://api/#a", "http://api/a b", "http://a b",
          "http://api/\"", "http://api/\\", "http://api/\n", "http://us er@api", "http://api/ä",
          "http://https://api"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_base_url(text));
    }
}

TEST_CASE("address: mounts are paths that need no escape") {
    for (auto const text : {"/stream.mp3", "/a", "/radio/hi-fi_2~.aac", "/...", "/.a"}) {
        CAPTURE(text);
        CHECK(parse_mount(text) == text);
    }
    CHECK(parse_mount("/" + std::string(254, 'a')));
    CHECK_FALSE(parse_mount("/" + std::string(255, 'a')));
    for (auto const text : {"", "/", "stream.mp3", "//a", "/a/", "/a//b", "/a b", "/a?b", "/a#b",
                            "/a%20b", "/ä", "/.", "/a/..", "/../a", "/a\nb", "/a&b"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_mount(text));
    }
}

} // namespace continuo::config::address_test
