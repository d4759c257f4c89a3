#include "supervisor/source/head.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::source::head_test {

using sse::Event;

Result<std::optional<Head>> parsed(std::string data, std::string type = "playhead") {
    return parse_head({.type = std::move(type), .data = std::move(data), .id = "1"});
}

Head head_of(std::string data, std::string type = "playhead") {
    auto const result = parsed(std::move(data), std::move(type));
    REQUIRE(result.has_value());
    REQUIRE(result->has_value());
    return **result;
}

Error error_of(std::string data) {
    auto const result = parsed(std::move(data));
    REQUIRE(result.has_error());
    return result.error();
}

TEST_CASE("head: a playhead event names a stream, and what it is called") {
    CHECK(head_of(R"({"head": "https://core.example/memfs/a.m3u8", "name": "Stream A"})") ==
          Head{.url = "https://core.example/memfs/a.m3u8", .name = "Stream A"});
    CHECK(head_of(R"({"head": "http://a/b.m3u8"})", "message") ==
          Head{.url = "http://a/b.m3u8", .name = ""});
    CHECK(head_of("{\n\"name\":\"\\u00e9\",\n\"more\":[1,{}],\n\"head\":\"HTTPS://A\"\n}") ==
          Head{.url = "HTTPS://A", .name = "\xC3\xA9"});
}

TEST_CASE("head: other events are none of ours, whatever they hold") {
    for (auto const* const type : {"ping", "Playhead", "playheads", "playhead ", "MESSAGE"}) {
        for (auto const* const data : {R"({"head": "https://a/b.m3u8"})", "no JSON", ""}) {
            auto const result = parsed(data, type);
            REQUIRE(result.has_value());
            CHECK_FALSE(result->has_value());
        }
    }
}

TEST_CASE("head: a name that is no text is none; the stream counts") {
    for (auto const* const name : {"null", "1", "[]", "{}", "true", "\"\""})
        CHECK(head_of(std::string(R"({"head": "https://a/b.m3u8", "name": )") + name + "}") ==
              Head{.url = "https://a/b.m3u8", .name = ""});
}

TEST_CASE("head: a name stays on one line and within its length, and its letters stay whole") {
    auto const name_of = [](std::string const& json) {
        return head_of(R"({"head": "https://a/b.m3u8", "name": ")" + json + "\"}").name;
    };
    CHECK(name_of("a\\nb\\u0000c\\u007fd\\u001be") == "a b c d e");
    CHECK(name_of(std::string(max_name, 'x')) == std::string(max_name, 'x'));
    CHECK(name_of(std::string(max_name + 1, 'x')) == std::string(max_name, 'x'));
    std::string const note = "\xF0\x9F\x8E\xB5";
    for (std::size_t before = max_name - 3; before <= max_name; ++before)
        CHECK(name_of(std::string(before, 'x') + note) == std::string(before, 'x'));
    CHECK(name_of(std::string(max_name - 4, 'x') + note + "y") ==
          std::string(max_name - 4, 'x') + note);
}

struct Row {
    std::string data;
    std::string context;
};

TEST_CASE("head: what is wrong with an event is said in words, credentials left out") {
    std::string const no_json = "a playhead event whose data are no JSON";
    std::string const its_head = "a playhead event whose \"head\" ";
    std::vector<Row> const table{
        {"", no_json + " at byte 1"},
        {"hello", no_json + " at byte 1"},
        {R"({"head": "https://a/b"} x)", no_json + " at byte 25"},
        {"[]", no_json + " object"},
        {"\"https://a/b\"", no_json + " object"},
        {R"({"head": "https://a/b", "at": 1e999})",
         "a playhead event with a number that nothing can hold"},
        {"{}", "a playhead event without \"head\""},
        {R"({"Head": "https://a/b"})", "a playhead event without \"head\""},
        {R"({"head": null})", its_head + "is no text"},
        {R"({"head": ["https://a/b"]})", its_head + "is no text"},
        {R"({"head": ""})", its_head + "is empty"},
        {R"({"head": "/a/b.m3u8"})", its_head + "has to begin with http:// or https://"},
        {R"({"head": "user:secret@host"})", its_head + "has to begin with http:// or https://"},
        {R"({"head": "rtmp://u:secret@a/b?token=secret"})",
         its_head + "has to begin with http:// or https://, not \"rtmp://***@a/b?token=***\""},
        {R"({"head": "u:secret@a/?b=http://c"})",
         its_head + "has to begin with http:// or https://"},
        {R"({"head": "concat:http://a/b"})", its_head + "has to begin with http:// or https://"},
        {R"({"head": "-i https://a/b"})", its_head + "has to begin with http:// or https://"},
        {R"({"head": "https://a/b\n"})", its_head + "may hold no blank and no control character"},
        {R"({"head": "https://a/\u0000b"})",
         its_head + "may hold no blank and no control character"},
        {R"({"head": "https://u:secret@:80/b"})",
         its_head + "has to name a host, not \"https://***@:80/b\""},
        {R"({"head": "https://a/)" + std::string(4096, 'x') + "\"}",
         its_head + "may have 4096 bytes at most"},
    };
    for (auto const& row : table) {
        auto const error = error_of(row.data);
        CAPTURE(row.data);
        CHECK(error.code == Errc::malformed);
        CHECK(error.context == row.context);
    }
}

TEST_CASE("head: however an event is cut off, it is a head or an error, never anything else") {
    std::string const whole =
        R"({"head": "https://core.example/memfs/a.m3u8", "name": "A \u00e9 \"b\""})";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(parsed(whole.substr(0, size)).has_error());
    }
    CHECK(head_of(whole).name == "A \xC3\xA9 \"b\"");
}

TEST_CASE("head: nesting without end takes no stack") {
    std::string const deep(500'000, '[');
    CHECK(error_of(deep).code == Errc::malformed);
    CHECK(error_of(R"({"head": )" + deep + std::string(500'000, ']') + "}").context ==
          "a playhead event whose \"head\" is no text");
}

config::Playhead settings(std::string host, std::string inside) {
    config::Playhead playhead;
    playhead.core_api_hostname = std::move(host);
    playhead.restreamer_internal_url = std::move(inside);
    return playhead;
}

TEST_CASE("head: a stream on the core API's host is fetched from the restreamer inside") {
    auto const playhead = settings("core.example", "http://restreamer:8080");
    CHECK(rewritten("https://core.example/memfs/a.m3u8?x=https://core.example/", playhead) ==
          "http://restreamer:8080/memfs/a.m3u8?x=https://core.example/");
    CHECK(rewritten("https://core.example/", playhead) == "http://restreamer:8080/");
    CHECK(rewritten("https://core.example//a", playhead) == "http://restreamer:8080//a");
    CHECK(rewritten("HTTPS://Core.EXAMPLE/Memfs/A", playhead) == "http://restreamer:8080/Memfs/A");
    CHECK(rewritten("https://core.example/a", settings("CORE.example", "http://r/")) ==
          "http://r/a");
    CHECK(rewritten("https://core.example/a", settings("core.example", "http://r/core//")) ==
          "http://r/core/a");
    CHECK(rewritten("https://core.example:8443/a", settings("core.example:8443", "http://r")) ==
          "http://r/a");
}

TEST_CASE("head: any other stream is fetched from where it is") {
    auto const playhead = settings("core.example", "http://restreamer:8080");
    for (std::string const url :
         {"https://core.example.evil/a", "https://core.exampl/a", "https://a.core.example/a",
          "http://core.example/a", "https://core.example:443/a", "https://core.example:8443/a",
          "https://core.example", "https://core.example?a", "https://core.example#a",
          "https://u:p@core.example/a", "https://core.example@evil/a", "https://core.example\\/a",
          "https://core.example./a", "https:/core.example/a", " https://core.example/a",
          "https://evil/https://core.example/a", "https://corexexample/a", ""}) {
        CAPTURE(url);
        CHECK(rewritten(url, playhead) == url);
    }
}

TEST_CASE("head: with either setting empty nothing is rewritten") {
    for (auto const& playhead :
         {settings("", "http://restreamer:8080"), settings("core.example", ""), settings("", "")}) {
        CHECK(rewritten("https://core.example/a", playhead) == "https://core.example/a");
        CHECK(rewritten("https:///a", playhead) == "https:///a");
    }
}

TEST_CASE("head: events come from below the API's URL") {
    config::Playhead playhead;
    CHECK(events_url(playhead) == "http://api:8080/events");
    playhead.api_url = "https://u:p@host/api/";
    CHECK(events_url(playhead) == "https://u:p@host/api/events");
}

} // namespace continuo::source::head_test
