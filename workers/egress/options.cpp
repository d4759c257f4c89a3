#include "workers/egress/options.hpp"

#include "core/base/watch_url.hpp"
#include "core/os/program.hpp"

#include <CLI/CLI.hpp>

#include <string_view>
#include <vector>

namespace continuo::egress {
namespace {

WebPlace gateway_in(std::string_view url) {
    auto place = parse_gateway(url);
    if (!place) throw CLI::ValidationError("--gateway: " + place.error().context);
    return *std::move(place);
}

} // namespace

std::variant<Options, Message> parse_options(std::span<char const* const> arguments) {
    CLI::App app(
        "An HTTP proxy on 127.0.0.1 through which mpv, ffmpeg and ffprobe fetch what strangers\n"
        "name: GET, HEAD and CONNECT to addresses that are anybody's, to nobody else's.",
        "continuo-egress");
    Options options;
    std::string gateway;
    app.add_option("--port", options.port, "on 127.0.0.1; 0 takes a free one")
        ->capture_default_str();
    app.add_option("--gateway", gateway,
                   "URL of a torrent gateway: a second port, on which its host and port are\n"
                   "allowed as well, whatever their address");
    app.add_option("--gateway-port", options.gateway_port, "that second port; 0 takes a free one")
        ->capture_default_str();
    app.add_flag("--allow-private", options.allow_private,
                 "private and loopback addresses, and all ports, are allowed");
    app.set_version_flag("--version", "continuo-egress " CONTINUO_VERSION);
    app.footer(
        "The first line on stderr says where it listens:\n"
        "  listening on 127.0.0.1:4711\n"
        "  listening on 127.0.0.1:4711, for the gateway on 127.0.0.1:4712\n"
        "What it does not fetch is a line \"refused HOST:PORT: reason\"; the client is told by\n"
        "a status such as 403, whose reason phrase is \"Not fetched: ...\".\n"
        "It runs until it is killed. Exit codes: 64 usage, 71 the port can't be opened.");
    try {
        std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
        if (!gateway.empty()) options.gateway = gateway_in(gateway);
        return options;
    } catch (CLI::CallForHelp const&) {
        return Message{app.help(), os::exit_ok};
    } catch (CLI::CallForVersion const&) {
        return Message{"continuo-egress " CONTINUO_VERSION "\n", os::exit_ok};
    } catch (CLI::ParseError const& error) {
        return Message{std::string("continuo-egress: ") + error.what() + " (see --help)\n",
                       os::exit_usage};
    }
}

} // namespace continuo::egress
