#include "http/settings.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

namespace settings_test {

using namespace continuo;

struct Fixture {
    std::filesystem::path write(std::string const& name, std::string const& text) const {
        auto const path = directory.path() / name;
        std::ofstream(path) << text;
        return path;
    }
    /// The first problem of a file with this text; empty when there is none.
    std::string problem_of(std::string const& yaml) const {
        auto const loaded = load_settings({.config_file = write("c.yaml", yaml), .listen = {}});
        return loaded ? "" : loaded.error().front();
    }

    test::TemporaryDirectory directory;
};

TEST_CASE("settings: --listen is an address and a port, of which 0 means any free one") {
    CHECK(parse_listen("127.0.0.1:8080") == config::Endpoint{"127.0.0.1", 8080});
    CHECK(parse_listen("127.0.0.1:0") == config::Endpoint{"127.0.0.1", 0});
    CHECK(parse_listen("[::1]:0") == config::Endpoint{"::1", 0});
    for (std::string const text : {"", ":0", "0", "localhost:0", "::1:0", "1.2.3.4:00", "1.2.3.4"})
        CHECK_MESSAGE(!parse_listen(text), text);
}

TEST_CASE_FIXTURE(Fixture, "settings: --listen goes before the file's http.listen") {
    auto const file = write("c.yaml", "http: { listen: 0.0.0.0:80, threads: 3 }\n");
    auto const settings =
        load_settings({.config_file = file, .listen = parse_listen("127.0.0.1:0")});
    REQUIRE(settings.has_value());
    CHECK(settings->config.http.address == "127.0.0.1");
    CHECK(settings->config.http.port == 0);
    CHECK(settings->config.http.threads == 3);
    CHECK(settings->token.empty());
}

TEST_CASE_FIXTURE(Fixture,
                  "settings: the token is the file's text without the space around its end") {
    write("token", "correct horse \r\n\n");
    auto const file = write("c.yaml", "http: { token_file: token }\n");
    auto const settings = load_settings({.config_file = file, .listen = {}});
    REQUIRE(settings.has_value());
    CHECK(settings->token == "correct horse");
}

TEST_CASE_FIXTURE(Fixture, "settings: sessions have a token of their own") {
    write("one", "for channels");
    write("two", "for sessions\n");
    auto const file = write("c.yaml", "http: { token_file: one }\nwatch: { token_file: two }\n");
    auto const settings = load_settings({.config_file = file, .listen = {}});
    REQUIRE(settings.has_value());
    CHECK(settings->token == "for channels");
    CHECK(settings->watch_token == "for sessions");
}

TEST_CASE_FIXTURE(Fixture,
                  "settings: a token file that is empty or missing is a problem, never no token") {
    write("empty", " \n");
    CHECK(problem_of("http: { token_file: empty }\n").find("holds no token") != std::string::npos);
    CHECK(problem_of("http: { token_file: none }\n").find("No such file") != std::string::npos);
    auto const of_watch = problem_of("watch: { token_file: none }\n");
    CHECK(of_watch.find("watch.token_file: ") != std::string::npos);
    CHECK(of_watch.find("No such file") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "settings: problems name their place") {
    auto const place = (directory.path() / "c.yaml").string() + ":1:18: http.threads: ";
    CHECK(problem_of("http: { threads: many }\n").starts_with(place));
    auto const missing = load_settings({.config_file = directory.path() / "none", .listen = {}});
    REQUIRE(!missing.has_value());
    CHECK(missing.error().front().find("No such file") != std::string::npos);
}

TEST_CASE("settings: what a running process can't take over is named as in the file") {
    config::Config const running;
    auto next = running;
    next.log_level = "debug";
    next.http.max_connections = 1;
    next.channels.resize(1);
    CHECK(keys_that_need_restart(running, next).empty());
    next.http.port = 1;
    next.http.threads = 7;
    next.runtime_dir = "/elsewhere";
    CHECK(keys_that_need_restart(running, next) ==
          std::vector<std::string>{"runtime_dir", "http.listen", "http.threads"});
}

} // namespace settings_test
