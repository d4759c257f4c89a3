#include "workers/icecast/options.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace continuo::icecast::options_test {

auto parse(std::vector<char const*> const& arguments) {
    return parse_options(arguments);
}

Message message(std::vector<char const*> const& arguments) {
    auto parsed = parse(arguments);
    REQUIRE(std::holds_alternative<Message>(parsed));
    return std::get<Message>(parsed);
}

TEST_CASE("icecast options: the player has none") {
    CHECK(std::holds_alternative<PlayOptions>(parse({"play"})));
}

TEST_CASE("icecast options: what a sender is told") {
    auto const parsed =
        parse({"send", "--host", "radio.example", "--port", "8443", "--mount", "/live.aac",
               "--password-file", "/etc/pw", "--title-file", "/run/title", "--content-type",
               "audio/aac", "--name", "live", "--bitrate", "96"});
    REQUIRE(std::holds_alternative<SendOptions>(parsed));
    auto const& options = std::get<SendOptions>(parsed);
    CHECK(options.server.host == "radio.example");
    CHECK(options.server.port == 8443);
    CHECK(options.server.mount == "/live.aac");
    CHECK(options.password_file == "/etc/pw");
    CHECK(options.title_file == "/run/title");
    CHECK(options.stream.content_type == "audio/aac");
    CHECK(options.stream.name == "live");
    CHECK(options.stream.bitrate_kbps == 96);
}

TEST_CASE("icecast options: wrong usage is said in one line, with exit code 64") {
    for (auto const& arguments : std::vector<std::vector<char const*>>{
             {},
             {"sing"},
             {"play", "--host", "x"},
             {"send", "--host", "radio.example"},
             {"send", "--host", "h", "--mount", "/m", "--password-file", "p", "--port", "70000"}}) {
        auto const answer = message(arguments);
        CHECK(answer.exit_code == 64);
        CHECK(answer.text.starts_with("continuo-icecast: "));
        CHECK(answer.text.ends_with(" (see --help)\n"));
        CHECK(std::count(answer.text.begin(), answer.text.end(), '\n') == 1);
    }
}

TEST_CASE("icecast options: help names both parts, and version the version") {
    auto const help = message({"--help"});
    CHECK(help.exit_code == 0);
    CHECK(help.text.find("play") != std::string::npos);
    CHECK(help.text.find("--password-file") != std::string::npos);
    CHECK(message({"--version"}).text.starts_with("continuo-icecast "));
}

} // namespace continuo::icecast::options_test
