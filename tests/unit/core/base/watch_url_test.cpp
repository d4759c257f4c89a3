#include "core/base/watch_url.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace continuo::watch_url_test {

WatchUrlRules const strict;
WatchUrlRules const with_gateway{.torrent_gateway =
                                     "http://127.0.0.1:8090/stream?index=0&magnet={magnet}"};
std::string const v1_hash = "0123456789abcdef0123456789ABCDEF01234567";

std::string watched(std::string_view text, WatchUrlRules const& rules = strict) {
    auto const url = parse_watch_url(text, rules);
    return url ? url->url : "refused: " + url.error().context;
}

TEST_CASE("watch url: what means the same is the same") {
    for (auto const* const text : {"http://films.example/a.mkv", "HTTP://Films.Example/a.mkv",
                                   "http://films.example:80/a.mkv", "http://films.example./a.mkv",
                                   "http://films.example/a.mkv#t=10"})
        CHECK(watched(text) == "http://films.example/a.mkv");
    CHECK(watched("https://films.example:443") == "https://films.example/");
    CHECK(watched("https://films.example:80/x") == "https://films.example:80/x");
    CHECK(watched("http://films.example?a=b") == "http://films.example/?a=b");
    CHECK(watched("http://[2600:0::1]:8080/") == "http://[2600::1]:8080/");
}

TEST_CASE("watch url: what a URL may not hold is percent-encoded, what is encoded stays") {
    CHECK(watched("http://films.example/\xd0\xa4|{1}.mkv?q=\"<%20>^`") ==
          "http://films.example/%D0%A4%7C%7B1%7D.mkv?q=%22%3C%20%3E%5E%60");
}

TEST_CASE("watch url: everything of the corpus that needs no fetching is refused with a reason") {
    std::ifstream corpus(CONTINUO_SOURCE_DIR "/tests/support/inward_urls.txt");
    REQUIRE(corpus);
    unsigned count = 0;
    for (std::string line; std::getline(corpus, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        for (auto const& [sign, meant] : {std::pair{"{port}", "8080"},
                                          {"\\n", "\n"},
                                          {"\\r", "\r"},
                                          {"\\t", "\t"},
                                          {"\\s", " "},
                                          {"\\\\", "\\"}})
            for (auto at = line.find(sign); at != std::string::npos; at = line.find(sign, at + 1))
                line.replace(at, std::strlen(sign), meant);
        CAPTURE(line);
        auto const url = parse_watch_url(line, strict);
        REQUIRE(url.has_error());
        CHECK(url.error().context.ends_with('.'));
        ++count;
    }
    CHECK(count >= 120);
    CHECK(parse_watch_url("", strict).has_error());
    auto const too_long = "http://films.example/" + std::string(longest_watch_url, 'a');
    CHECK(parse_watch_url(too_long, strict).has_error());
    CHECK(parse_watch_url(std::string("http://films.example/\0.mkv", 26), strict).has_error());
}

TEST_CASE("watch url: a reason never repeats what was written") {
    for (auto const* const text : {"https://me:secret@films.example/", "http://sec ret/",
                                   "secret:secret", "http://10.0.0.1/secret"})
        CHECK(watched(text).find("secret") == std::string::npos);
}

TEST_CASE("watch url: a home server watches what is at home") {
    WatchUrlRules const at_home{.allow_private = true};
    CHECK(watched("http://nas/film.mkv", at_home) == "http://nas/film.mkv");
    CHECK(watched("http://127.0.0.1:81/film.mkv", at_home) == "http://127.0.0.1:81/film.mkv");
    CHECK(watched("http://169.254.169.254/", at_home).starts_with("refused"));
    CHECK(watched("file:///etc/passwd", at_home).starts_with("refused"));
    CHECK(watched("http://127.1/", at_home).starts_with("refused"));
}

TEST_CASE("watch url: magnet links go to the operator's gateway, encoded") {
    auto const link = "magnet:?xt=urn:btih:" + v1_hash + "&dn=A+film&tr=udp://t.example:80/x";
    auto const url = parse_watch_url(link, with_gateway);
    REQUIRE(url.has_value());
    CHECK(url->is_magnet);
    CHECK(url->url == "http://127.0.0.1:8090/stream?index=0&magnet=magnet%3A%3Fxt%3Durn%3Abtih%3A" +
                          v1_hash + "%26dn%3DA%2Bfilm%26tr%3Dudp%3A%2F%2Ft.example%3A80%2Fx");
    CHECK(watched("MAGNET:?dn=x&xt=urn:btih:" + std::string(32, 'b'), with_gateway)
              .starts_with("http://127.0.0.1:8090/"));
    CHECK(watched("magnet:?xt=urn:btmh:1220" + std::string(64, '0'), with_gateway)
              .starts_with("http://127.0.0.1:8090/"));
    CHECK(parse_watch_url(link, strict).error().context.find("torrent_gateway") !=
          std::string::npos);
    CHECK_FALSE(parse_watch_url("http://films.example/", with_gateway).value().is_magnet);
}

TEST_CASE("watch url: a magnet link has to name a torrent") {
    for (std::string const& text : std::vector<std::string>{
             "magnet:", "magnet:?", "magnet:?dn=x", "magnet:xt=urn:btih:" + v1_hash,
             "magnet://?xt=urn:btih:" + v1_hash, "magnet:?xt=urn:btih:" + v1_hash.substr(1),
             "magnet:?xt=urn:btih:" + v1_hash + "0", "magnet:?xt=urn:btih:" + std::string(32, '1'),
             "magnet:?xt=urn:btmh:1220" + std::string(63, '0'), "magnet:?xt=urn:sha1:" + v1_hash,
             "magnet:?xt=urn:btih:" + v1_hash + "&dn=a%0d%0ab",
             "magnet:?xt=urn:btih:" + v1_hash + "&dn=a b"}) {
        CAPTURE(text);
        CHECK(parse_watch_url(text, with_gateway).has_error());
    }
}

TEST_CASE("watch url: a gateway is a host and a port, whatever else its URL says") {
    auto const place = [](char const* text) {
        auto const gateway = parse_gateway(text);
        return gateway ? to_text(*gateway) : std::string();
    };
    CHECK(place("http://127.0.0.1:8090/stream?magnet={magnet}") == "127.0.0.1:8090");
    CHECK(place("http://user:p@ss@torrents.lan/{magnet}") == "torrents.lan:80");
    CHECK(place("HTTPS://[::1]?{magnet}") == "[::1]:443");
    for (auto const* const wrong : {"", "http:", "http://", "http:/a/{magnet}", "ftp://a/{magnet}",
                                    "a/{magnet}", "http://127.1/{magnet}", "http://{magnet}/"})
        CHECK(place(wrong).empty());
}

TEST_CASE("watch url: the gateway itself is not a stranger's to call") {
    CHECK(watched("http://127.0.0.1:8090/shutdown", with_gateway).starts_with("refused"));
}

} // namespace continuo::watch_url_test
