#include "cli/ask.hpp"

#include "cli/configuration.hpp"
#include "cli/control_client.hpp"
#include "cli/status_table.hpp"
#include "core/contract/layout.hpp"

#include <boost/system/errc.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <functional>
#include <string>
#include <system_error>

namespace continuo::cli {
namespace {

namespace errc = boost::system::errc;

/// A file with mistakes must not keep anybody from asking a daemon that runs: its runtime_dir is
/// what matters, and with mistakes in the file the default is the best guess.
config::Config config_or_default(ConfigFile const& given) {
    std::error_code ignored;
    if (!given && !fs::exists(config_file(given), ignored)) return {};
    auto const configuration = load_configuration(given);
    if (configuration) return configuration->config;
    for (auto const& line : configuration.error())
        fmt::print(stderr, "{}\n", line);
    return {};
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
    auto const socket = contract::control_socket(runtime_dir_of(config_or_default(config)));
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

int reload(Reload const& options) {
    contract::ControlRequest const request{.op = "reload", .channel = {}};
    return ask_daemon(options.config, request,
                      [](std::string const&) { return print_line("reloaded"); });
}

} // namespace continuo::cli
