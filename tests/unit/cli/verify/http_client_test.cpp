#include "cli/verify/http_client.hpp"

#include <doctest/doctest.h>

namespace http_client_test {

using namespace continuo;

TEST_CASE("http client: a URI of a playlist is meant from where the playlist came") {
    auto const base = "http://host:8080/live/demo/720p/index.m3u8?token=1";
    CHECK(cli::resolve(base, "18c2f-000012.ts") ==
          "http://host:8080/live/demo/720p/18c2f-000012.ts");
    CHECK(cli::resolve(base, "../source/a.ts") == "http://host:8080/live/demo/source/a.ts");
    CHECK(cli::resolve(base, "/a.ts?x=y") == "http://host:8080/a.ts?x=y");
    CHECK(cli::resolve(base, "//other/a.ts") == "http://other/a.ts");
    CHECK(cli::resolve(base, "https://cdn.example/a.ts") == "https://cdn.example/a.ts");
}

TEST_CASE("http client: what is no URL stays as it is written") {
    CHECK(cli::resolve("no url", "a.ts") == "a.ts");
    CHECK(cli::resolve("http://host/", "not a uri") == "not a uri");
    CHECK(cli::path_of_url("not a url") == "not a url");
}

TEST_CASE("http client: findings call a URL by its path") {
    CHECK(cli::path_of_url("http://user:secret@host:8080/live/a/index.m3u8?token=1") ==
          "/live/a/index.m3u8");
}

} // namespace http_client_test
