#include "http/dashlive/base_url.hpp"

#include <doctest/doctest.h>

namespace base_url_test {

using namespace continuo;
using continuo::dashlive::base_url_of;

TEST_CASE("URLs begin with what the client asked, by way of its proxy") {
    server::Request request;
    request.host = "example.com:8080";
    CHECK(base_url_of(request) == "http://example.com:8080");
    request.forwarded_proto = "https";
    CHECK(base_url_of(request) == "https://example.com:8080");
    request.forwarded_proto = "javascript";
    request.host = "[::1]";
    CHECK(base_url_of(request) == "http://[::1]");
}

TEST_CASE("a Host that is none leaves URLs without one") {
    for (auto const* const host : {"", "a/b", "a\"b", "<x>", "a b", "user@host"}) {
        server::Request request;
        request.host = host;
        CHECK_MESSAGE(base_url_of(request).empty(), host);
    }
}

} // namespace base_url_test
