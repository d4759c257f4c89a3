// continuo-http: serves what the daemon has put on air.
#include "core/os/log.hpp"
#include "core/os/program.hpp"
#include "http/service.hpp"
#include "http/settings.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <string>
#include <utility>

namespace continuo {
namespace {

int run(Options options) {
    auto settings = load_settings(options);
    if (!settings) {
        for (auto const& problem : settings.error())
            std::fprintf(stderr, "%s\n", problem.c_str());
        return os::exit_config;
    }
    os::start_log("continuo-http", settings->config.log_level);
    Service service(std::move(options), std::move(*settings));
    if (auto const started = service.start(); !started) {
        auto const& error = started.error();
        spdlog::error("{}: {}", to_text(error), server::advice_for(error.code));
        return os::exit_system;
    }
    service.run();
    return os::exit_ok;
}

int main_body(int argc, char** argv) {
    Options options;
    std::string listen;
    CLI::App app("Serves live streams, their player pages and the API of a running continuod.",
                 "continuo-http");
    app.add_option("--config", options.config_file, "config.yaml; SIGHUP reads it again")
        ->required()
        ->type_name("FILE");
    app.add_option("--listen", listen, "instead of http.listen; port 0 takes a free one")
        ->type_name("ADDR:PORT");
    app.set_version_flag("--version", "continuo-http " CONTINUO_VERSION);
    app.footer("Exit codes: 0 asked to stop, 64 wrong usage, 70 a bug, 71 refused by the system, "
               "78 wrong configuration.");
    try {
        app.parse(argc, argv);
        if (!listen.empty() && !(options.listen = parse_listen(listen)))
            throw CLI::ValidationError("--listen", "must be ADDR:PORT such as 127.0.0.1:8080");
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? os::exit_ok : os::exit_usage;
    }
    return run(std::move(options));
}

} // namespace
} // namespace continuo

int main(int argc, char** argv) {
    return continuo::os::run_main("continuo-http", [&] { return continuo::main_body(argc, argv); });
}
