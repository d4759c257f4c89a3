#include "core/hls/location.hpp"

#include <doctest/doctest.h>

#include <string>

namespace location_test {

using namespace continuo;
using namespace continuo::hls;

TEST_CASE("locations: what a playlist means by a URI") {
    struct Row {
        std::string base, reference, resolved;
    };
    Row const rows[] = {
        // the examples of RFC 3986 §5.4.1 that playlists can have
        {"http://a/b/c/d;p?q", "g", "http://a/b/c/g"},
        {"http://a/b/c/d;p?q", "./g", "http://a/b/c/g"},
        {"http://a/b/c/d;p?q", "g/", "http://a/b/c/g/"},
        {"http://a/b/c/d;p?q", "/g", "http://a/g"},
        {"http://a/b/c/d;p?q", "//g/h", "http://g/h"},
        {"http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y"},
        {"http://a/b/c/d;p?q", "g?y", "http://a/b/c/g?y"},
        {"http://a/b/c/d;p?q", "../g", "http://a/b/g"},
        {"http://a/b/c/d;p?q", "../../../g", "http://a/g"},
        {"http://a/b/c/d;p?q", "g?y/../x", "http://a/b/c/g?y/../x"},
        {"http://a/b/c/d;p?q", "https://b/c", "https://b/c"},
        // the field
        {"https://user:word@host:81/x/y.m3u8?token=abc/def", "z.ts",
         "https://user:word@host:81/x/z.ts"},
        {"http://a/x/y.m3u8", "seg 1.ts", "http://a/x/seg%201.ts"},
        {"http://a/x/y.m3u8", "s%20a.ts", "http://a/x/s%20a.ts"},
        {"http://a", "s.ts", "http://a/s.ts"},
        {"http://[::1]:80/b.m3u8", "s.ts", "http://[::1]:80/s.ts"},
        // files
        {"/srv/x/y.m3u8", "a/b 1.ts", "/srv/x/a/b 1.ts"},
        {"/srv/x/y.m3u8", "/b.ts", "/b.ts"},
        {"y.m3u8", "b.ts", "b.ts"},
        {"/srv/x/y.m3u8", "http://a/b.ts", "http://a/b.ts"},
        {"/srv/x/y.m3u8", "file:///b%201.ts", "/b 1.ts"},
    };
    for (auto const& row : rows) {
        CAPTURE(row.base);
        CAPTURE(row.reference);
        CHECK(resolved(row.base, row.reference).value() == row.resolved);
    }
}

TEST_CASE("locations: a playlist from the net names no file of ours") {
    CHECK(resolved("http://a/b.m3u8", "file:///etc/passwd").error().code == Errc::unsupported);
    CHECK(resolved("http://a/b.m3u8", "ftp://a/b").error().code == Errc::unsupported);
    CHECK(resolved("/b.m3u8", "rtmp://a/b").error().code == Errc::unsupported);
    CHECK(resolved("http://a/b.m3u8", "data:x").error().code == Errc::malformed);
    CHECK(resolved("http://a/b.m3u8", "/etc/passwd").value() == "http://a/etc/passwd");
}

TEST_CASE("locations: what a command line may say") {
    CHECK(location_of("https://a/b").value() == "https://a/b");
    CHECK(location_of("HTTP://a/b").value() == "HTTP://a/b");
    CHECK(location_of("/srv/a b").value() == "/srv/a b");
    CHECK(location_of("file:///srv/a%20b").value() == "/srv/a b");
    CHECK(location_of("file://localhost/srv").value() == "/srv");
    for (auto const* const text :
         {"rtmp://a/b", "file://elsewhere/srv", "file://", "udp://@1.2.3.4:5"}) {
        CAPTURE(text);
        CHECK(location_of(text).error().code == Errc::unsupported);
    }
}

TEST_CASE("locations: http and https come from the net") {
    CHECK(is_http("http://a"));
    CHECK(is_http("HttpS://a"));
    CHECK_FALSE(is_http("http://"));
    CHECK_FALSE(is_http("httpx://a"));
    CHECK_FALSE(is_http("/http://a"));
}

} // namespace location_test
