#include "core/base/stream_url.hpp"

#include <doctest/doctest.h>

#include <string>

namespace stream_url_test {

using namespace continuo;

/// What is wrong with `url`; empty when nothing is.
std::string objection_to(std::string_view url) {
    auto const checked = check_stream_url(url);
    return checked ? std::string() : checked.error().context;
}

TEST_CASE("stream url: http and https with a host can be a stream") {
    for (auto const* url : {"http://h", "https://host/live.m3u8", "HTTPS://Host:8443/a?b=c#d",
                            "http://user:pa@ss@host:80/x", "http://[::1]:8080/x", "http://h/'ü|{}",
                            "http://h?x", "https://127.0.0.1:9/x://y"})
        CHECK_MESSAGE(objection_to(url) == "", url);
}

TEST_CASE("stream url: whatever else is refused, saying what it has to be") {
    for (auto const* url :
         {"", "http:", "http:/h", "http//h", "ftp://h/x", "file:///etc/passwd", "h/x.m3u8",
          "https:// h", " http://h", "httpss://h", "rtmp://h/http://h"})
        CHECK_MESSAGE(!check_stream_url(url), url);
    CHECK(objection_to("ftp://h/x") == "has to begin with http:// or https://");
    for (auto const* url : {"http://", "https:///x", "http://?x", "http://:80/x", "http://user@/x",
                            "http://user:pass@:80", "http://#"})
        CHECK_MESSAGE(objection_to(url) == "has to name a host", url);
    for (char const c : {' ', '\n', '\x7f', '\t', '\0'})
        CHECK(objection_to(std::string("http://h/a") + c) ==
              "may hold no blank and no control character");
}

TEST_CASE("stream url: it may have 4096 bytes") {
    std::string url = "http://h/";
    url.resize(longest_stream_url, 'x');
    CHECK(objection_to(url) == "");
    CHECK(objection_to(url + "x") == "may have 4096 bytes at most");
}

} // namespace stream_url_test
