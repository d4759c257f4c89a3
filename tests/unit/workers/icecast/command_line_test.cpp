#include "tests/support/command_text.hpp"
#include "tests/support/golden.hpp"
#include "workers/icecast/command_line.hpp"

#include <doctest/doctest.h>

namespace continuo::workers::icecast::command_line_test {

constexpr auto executable = "/usr/bin/continuo-icecast";

TEST_CASE("icecast command: the player needs nothing but its input") {
    auto const text = test::command_text(play(executable));
    CHECK(text == test::golden("command_lines/icecast_play.txt", text));
}

TEST_CASE("icecast command: the sender knows where the password is, not what it is") {
    SendOptions options{.icecast = {.host = "radio.example",
                                    .port = 8443,
                                    .password_file = "/etc/continuo/icecast",
                                    .mount = "/live.aac",
                                    .bitrate_bps = 96'000,
                                    .format = config::Icecast::Format::aac},
                        .channel = "live",
                        .title_file = "/run/channels/live/icecast-title"};
    auto const text = test::command_text(send(executable, options));
    CHECK(text == test::golden("command_lines/icecast_send.txt", text));

    options.icecast.format = config::Icecast::Format::mp3;
    CHECK(test::command_text(send(executable, options)).find("audio/mpeg") != std::string::npos);
}

} // namespace continuo::workers::icecast::command_line_test
