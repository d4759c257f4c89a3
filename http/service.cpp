#include "http/service.hpp"

#include "core/os/runtime_dir.hpp"
#include "http/descriptors.hpp"
#include "http/routes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>

#include <time.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <utility>

namespace continuo {
namespace {

/// sd_notify(3): systemd tells by the time stamp that this reload is the one it asked for.
void notify_reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    auto const microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
    ::sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", microseconds).c_str());
}

/// What the daemon of the same file takes; its own complaints about that place are in its log.
std::filesystem::path state_dir_of(config::Config const& config) {
    auto const effective = os::effective_state_dir(config.state_dir, os::Access::reader);
    return effective ? effective->path : config.state_dir;
}

} // namespace

Service::Service(Options options, Settings settings)
    : options_(std::move(options))
    , settings_(std::make_shared<Settings const>(std::move(settings)))
    , live_(settings_.load()->config.runtime_dir)
    , watch_(settings_.load()->config.runtime_dir)
    , catalogue_(state_dir_of(settings_.load()->config))
    , dash_assets_(state_dir_of(settings_.load()->config))
    , dash_layouts_(dash_assets_.openers()) {}

Result<> Service::start() {
    auto const settings = settings_.load();
    raise_descriptor_limit(settings->config.http);
    Supplies const supplies{.settings = settings_,
                            .live = live_,
                            .watch = watch_,
                            .catalogue = catalogue_,
                            .dash_assets = dash_assets_,
                            .dash_layouts = dash_layouts_};
    auto server = server::Server::open(settings->config.http, [&] { return make_site(supplies); });
    if (!server) return server.error();
    server_ = std::move(*server);
    live::Live::OnSessions on_sessions = [this](auto const& ids, bool any) {
        watch_.look_at(ids, any);
    };
    if (auto const started = live_.start(server_->main_loop(), std::move(on_sessions)); !started)
        return started.error();
    if (auto const started = catalogue_.start(server_->main_loop(), settings->config); !started)
        return started.error();
    return dash_assets_.start(server_->main_loop(), settings->config);
}

void Service::run() {
    signals_.emplace(server_->main_loop(), SIGTERM, SIGINT, SIGHUP);
    wait_for_signal();
    spdlog::info("listening on {}", server_->address());
    ::sd_notify(0, "READY=1");
    server_->run();
    spdlog::info("stopped");
}

void Service::wait_for_signal() {
    signals_->async_wait([this](boost::system::error_code code, int signal) {
        if (code) return;
        if (signal == SIGHUP) {
            reload();
            wait_for_signal();
        } else {
            spdlog::info("stopping");
            ::sd_notify(0, "STOPPING=1");
            server_->stop();
        }
    });
}

void Service::reload() {
    notify_reloading();
    auto next = load_settings(options_);
    if (next) {
        auto const needs_restart = keys_that_need_restart(settings_.load()->config, next->config);
        if (!needs_restart.empty())
            spdlog::warn("{} changed, which needs a restart; keeping the old value",
                         fmt::join(needs_restart, ", "));
        spdlog::default_logger()->set_level(spdlog::level::from_str(next->config.log_level));
        server_->apply(next->config.http);
        if (auto const applied = catalogue_.apply(next->config); !applied)
            spdlog::error("pseudolive: {}", to_text(applied.error()));
        if (auto const applied = dash_assets_.apply(next->config); !applied)
            spdlog::error("livesim: {}", to_text(applied.error()));
        settings_.publish(std::make_shared<Settings const>(std::move(*next)));
        spdlog::info("configuration reloaded");
    } else {
        for (auto const& problem : next.error())
            spdlog::error("{}", problem);
        spdlog::error("configuration not reloaded, keeping the old one");
    }
    ::sd_notify(0, "READY=1");
}

} // namespace continuo
