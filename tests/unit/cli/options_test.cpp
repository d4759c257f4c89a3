#include "cli/options.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace continuo::cli::options_test {

Options parse(std::vector<char const*> arguments) {
    arguments.insert(arguments.begin(), "continuo");
    return parse_arguments(static_cast<int>(arguments.size()), arguments.data());
}

Answer answer_to(std::vector<char const*> const& arguments) {
    auto const options = parse(arguments);
    REQUIRE(std::holds_alternative<Answer>(options));
    return std::get<Answer>(options);
}

TEST_CASE("options: each command with what it takes") {
    CHECK(std::get<Check>(parse({"check", "a.yaml"})).file == "a.yaml");
    CHECK_FALSE(std::get<Check>(parse({"check"})).file.has_value());
    CHECK(std::get<Run>(parse({"run", "--config", "a.yaml"})).config == "a.yaml");
    CHECK_FALSE(std::get<Run>(parse({"run"})).config.has_value());
    CHECK_FALSE(std::get<Run>(parse({"run"})).from_env);
    CHECK(std::get<Run>(parse({"run", "--from-env"})).from_env);
    CHECK_FALSE(std::get<Status>(parse({"status"})).json);
    auto const status = std::get<Status>(parse({"status", "--json", "--config", "a.yaml"}));
    CHECK(status.json);
    CHECK(status.config == "a.yaml");
    CHECK(std::get<Restart>(parse({"restart", "demo"})).channel == "demo");
    auto const change = std::get<Switch>(parse({"switch", "live", "http://host/a.m3u8"}));
    CHECK(change.channel == "live");
    CHECK(change.url == "http://host/a.m3u8");
    CHECK(std::get<Reload>(parse({"reload", "--config", "a.yaml"})).config == "a.yaml");
    CHECK(std::get<Completion>(parse({"completion", "zsh"})).shell == "zsh");
    auto const verify = std::get<VerifyOptions>(parse({"verify", "http://host/a.m3u8", "--json"}));
    CHECK(verify.url == "http://host/a.m3u8");
    CHECK(verify.json);
    auto const analysis = std::get<AnalyzeOptions>(parse({"analyze", "a/m.mpd", "--json"}));
    CHECK(analysis.manifest == "a/m.mpd");
    CHECK(analysis.json);
}

TEST_CASE("options: help goes to stdout and fits one screen, for every command") {
    std::vector<std::vector<char const*>> const questions{{"--help"},
                                                          {"run", "--help"},
                                                          {"check", "--help"},
                                                          {"status", "--help"},
                                                          {"restart", "--help"},
                                                          {"switch", "--help"},
                                                          {"reload", "--help"},
                                                          {"verify", "--help"},
                                                          {"completion", "--help"},
                                                          {"resegment", "--help"},
                                                          {"analyze", "--help"}};
    for (auto const& question : questions) {
        auto const help = answer_to(question);
        CHECK(help.exit_code == os::exit_ok);
        CHECK(help.errors.empty());
        CHECK(help.output.find("Usage: continuo") != std::string::npos);
        CHECK(std::count(help.output.begin(), help.output.end(), '\n') <= 24);
    }
}

TEST_CASE("options: the version is one line") {
    CHECK(answer_to({"--version"}).output == "continuo " CONTINUO_VERSION "\n");
}

TEST_CASE("options: wrong usage is said on stderr, exit 64") {
    std::vector<std::vector<char const*>> const mistakes{{},
                                                         {"fly"},
                                                         {"restart"},
                                                         {"switch"},
                                                         {"switch", "live"},
                                                         {"switch", "live", "host/a.m3u8"},
                                                         {"switch", "live", "http://"},
                                                         {"switch", "live", "http://h", "x"},
                                                         {"check", "a", "b"},
                                                         {"run", "--fast"},
                                                         {"run", "--from-env", "--config", "a"},
                                                         {"check", "--from-env"},
                                                         {"completion"},
                                                         {"completion", "csh"},
                                                         {"status", "--config"},
                                                         {"verify"}};
    for (auto const& mistake : mistakes) {
        auto const complaint = answer_to(mistake);
        CHECK(complaint.exit_code == os::exit_usage);
        CHECK(complaint.output.empty());
        CHECK_FALSE(complaint.errors.empty());
    }
}

TEST_CASE("options: what is no stream's URL is told in words, without its password") {
    auto const complaint = answer_to({"switch", "live", "ftp://user:secret@host/a"}).errors;
    CHECK(complaint.starts_with("URL: has to begin with http:// or https://\n"));
    CHECK(complaint.find("secret") == std::string::npos);
}

} // namespace continuo::cli::options_test
