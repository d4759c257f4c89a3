#include "tests/support/command_text.hpp"
#include "tests/support/golden.hpp"
#include "workers/mpv/command_line.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace continuo::workers::mpv::command_line_test {

using namespace std::chrono_literals;

void check(Command const& command, std::string const& name) {
    CAPTURE(name);
    auto const text = test::command_text(command);
    CHECK(text == test::golden("command_lines/" + name + ".txt", text));
}

TEST_CASE("mpv command: a film with its tracks, from its start and from the middle") {
    check(decode({.location = "/films/a film.mkv", .audio = 2, .subtitle = 1}), "mpv_film");
    check(decode({.location = "https://example.com/film.mkv?token=a",
                  .audio = 1,
                  .subtitle = {},
                  .position = 61'500ms}),
          "mpv_position");
    check(decode({.location = "/films/a film.mkv", .subtitle = 1, .position = 500ms}),
          "mpv_position_subtitle");
}

TEST_CASE("mpv command: what strangers named is fetched through the proxy and nothing else") {
    auto const command =
        decode({.location = "https://example.com/film.mkv", .proxy = "http://127.0.0.1:4711"});
    check(command, "mpv_proxy");
    CHECK(command.environment == std::vector<std::string>{"http_proxy=http://127.0.0.1:4711"});
}

TEST_CASE("mpv command: a name is never an option, a URL or standard input") {
    for (auto const* const name : {"--script=evil.lua", "-", "-o", "film.mkv", "@list"}) {
        auto const command = decode({.location = name});
        CHECK(command.arguments.back() == std::string("./") + name);
        CHECK(*std::prev(command.arguments.end(), 2) == "--");
    }
}

TEST_CASE("mpv command: tracks that are not chosen are off") {
    auto const command = decode({.location = "/a.mkv"});
    for (auto const* const off : {"--aid=no", "--sid=no"})
        CHECK(std::ranges::count(command.arguments, off) == 1);
}

} // namespace continuo::workers::mpv::command_line_test
