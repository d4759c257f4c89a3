#include "cli/ask.hpp"

#include "cli/configuration.hpp"
#include "cli/control_client.hpp"
#include "cli/status_table.hpp"
#include "core/base/redact.hpp"
#include "core/contract/layout.hpp"
#include "core/os/file.hpp"

#include <boost/system/errc.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>

namespace continuo::cli {
namespace {

namespace errc = boost::system::errc;

/// Where the daemon of that file listens. A file with mistakes keeps nobody from asking one that
/// runs, nor does none at all.
fs::path socket_of(ConfigFile const& given) {
    auto const file = config_file(given);
    auto const text = os::read_file(file);
    auto const configured = config::load_runtime_dir(text ? *text : "", file.string());
    return contract::control_socket(runtime_dir_of(configured));
}

std::string why_no_answer(Error const& error, fs::path const& socket) {
    if (error.code == errc::no_such_file_or_directory || error.code == errc::connection_refused)
        return fmt::format(
            "no daemon answers at {}: start it with continuo run (or systemctl start "
            "continuo)",
            socket.string());
    return fmt::format("no answer from the daemon at {}: {}", socket.string(),
                       error.code.message());
}

/// Asks, and hands a good answer to `print`.
int ask_daemon(ConfigFile const& config, contract::ControlRequest const& request,
               std::function<int(std::string const& result)> const& print) {
    auto const socket = socket_of(config);
    auto const reply = ask(socket, request);
    if (!reply) {
        fmt::print(stderr, "{}\n", why_no_answer(reply.error(), socket));
        return os::exit_unavailable;
    }
    if (!reply->ok) {
        fmt::print(stderr, "{}\n", reply->message);
        return reply->error == "not_found" ? os::exit_usage : os::exit_config;
    }
    return print(reply->result);
}

int print_line(std::string const& line) {
    fmt::print("{}\n", line);
    return os::exit_ok;
}

int print_table(std::string const& result) {
    auto const table = status_table(result);
    if (!table) {
        fmt::print(stderr, "{}\n", to_text(table.error()));
        return os::exit_bug;
    }
    fmt::print("{}", *table);
    return os::exit_ok;
}

} // namespace

int status(Status const& options) {
    contract::ControlRequest const request{.op = "status", .channel = {}};
    if (options.json) return ask_daemon(options.config, request, print_line);
    return ask_daemon(options.config, request, print_table);
}

int restart(Restart const& options) {
    contract::ControlRequest const request{.op = "restart", .channel = options.channel};
    return ask_daemon(options.config, request, [&](std::string const&) {
        return print_line(fmt::format("channel \"{}\" starts anew", options.channel));
    });
}

int switch_to(Switch const& options) {
    contract::ControlRequest const request{
        .op = "switch", .channel = options.channel, .url = options.url};
    return ask_daemon(options.config, request, [&](std::string const&) {
        return print_line(fmt::format("channel \"{}\" switches to {}", options.channel,
                                      without_credentials(options.url)));
    });
}

int order_cue(CueOrder const& options) {
    contract::ControlRequest const request{
        .op = "cue", .channel = options.channel, .cue = options.request};
    return ask_daemon(options.config, request, [&](std::string const& result) {
        auto const told = nlohmann::json::parse(result, nullptr, /*allow_exceptions=*/false);
        if (!told.is_object()) return print_line(result);
        return print_line(fmt::format("channel \"{}\": {} of break {} is on its way",
                                      options.channel,
                                      told.value("kind", "") == "in" ? "IN" : "OUT",
                                      told.value("event_id", std::uint32_t{})));
    });
}

int reload(Reload const& options) {
    auto const configuration = load_configuration(options.config);
    if (!configuration) {
        print_problems(configuration.error());
        return os::exit_config;
    }
    contract::ControlRequest const request{.op = "reload", .channel = {}};
    return ask_daemon(options.config, request,
                      [](std::string const&) { return print_line("reloaded"); });
}

} // namespace continuo::cli
