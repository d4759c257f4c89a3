#include "cli/run.hpp"

#include "cli/configuration.hpp"
#include "cli/environment_files.hpp"
#include "cli/free_port.hpp"
#include "cli/program.hpp"
#include "cli/readiness.hpp"
#include "core/contract/layout.hpp"
#include "core/contract/watch.hpp"
#include "core/os/log.hpp"
#include "core/os/runtime_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <signal.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace continuo::cli {
namespace {

using namespace std::chrono_literals;

// The daemon gives its children 1.4 s and then removes its files; HTTP has nothing to clean up.
constexpr auto daemon_grace = 3s;
constexpr auto http_grace = 2s;

/// What a child does not inherit by itself, and needs to find its directories and to write local
/// times.
std::vector<std::string> inherited_environment() {
    std::vector<std::string> variables;
    for (auto const* name : {"HOME", "XDG_STATE_HOME", "TZ"})
        if (auto const* const value = std::getenv(name); value != nullptr)
            variables.push_back(fmt::format("{}={}", name, value));
    return variables;
}

/// A program that lies beside ours.
workers::Command sibling(std::string const& name, fs::path const& config_file,
                         Readiness const& readiness) {
    workers::Command command{.name = name,
                             .executable =
                                 (fs::read_symlink("/proc/self/exe").parent_path() / name).string(),
                             .arguments = {"--config", config_file.string()},
                             .environment = inherited_environment(),
                             .nice = 0};
    command.environment.push_back(readiness.variable());
    return command;
}

/// As URLs and --listen have it.
std::string endpoint_text(std::string const& address, std::uint16_t port) {
    auto const is_v6 = address.find(':') != std::string::npos;
    return is_v6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

std::string page_url(config::Http const& http) {
    auto const everywhere = http.address == "0.0.0.0" || http.address == "::";
    return fmt::format("http://{}/",
                       endpoint_text(everywhere ? "localhost" : http.address, http.port));
}

/// continuo-http, at the address of the configuration or, if `port` says so, beside it.
workers::Command http_command(Configuration const& configuration, Readiness const& readiness,
                              std::optional<std::uint16_t> port) {
    auto command = sibling("continuo-http", fs::absolute(configuration.file), readiness);
    if (port)
        command.arguments.insert(
            command.arguments.end(),
            {"--listen", endpoint_text(configuration.config.http.address, *port)});
    return command;
}

/// What a daemon that was killed could not take away itself.
void remove_leftovers(fs::path const& runtime_dir, bool is_fallback) {
    std::error_code ignored;
    fs::remove_all(contract::channels_directory(runtime_dir), ignored);
    fs::remove_all(contract::watch_directory(runtime_dir), ignored);
    fs::remove_all(runtime_dir / "relay", ignored);
    fs::remove(contract::control_socket(runtime_dir), ignored);
    if (is_fallback) fs::remove(runtime_dir, ignored); // only when it is empty
}

/// Daemon and HTTP from the first start to the last end; lives on `run`'s stack.
class Pair {
public:
    /// `port`: instead of that of the configuration.
    Pair(boost::asio::io_context& loop, Configuration const& configuration,
         std::unique_ptr<Readiness> readiness, std::optional<std::uint16_t> port)
        : served_at_(configuration.config.http)
        , readiness_(std::move(readiness))
        , signals_(loop, SIGINT, SIGTERM, SIGHUP)
        , daemon_(loop.get_executor(),
                  sibling("continuod", fs::absolute(configuration.file), *readiness_),
                  {.on_end = [this](int code) { on_daemon_end(code); }})
        , http_(loop.get_executor(), http_command(configuration, *readiness_, port),
                {.on_end = [this](int code) { on_http_end(code); }}) {
        if (port) served_at_.port = *port;
    }

    Result<> start() {
        wait_for_signal();
        readiness_->listen([this](pid_t pid) { on_ready(pid); });
        if (auto started = daemon_.start(); !started) return started;
        if (auto const started = http_.start(); !started) {
            spdlog::error("{}", to_text(started.error()));
            stop(os::exit_system);
        }
        return {};
    }

    int exit_code() const { return exit_code_; }
    bool daemon_was_ready() const { return daemon_.was_ever_ready(); }

private:
    enum class Phase : std::uint8_t { running, stopping_daemon, stopping_http, stopped };

    void on_ready(pid_t pid) {
        daemon_.on_ready(pid);
        http_.on_ready(pid);
        if (daemon_.is_ready() && http_.is_ready() && !std::exchange(announced_, true)) {
            fmt::print("the page: {}\n", page_url(served_at_));
            std::fflush(stdout);
        }
    }

    void wait_for_signal() {
        signals_.async_wait([this](boost::system::error_code code, int number) {
            if (code) return;
            on_signal(number);
            wait_for_signal();
        });
    }

    void on_signal(int number) {
        if (number == SIGHUP) {
            daemon_.signal(SIGHUP);
            http_.signal(SIGHUP);
        } else if (phase_ == Phase::running) {
            stop(os::exit_ok);
        } else { // asked twice: somebody is in a hurry
            daemon_.kill();
            http_.kill();
        }
    }

    /// The daemon first, so that viewers get what it still lists while it ends.
    void stop(int exit_code) {
        exit_code_ = exit_code;
        phase_ = Phase::stopping_daemon;
        daemon_.stop(daemon_grace);
    }

    void on_daemon_end(int code) {
        if (phase_ == Phase::running) exit_code_ = code;
        phase_ = Phase::stopping_http;
        http_.stop(http_grace);
    }

    void on_http_end(int code) {
        if (phase_ == Phase::running) return stop(code);
        if (phase_ != Phase::stopping_http) return; // it went by itself while the daemon stops
        phase_ = Phase::stopped;
        signals_.cancel();
        readiness_.reset();
    }

    config::Http served_at_;
    std::unique_ptr<Readiness> readiness_;
    boost::asio::signal_set signals_;
    Program daemon_;
    Program http_;
    Phase phase_{Phase::running};
    bool announced_{false};
    int exit_code_{os::exit_ok};
};

int run_file(ConfigFile const& file) {
    auto const configuration = load_configuration(file);
    if (!configuration) {
        print_problems(configuration.error());
        return os::exit_config;
    }
    os::start_log("continuo", configuration->config.log_level);
    auto const& wanted = configuration->config.runtime_dir;
    // Made here, so that both find it whichever looks first.
    auto const runtime_dir = os::effective_runtime_dir(wanted);
    if (!runtime_dir) {
        spdlog::error("{}", to_text(runtime_dir.error()));
        return os::exit_system;
    }

    boost::asio::io_context loop(1);
    auto readiness = Readiness::open(loop.get_executor());
    if (!readiness) {
        spdlog::error("{}", to_text(readiness.error()));
        return os::exit_system;
    }
    Pair pair(loop, *configuration, std::move(*readiness),
              offer_free_port(configuration->config.http));
    if (auto const started = pair.start(); !started) {
        spdlog::error("{}", to_text(started.error()));
        return os::exit_system;
    }
    loop.run();
    if (pair.daemon_was_ready()) remove_leftovers(runtime_dir->path, runtime_dir->path != wanted);
    return pair.exit_code();
}

int run_environment() {
    auto const made = config::from_environment([](std::string const& name) {
        auto const* const value = std::getenv(name.c_str());
        return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
    });
    if (!made) {
        print_problems(made.error());
        return os::exit_config;
    }
    os::start_log("continuo", config::Config{}.log_level);
    auto const files = EnvironmentFiles::write(*made);
    if (!files) {
        spdlog::error("{}", to_text(files.error()));
        return os::exit_system;
    }
    for (auto const& note : made->notes)
        spdlog::info("{}", note);
    return run_file((*files)->config_file());
}

} // namespace

int run(Run const& options) {
    return options.from_env ? run_environment() : run_file(options.config);
}

} // namespace continuo::cli
