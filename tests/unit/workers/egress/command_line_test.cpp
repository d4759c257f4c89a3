#include "workers/egress/command_line.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::workers::egress::command_line_test {

TEST_CASE("egress command: what the config says, nothing else") {
    CHECK(serve("/usr/bin/continuo-egress", {}).arguments ==
          std::vector<std::string>{"--port", "0"});
    auto const gateway = "http://127.0.0.1:8090/stream?magnet={magnet}";
    CHECK(
        serve("x", {.port = 4711, .gateway_port = 4712, .allow_private = true, .gateway = gateway})
            .arguments == std::vector<std::string>{"--port", "4711", "--allow-private", "--gateway",
                                                   gateway, "--gateway-port", "4712"});
}

TEST_CASE("egress command: the line about its doors is read as it is written") {
    for (auto const& doors :
         {Doors{.proxy = "http://127.0.0.1:4711"},
          Doors{.proxy = "http://127.0.0.1:4711", .gateway = "http://127.0.0.1:4712"}})
        CHECK((parse_doors(to_text(doors)) == doors));
    CHECK(to_text(Doors{.proxy = "http://127.0.0.1:1", .gateway = "http://127.0.0.1:2"}) ==
          "listening on 127.0.0.1:1, for the gateway on 127.0.0.1:2");
    CHECK_FALSE(parse_doors("").has_value());
    CHECK_FALSE(parse_doors("refused listening on 127.0.0.1:1").has_value());
}

TEST_CASE("egress command: the reason is found in what ffmpeg says, to its end") {
    CHECK(reason_in("[http @ 0x1] HTTP error 403 Not fetched: a.example leads to b. \r") ==
          "a.example leads to b.");
    CHECK_FALSE(reason_in("[http @ 0x1] HTTP error 403 Forbidden").has_value());
    CHECK_FALSE(reason_in("").has_value());
}

} // namespace continuo::workers::egress::command_line_test
