#include "core/base/redact.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace continuo::redact_test {

TEST_CASE("redact: text without a URL stays as it is") {
    CHECK(without_credentials("") == "");
    CHECK(without_credentials("token=abc user@host: no URL") == "token=abc user@host: no URL");
    CHECK(without_credentials("https://example.com/live/master.m3u8?quality=high") ==
          "https://example.com/live/master.m3u8?quality=high");
}

TEST_CASE("redact: user and password before the host go") {
    CHECK(without_credentials("rtsp://camera:s3cret@10.0.0.7:554/1") ==
          "rtsp://***@10.0.0.7:554/1");
    CHECK(without_credentials("http://user@host") == "http://***@host");
}

TEST_CASE("redact: a password may hold an @ of its own") {
    CHECK(without_credentials("http://user:p@ss@host/path") == "http://***@host/path");
}

TEST_CASE("redact: letters beyond ASCII end no URL") {
    CHECK(without_credentials("http://us\xc3\xa9r:p\xc3\xa4ss@host/") == "http://***@host/");
    CHECK(without_credentials("http://host/?token=\xc3\xa4&b=1") == "http://host/?token=***&b=1");
}

TEST_CASE("redact: quotes and brackets in a URL end nothing that is secret") {
    for (char const c : std::string_view("\"'<>()[]{}|^`!$*+,;:.~\\")) {
        CAPTURE(c);
        auto const secret = std::string("hun") + c + "ter2";
        CHECK(without_credentials("http://user:" + secret + "@host/a") == "http://***@host/a");
        CHECK(without_credentials("http://" + secret + "@host") == "http://***@host");
        CHECK(without_credentials("http://host/a?token=" + secret + "&b=1") ==
              "http://host/a?token=***&b=1");
        CHECK(without_credentials("http://host/a'b?token=" + secret + " failed") ==
              "http://host/a'b?token=*** failed");
        CHECK(without_credentials("http://host/it" + std::string(1, c) + "s?a=1&key=" + secret) ==
              "http://host/it" + std::string(1, c) + "s?a=1&key=***");
    }
}

TEST_CASE("redact: what stands around a URL stays") {
    struct Row {
        char const* text;
        char const* shown;
    };
    for (auto const& [text, shown] : {
             Row{"'http://a:b@x/': gone", "'http://***@x/': gone"},
             Row{"(http://a:b@x), again", "(http://***@x), again"},
             Row{"<http://x/?key=k>.", "<http://x/?key=***>."},
             Row{"\"http://x/?key=k\": HTTP 404", "\"http://x/?key=***\": HTTP 404"},
             Row{"['http://x/?key=k']", "['http://x/?key=***']"},
             Row{"http://a:b@[::1]:80/ and [::1]", "http://***@[::1]:80/ and [::1]"},
             Row{"http://x/?key=k\nhttp://x/?key=k", "http://x/?key=***\nhttp://x/?key=***"},
             Row{"://", "://"},
             Row{"://'", "://'"},
         })
        CHECK(without_credentials(text) == shown);
}

TEST_CASE("redact: an @ in the path is none of a user's") {
    CHECK(without_credentials("https://host/@channel/live") == "https://host/@channel/live");
    CHECK(without_credentials("https://host?to=a@b") == "https://host?to=a@b");
}

TEST_CASE("redact: values of parameters that speak of a secret go, whatever their case") {
    for (auto const* const name : {"key", "apikey", "token", "access_token", "client_secret", "sig",
                                   "X-Amz-Signature", "passphrase", "pwd", "AUTH", "Token"}) {
        CAPTURE(name);
        auto const url = std::string("https://host/p?a=1&") + name + "=abc&b=2";
        auto const shown = std::string("https://host/p?a=1&") + name + "=***&b=2";
        CHECK(without_credentials(url) == shown);
    }
}

TEST_CASE("redact: the fragment and a parameter without a value stay") {
    CHECK(without_credentials("https://host/?token=abc#part") == "https://host/?token=***#part");
    CHECK(without_credentials("https://host/#access_token=abc&b=1") ==
          "https://host/#access_token=***&b=1");
    CHECK(without_credentials("https://host/?token&x") == "https://host/?token&x");
    CHECK(without_credentials("https://host/?") == "https://host/?");
}

TEST_CASE("redact: every URL of a text, and what stands around them") {
    CHECK(
        without_credentials("open \"http://a:b@x/\" failed, then srt://y:9?passphrase=q failed") ==
        "open \"http://***@x/\" failed, then srt://y:9?passphrase=*** failed");
}

TEST_CASE("redact: a URL within a URL") {
    CHECK(without_credentials("http://proxy/?url=rtsp://u:p@camera/&key=k") ==
          "http://proxy/?url=rtsp://***@camera/&key=***");
    CHECK(without_credentials("concat:http://a:b@c|http://d:e@f") ==
          "concat:http://***@c|http://***@f");
    CHECK(without_credentials("http://cache/http://u:p@host/") == "http://cache/http://***@host/");
}

TEST_CASE("redact: what is redacted once stays as it is") {
    auto const once = without_credentials("rtmp://u:p@host/app?token=t&key=k");
    CHECK(without_credentials(once) == once);
}

TEST_CASE("redact: no part of a text, wherever it ends, shows the password of a whole URL") {
    std::string const url = "http://user:hunter2@host/a?key=hunter2&b=1";
    for (std::size_t length = url.find('@') + 1; length <= url.find("key=") + 4; ++length)
        CHECK(without_credentials(url.substr(0, length)).find("hunter2") == std::string::npos);
}

} // namespace continuo::redact_test
