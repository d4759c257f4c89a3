#include "http/status/switch_request.hpp"

#include <doctest/doctest.h>

#include <string>

namespace switch_request_test {

using namespace continuo;
using status::parse_switch_request;

std::string complaint_about(std::string_view body) {
    auto const url = parse_switch_request(body);
    REQUIRE_MESSAGE(!url, body);
    CHECK(url.error().code == Errc::malformed);
    return url.error().context;
}

TEST_CASE("switch request: the URL of the body, and nothing else of it") {
    CHECK(parse_switch_request(R"({"url":"https://h/a.m3u8"})").value() == "https://h/a.m3u8");
    CHECK(parse_switch_request(" \r\n{\"name\": [1, {}], \"url\": \"http:\\/\\/h/\\u00fc\"}\n")
              .value() == "http://h/\u00fc");
}

TEST_CASE("switch request: what is no JSON is told with its place, and every truncation is none") {
    std::string const body = R"({"url":"https://h/a.m3u8"})";
    for (std::size_t size = 0; size < body.size(); ++size)
        CHECK(complaint_about(body.substr(0, size)).starts_with("The body is no JSON from byte "));
    CHECK(complaint_about("url=https://h") ==
          "The body is no JSON from byte 1 on; it has to be an object such as "
          "{\"url\": \"https://host/live.m3u8\"}.");
    CHECK(complaint_about(body + "x").starts_with("The body is no JSON from byte 27 on"));
    CHECK(complaint_about("{\"url\":\"http://h/\xff\"}").starts_with("The body is no JSON"));
}

TEST_CASE("switch request: a number that no double holds is refused, not thrown about") {
    for (auto const* body : {"9e999", R"({"url":"https://h","x":-1e4000})"})
        CHECK(complaint_about(body).starts_with("The body holds a number without limits"));
}

TEST_CASE("switch request: JSON of another shape is refused in words") {
    for (auto const* body : {"7", "null", "\"https://h\"", "[\"https://h\"]"})
        CHECK(complaint_about(body).starts_with("The body has to be an object such as {\"url\""));
    for (auto const* body : {"{}", R"({"URL":"https://h"})", R"({"url":7})", R"({"url":null})",
                             R"({"url":["https://h"]})"})
        CHECK(complaint_about(body).starts_with("\"url\" has to be a text"));
}

TEST_CASE("switch request: what is no stream's URL is refused without telling it again") {
    CHECK(complaint_about(R"({"url":""})") == "\"url\" has to begin with http:// or https://.");
    CHECK(complaint_about(R"({"url":"ftp://user:secret@h"})") ==
          "\"url\" has to begin with http:// or https://.");
    CHECK(complaint_about(R"({"url":"http://user:secret@"})") == "\"url\" has to name a host.");
    CHECK(complaint_about(R"({"url":"http://h/\u0000"})") ==
          "\"url\" may hold no blank and no control character.");
}

TEST_CASE("switch request: called JSON, called nothing, or what tools call everything") {
    for (auto const* type : {"", "application/json", "Application/JSON; charset=utf-8",
                             "application/json;x", "application/x-www-form-urlencoded"})
        CHECK_MESSAGE(status::may_be_json(type), type);
    for (auto const* type : {"text/plain", "application/xml", "multipart/form-data; boundary=x",
                             "application/jsonp", "json"})
        CHECK_MESSAGE(!status::may_be_json(type), type);
}

TEST_CASE("switch request: the answer holds no credentials and is valid JSON") {
    CHECK(status::switching_json("live", "https://u:p@h/a.m3u8?token=x&b=\"") ==
          "{\"switching\":\"live\",\"url\":\"https://***@h/a.m3u8?token=***&b=\\\"\"}\n");
}

} // namespace switch_request_test
