#include "http/server/router.hpp"

#include <doctest/doctest.h>

#include <string>
#include <variant>

using namespace continuo::server;

namespace {

Handler saying(unsigned status) {
    return [status](Request const&, Parameters const&) {
        return Response{.status = status, .content = nullptr, .fields = {}};
    };
}

Router sample() {
    Router router;
    router.add(Method::get, "/", saying(1));
    router.add(Method::get, "/live/{channel}/{variant}/index.m3u8", saying(2));
    router.add(Method::get, "/live/{channel}/{variant}/{file}", saying(3));
    router.add(Method::post, "/api/{channel}/restart", saying(4));
    router.add(Method::get, "/api/{channel}", saying(5));
    router.add(Method::post, "/api/{channel}", saying(6));
    router.add(Method::get, "/files/{asset}/{path...}", saying(7));
    router.add(Method::remove, "/api/{channel}/restart", saying(8));
    return router;
}

/// The status that the matched handler says; 404 and 405 as the router finds.
unsigned status_at(Method method, std::string_view path) {
    auto const router = sample();
    auto const match = router.match(method, path);
    if (auto const* found = std::get_if<Router::Found>(&match))
        return std::get<Handler>(*found->handler)({}, found->parameters).status;
    return std::holds_alternative<Router::NoSuchPath>(match) ? 404 : 405;
}

} // namespace

TEST_CASE("router: the first row that fits answers") {
    CHECK(status_at(Method::get, "/") == 1);
    CHECK(status_at(Method::get, "/live/a/b/index.m3u8") == 2);
    CHECK(status_at(Method::get, "/live/a/b/1.ts") == 3);
    CHECK(status_at(Method::post, "/api/a") == 6);
}

TEST_CASE("router: HEAD goes where GET goes") {
    CHECK(status_at(Method::head, "/live/a/b/1.ts") == 3);
    CHECK(status_at(Method::head, "/api/a/restart") == 405);
}

TEST_CASE("router: names of a pattern stand for one segment each, never for an empty one") {
    auto const router = sample();
    auto const match = router.match(Method::get, "/live/demo/720p/x.ts");
    auto const& parameters = std::get<Router::Found>(match).parameters;
    CHECK(parameters["channel"] == "demo");
    CHECK(parameters["variant"] == "720p");
    CHECK(parameters["file"] == "x.ts");
    CHECK(parameters["other"] == "");
    for (std::string const path : {"/live/a/b", "/live/a/b/c/d", "/live//b/c", "/live/a/b/",
                                   "/api/", "//", "/live", "/api/a/"})
        CHECK_MESSAGE(status_at(Method::get, path) == 404, path);
}

TEST_CASE("router: a pattern can end in a name for all that follows, which is never nothing") {
    auto const router = sample();
    auto const match = router.match(Method::get, "/files/clip/720p/a/1.ts");
    auto const& parameters = std::get<Router::Found>(match).parameters;
    CHECK(parameters["asset"] == "clip");
    CHECK(parameters["path"] == "720p/a/1.ts");
    CHECK(status_at(Method::get, "/files/clip/1.ts") == 7);
    CHECK(status_at(Method::get, "/files/clip/") == 404);
    CHECK(status_at(Method::get, "/files/clip") == 404);
    CHECK(router.allowed("/files/clip/a/b/c") == "GET, HEAD, OPTIONS");
}

TEST_CASE("router: a known path under another method is 405 with what it allows") {
    CHECK(status_at(Method::other, "/") == 405);
    CHECK(status_at(Method::get, "/api/a/restart") == 405);
    CHECK(status_at(Method::options, "/api/a") == 405);
    auto const router = sample();
    CHECK(router.allowed("/") == "GET, HEAD, OPTIONS");
    CHECK(router.allowed("/api/a/restart") == "POST, DELETE, OPTIONS");
    CHECK(status_at(Method::remove, "/api/a/restart") == 8);
    CHECK(status_at(Method::remove, "/api/a") == 405);
    CHECK(router.allowed("/api/a") == "GET, HEAD, POST, OPTIONS");
    CHECK(router.allowed("*") == "GET, HEAD, POST, OPTIONS");
    CHECK(router.allowed("/nothing") == "");
}
