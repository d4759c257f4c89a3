#include "http/server/target.hpp"

#include <doctest/doctest.h>

#include <string>

namespace target_test {

using namespace continuo;
using server::parse_target;

std::string path_of(std::string_view text) {
    auto const target = parse_target(text);
    return target ? target->path : "refused";
}

TEST_CASE("target: origin-form is split into a decoded path and a query as sent") {
    auto const target = parse_target("/live/a%62c/x.ts?_HLS_msn=4&x=%20").value();
    CHECK(target.path == "/live/abc/x.ts");
    CHECK(target.query == "_HLS_msn=4&x=%20");
    CHECK(parse_target("/a?").value().query == "");
    CHECK(parse_target("/a?b?c").value().query == "b?c");
}

TEST_CASE("target: absolute-form means the same as its path") {
    CHECK(path_of("http://example.com/live") == "/live");
    CHECK(path_of("https://example.com:8080/a/b?c") == "/a/b");
    CHECK(path_of("http://example.com") == "/");
    CHECK(path_of("http://example.com?x") == "/");
    CHECK(parse_target("http://example.com?x").value().query == "x");
}

TEST_CASE("target: the asterisk stands for the whole server") {
    CHECK(path_of("*") == "*");
}

TEST_CASE("target: dot segments are resolved, and never above the root") {
    CHECK(path_of("/live/720p/../source/1.ts") == "/live/source/1.ts");
    CHECK(path_of("/a/./b") == "/a/b");
    CHECK(path_of("/a/b/..") == "/a/");
    CHECK(path_of("/a/.") == "/a/");
    CHECK(path_of("/a/%2e%2e/b") == "/b");
    CHECK(path_of("/a/.../b") == "/a/.../b");
    CHECK(path_of("/a//b") == "/a//b");
    CHECK(path_of("/..") == "refused");
    CHECK(path_of("/a/../../b") == "refused");
    CHECK(path_of("/%2e%2e/etc/passwd") == "refused");
    CHECK(path_of("/a/.%2E/../x") == "refused");
}

TEST_CASE("target: what could change the meaning of a path is refused") {
    for (std::string const text : {"",       "live",   "live/a", "?x",     "example.com:443",
                                   "/a%2fb", "/a%2Fb", "/a%5cb", "/a%00b", "/a%0ab",
                                   "/a%7fb", "/a%",    "/a%4",   "/a%4g",  "/a%zz",
                                   "/a#b",   "/a%23",  "/a\x01", "**",     "/a\r"})
        CHECK_MESSAGE(path_of(text) == "refused", text);
}

TEST_CASE("target: every truncation of a long target is either a path or refused") {
    std::string const text = "http://h:1/a/%41/../b/./c?d=%20";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        auto const path = path_of(std::string_view(text).substr(0, size));
        CHECK((path == "refused" || path.starts_with('/')));
        CHECK(path.find("..") == std::string::npos);
    }
}

} // namespace target_test
