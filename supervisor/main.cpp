// continuod: the control plane. Arguments, config, log, objects, run, exit code.
#include "core/config/load.hpp"
#include "core/os/file.hpp"
#include "core/os/log.hpp"
#include "core/os/program.hpp"
#include "core/os/runtime_dir.hpp"
#include "supervisor/daemon.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace continuo {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

/// The wall clock as it was at the start, carried on by the steady one: steps of the system's clock
/// do not reach the streams.
std::function<std::chrono::sys_time<std::chrono::microseconds>()> unstepped_wall_clock() {
    auto const wall = std::chrono::time_point_cast<std::chrono::microseconds>(system_clock::now());
    auto const steady = steady_clock::now();
    return [wall, steady] {
        return wall +
               std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - steady);
    };
}

/// Start times in base 36, one millisecond apart at least: unique on this machine, and in order.
std::function<std::string()> run_names() {
    return [last = std::int64_t{0}]() mutable {
        auto const now = std::chrono::duration_cast<std::chrono::milliseconds>(
                             system_clock::now().time_since_epoch())
                             .count();
        last = std::max<std::int64_t>(last + 1, now);
        std::string name;
        for (auto rest = last; rest > 0; rest /= 36)
            name.insert(name.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[rest % 36]);
        return name;
    };
}

/// A directory that systemd made for this service it removes when the service is stopped, but not
/// when it is restarted (RuntimeDirectoryPreserve=restart): viewers are to see the list go on then,
/// and nobody tells us which of the two it is.
supervisor::Channel::Stop what_to_do_with_files(std::filesystem::path const& runtime_dir) {
    auto const* const made = std::getenv("RUNTIME_DIRECTORY"); // "/run/a:/run/b"
    auto const named = fmt::format(":{}:", made ? made : "").find(":" + runtime_dir.string() + ":");
    return named == std::string::npos ? supervisor::Channel::Stop::remove
                                      : supervisor::Channel::Stop::keep;
}

void wait_for_signals(boost::asio::signal_set& signals, supervisor::Daemon& daemon,
                      boost::asio::io_context& loop, supervisor::Channel::Stop how) {
    signals.async_wait([&, how](boost::system::error_code code, int number) {
        if (code) return;
        if (number == SIGHUP) {
            ::sd_notify(0, "RELOADING=1");
            if (auto const done = daemon.reload())
                spdlog::info("reloaded: {}", *done);
            else
                spdlog::error("reload: {}", done.error().context);
            ::sd_notify(0, "READY=1");
            wait_for_signals(signals, daemon, loop, how);
            return;
        }
        spdlog::info("stopping");
        ::sd_notify(0, "STOPPING=1");
        daemon.stop(how, [&] { loop.stop(); });
        wait_for_signals(signals, daemon, loop, how);
    });
}

int run(std::filesystem::path const& config_file) {
    auto const text = os::read_file(config_file);
    if (!text) {
        fmt::print(stderr, "continuod: {}\n", to_text(text.error()));
        return os::exit_config;
    }
    auto config = config::load(*text, config_file.string());
    if (!config) {
        for (auto const& diagnostic : config.error())
            fmt::print(stderr, "{}\n", config::to_text(diagnostic));
        return os::exit_config;
    }
    os::start_log("continuod", config->log_level);
    auto const runtime_dir = os::effective_runtime_dir(config->runtime_dir);
    auto const state_dir = os::effective_state_dir(config->state_dir, os::Access::owner);
    for (auto const* directory : {&runtime_dir, &state_dir}) {
        if (!*directory) {
            spdlog::error("{}", to_text(directory->error()));
            return os::exit_system;
        }
        if (!(*directory)->note.empty()) spdlog::warn("{}", (*directory)->note);
    }

    boost::asio::io_context loop(1);
    auto watches = segment::DirectoryWatches::open(loop.get_executor());
    if (!watches) {
        spdlog::error("{}", to_text(watches.error()));
        return os::exit_system;
    }
    auto const own_folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    supervisor::Surroundings surroundings{.executor = loop.get_executor(),
                                          .watches = **watches,
                                          .runtime_dir = runtime_dir->path,
                                          .state_dir = state_dir->path,
                                          .segmenter = (own_folder / "continuo-segment").string(),
                                          .wall_clock = unstepped_wall_clock(),
                                          .new_run_name = run_names(),
                                          .random = std::minstd_rand(std::random_device{}())};
    supervisor::Daemon daemon(surroundings, config_file, *std::move(config));
    boost::asio::signal_set signals(loop, SIGTERM, SIGINT, SIGHUP);
    wait_for_signals(signals, daemon, loop, what_to_do_with_files(runtime_dir->path));
    if (auto const started = daemon.start(); !started) {
        spdlog::error("{}", to_text(started.error()));
        return os::exit_system;
    }
    ::sd_notify(0, "READY=1");
    loop.run();
    spdlog::info("stopped");
    return os::exit_ok;
}

} // namespace
} // namespace continuo

int main(int argc, char** argv) {
    CLI::App app{
        "continuod: starts, watches and restarts the processes of every channel in the config.\n"
        "SIGHUP reads the config again, SIGTERM ends everything and leaves no file on tmpfs."};
    std::string config_file = "/etc/continuo/config.yaml";
    app.add_option("--config", config_file, "the config file")->capture_default_str();
    app.set_version_flag("--version", "continuod " CONTINUO_VERSION);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? continuo::os::exit_ok : continuo::os::exit_usage;
    }
    return continuo::os::run_main("continuod", [&] { return continuo::run(config_file); });
}
