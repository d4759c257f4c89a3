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

TEST_CASE("access: this machine calls itself by the loopback, and asks for nobody else") {
    CHECK(is_this_machine(local()));
    auto request = local();
    request.forwarded = true;
    CHECK(!is_this_machine(request));
    request = local();
    request.host = "watch.example"; // passed on by a proxy that says nothing
    CHECK(!is_this_machine(request));
    request = local();
    request.from_loopback = false;
    CHECK(!is_this_machine(request));
}

TEST_CASE("access: browsers tell whose page asks") {
    Request request;
    request.host = "watch.example";
    CHECK(!is_of_another_site(request)); // no browser
    for (std::string const site : {"same-origin", "none", "same-site", "cross-site"})
        for (bool const forwarded : {false, true}) {
            request.fetch_site = site;
            request.origin = "https://public.example"; // our name before the proxy
            request.forwarded = forwarded;
            bool const is_ours = site == "same-origin" || site == "none";
            CHECK_MESSAGE(is_of_another_site(request) == !is_ours, site);
        }
    request.fetch_site = {};
    CHECK(is_of_another_site(request));
    for (std::string const origin : {"http://watch.example", "https://watch.example"}) {
        request.origin = origin;
        CHECK_MESSAGE(!is_of_another_site(request), origin);
    }
    for (std::string const origin : {"null", "http://watch.example:81", "http://evil.example"}) {
        request.origin = origin;
        CHECK_MESSAGE(is_of_another_site(request), origin);
    }
}

TEST_CASE("access: only addresses and names without a dot are surely this machine's own") {
    for (std::string const host :
         {"", "localhost", "127.0.0.1:8080", "127.0.1.1", "[::1]:8080", "tower:8080"}) {
        auto request = local();
        request.host = host;
        CHECK_MESSAGE(!may_be_rebound(request), host);
    }
    for (std::string const host : {"evil.example", "evil.example:8080", "127.0.0.1.evil.example"}) {
        auto request = local();
        request.host = host;
        CHECK_MESSAGE(may_be_rebound(request), host);
        request.forwarded = true;
        CHECK_MESSAGE(!may_be_rebound(request), host);
        request = local();
        request.host = host;
        request.from_loopback = false;
        CHECK_MESSAGE(!may_be_rebound(request), host);
    }
}

} // namespace access_test
