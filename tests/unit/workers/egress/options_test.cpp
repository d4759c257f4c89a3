#include "core/os/program.hpp"
#include "workers/egress/options.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace continuo::egress::options_test {

auto parse(std::vector<char const*> const& arguments) {
    return parse_options(arguments);
}

TEST_CASE("egress options: nothing is allowed that was not asked for") {
    auto const parsed = parse({});
    auto const& options = std::get<Options>(parsed);
    CHECK(options.port == 0);
    CHECK_FALSE(options.allow_private);
    CHECK_FALSE(options.gateway.has_value());
}

TEST_CASE("egress options: the gateway is a host and a port of its URL") {
    auto const gateway = [](char const* url) {
        auto const parsed = parse(
            {"--port", "4711", "--allow-private", "--gateway", url, "--gateway-port", "4712"});
        auto const& options = std::get<Options>(parsed);
        CHECK(options.port == 4711);
        CHECK(options.gateway_port == 4712);
        CHECK(options.allow_private);
        return to_text(options.gateway.value());
    };
    CHECK(gateway("http://127.0.0.1:8090/stream?magnet={magnet}") == "127.0.0.1:8090");
    CHECK(gateway("http://user:p@ss@torrents.lan/{magnet}") == "torrents.lan:80");
    CHECK(gateway("https://[::1]?{magnet}") == "[::1]:443");
}

TEST_CASE("egress options: what is wrong is said, with its exit code") {
    for (auto const& arguments :
         std::vector<std::vector<char const*>>{{"--port", "65536"},
                                               {"--port", "x"},
                                               {"--gateway", "ftp://a/"},
                                               {"--gateway", "http:///x"},
                                               {"--gateway", "http://127.1/"},
                                               {"extra"}}) {
        auto const parsed = parse(arguments);
        auto const& message = std::get<Message>(parsed);
        CHECK(message.exit_code == os::exit_usage);
        CHECK(message.text.find("see --help") != std::string::npos);
    }
    auto const help = parse({"--help"});
    CHECK(std::get<Message>(help).exit_code == os::exit_ok);
    auto const version = parse({"--version"});
    CHECK(std::get<Message>(version).text == "continuo-egress " CONTINUO_VERSION "\n");
}

} // namespace continuo::egress::options_test
