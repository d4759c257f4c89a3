#include "core/base/web_place.hpp"

#include <doctest/doctest.h>

#include <string>

namespace continuo::web_place_test {

constexpr std::uint16_t some_port = 80;

TEST_CASE("web place: hosts and ports as URLs name them") {
    struct Read {
        char const* text;
        char const* host;
        int port;
        bool is_address;
        char const* written;
    };
    for (auto const& each : {
             Read{"example.com", "example.com", 80, false, "example.com:80"},
             Read{"Films.EXAMPLE.com:8080", "films.example.com", 8080, false,
                  "films.example.com:8080"},
             Read{"example.com.", "example.com", 80, false, "example.com:80"},
             Read{"my_films.example:1", "my_films.example", 1, false, "my_films.example:1"},
             Read{"xn--mnchen-3ya.de", "xn--mnchen-3ya.de", 80, false, "xn--mnchen-3ya.de:80"},
             Read{"localhost:65535", "localhost", 65535, false, "localhost:65535"},
             Read{"192.0.2.1:443", "192.0.2.1", 443, true, "192.0.2.1:443"},
             Read{"1.2.3.4.nip.io", "1.2.3.4.nip.io", 80, false, "1.2.3.4.nip.io:80"},
             Read{"[2001:DB8::1]", "2001:db8::1", 80, true, "[2001:db8::1]:80"},
             Read{"[::ffff:127.0.0.1]:8", "::ffff:127.0.0.1", 8, true, "[::ffff:127.0.0.1]:8"},
         }) {
        CAPTURE(each.text);
        auto const place = parse_web_place(each.text, some_port);
        REQUIRE(place.has_value());
        CHECK(place->host == each.host);
        CHECK(place->port == each.port);
        CHECK(place->address.has_value() == each.is_address);
        CHECK(to_text(*place) == each.written);
        CHECK((parse_web_place(to_text(*place), 1).value() == *place));
    }
}

TEST_CASE("web place: what is no name and no address is refused") {
    std::string const long_label(64, 'a');
    std::string long_name = "a";
    while (long_name.size() <= 253)
        long_name += ".a";
    for (std::string const text : {"",
                                   ".",
                                   "..",
                                   ":80",
                                   "a..b",
                                   ".a",
                                   "-a.example",
                                   "a-.example",
                                   "a b",
                                   "a%2eb",
                                   "a/b",
                                   "user@a",
                                   "a\\b",
                                   "ex\xc3\xa4mple.com",
                                   "\xef\xbc\x91\xef\xbc\x92",
                                   "a:",
                                   "a:0",
                                   "a:65536",
                                   "a:-1",
                                   "a:+1",
                                   "a:8o",
                                   "a:80:80",
                                   "a: 80",
                                   "127.1",
                                   "127.0.0.1.",
                                   "0",
                                   "0.0",
                                   "2130706433",
                                   "0x7f000001",
                                   "0x7f.1",
                                   "0177.0.0.1",
                                   "127.0.0.01",
                                   "a.1",
                                   "a.0x1",
                                   "1.2.3.4.5",
                                   "[",
                                   "]",
                                   "[]",
                                   "[::1",
                                   "::1",
                                   "[::1]a",
                                   "[::1%25lo]",
                                   "[127.0.0.1]",
                                   "[::1]:",
                                   "[::1]:0",
                                   "[::1]]",
                                   "[[::1]]",
                                   "a\n",
                                   "*.example.com"}) {
        CAPTURE(text);
        CHECK(parse_web_place(text, some_port).has_error());
    }
    CHECK(parse_web_place(long_label + ".example", some_port).has_error());
    CHECK(parse_web_place(long_label.substr(1) + ".example", some_port).has_value());
    CHECK(parse_web_place(long_name, some_port).has_error());
    CHECK(parse_web_place(long_name.substr(2), some_port).has_value());
}

TEST_CASE("web place: strangers are not led to this machine or its own network") {
    for (auto const* const text :
         {"localhost:8080", "LOCALHOST", "films.localhost", "localhost.", "router", "printer.local",
          "nas.lan", "nas.home.arpa", "metadata.google.internal", "git.corp", "127.0.0.1:8080",
          "[::1]:8080", "10.0.0.1", "[fd00::1]", "[::ffff:192.168.0.1]", "films.example:22",
          "films.example:25", "films.example:1023"}) {
        CAPTURE(text);
        auto const place = parse_web_place(text, some_port);
        REQUIRE(place.has_value());
        auto const checked = check_web_place(*place, /*allow_private=*/false);
        REQUIRE(checked.has_error());
        CHECK(checked.error().code == Errc::unsupported);
        CHECK(checked.error().context.ends_with('.'));
        CHECK(check_web_place(*place, /*allow_private=*/true).has_value());
    }
}

TEST_CASE("web place: what is closed stays closed where private addresses are allowed") {
    for (auto const* const text : {"169.254.169.254", "[fe80::1]", "224.0.0.1", "0.0.0.0", "[::]",
                                   "[64:ff9b::a9fe:a9fe]", "192.0.2.1"}) {
        CAPTURE(text);
        CHECK(check_web_place(parse_web_place(text, some_port).value(), true).has_error());
    }
}

TEST_CASE("web place: anybody's servers may be looked for") {
    for (auto const* const text :
         {"films.example", "films.example:443", "films.example:1024", "localhost.example",
          "notlocal", "8.8.8.8:8080", "[2600::1]", "lan.example"}) {
        CAPTURE(text);
        auto const place = parse_web_place(text, some_port).value();
        CHECK(check_web_place(place, false).has_value() == (place.host != "notlocal"));
    }
}

} // namespace continuo::web_place_test
