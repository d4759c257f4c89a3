#include "http/server/access.hpp"

#include <doctest/doctest.h>

#include <string>

namespace access_test {

using namespace continuo::server;

Request local() {
    Request request;
    request.method = Method::post;
    request.from_loopback = true;
    request.host = "127.0.0.1:8080";
    return request;
}

unsigned status_for(Request const& request, std::string_view token = {}) {
    auto const refusal = refuse_change(request, token);
    return refusal ? refusal->status : 0;
}

TEST_CASE("access: without a token this machine may, under each of its names") {
    for (std::string const host : {"127.0.0.1", "localhost:8080", "[::1]:8080", "[::1]"}) {
        auto request = local();
        request.host = host;
        CHECK_MESSAGE(status_for(request) == 0, host);
    }
    auto request = local();
    request.origin = "http://127.0.0.1:8080";
    CHECK(status_for(request) == 0);
}

TEST_CASE("access: without a token nobody else may, and no page of another site in our name") {
    auto request = local();
    request.from_loopback = false;
    CHECK(status_for(request) == 403);
    request = local();
    request.forwarded = true;
    CHECK(status_for(request) == 403);
    for (std::string const host : {"", "example.com", "example.com:8080", "127.0.0.1.example.com",
                                   "localhost.example.com:80", "[::1", "0.0.0.0"}) {
        request = local();
        request.host = host;
        CHECK_MESSAGE(status_for(request) == 403, host);
    }
    for (std::string const origin : {"http://example.com", "null", "http://127.0.0.1:8081",
                                     "https://127.0.0.1:8080", "http://localhost:8080"}) {
        request = local();
        request.origin = origin;
        CHECK_MESSAGE(status_for(request) == 403, origin);
    }
}

TEST_CASE("access: with a token its bearer may from anywhere, and nobody without it") {
    Request request;
    request.authorization = "Bearer secret";
    CHECK(status_for(request, "secret") == 0);
    request.authorization = "bearer secret";
    CHECK(status_for(request, "secret") == 0);
    for (std::string const authorization :
         {"", "Bearer", "Bearer ", "Bearer secre", "Bearer secret2", "Bearer Secret",
          "Basic secret", "secret"}) {
        request = local();
        request.authorization = authorization;
        CHECK_MESSAGE(status_for(request, "secret") == 401, authorization);
    }
}

} // namespace access_test
