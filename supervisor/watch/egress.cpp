#include "supervisor/watch/egress.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <filesystem>
#include <random>
#include <utility>

namespace continuo::sessions {
namespace {

using std::chrono::steady_clock;

/// "http://127.0.0.1:4711" -> 4711; an empty text -> 0
std::uint16_t port_of(std::string_view url) {
    std::uint16_t port = 0;
    auto const digits = url.substr(url.rfind(':') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return port;
}

} // namespace

Egress::Egress(supervisor::Surroundings& surroundings)
    : surroundings_(surroundings), restart_timer_(surroundings.executor) {}

void Egress::start(config::Watch const& config) {
    auto const same = options_.allow_private == config.allow_private &&
                      options_.gateway == config.torrent_gateway;
    if (wanted_ && same) return;
    stop();
    wanted_ = true;
    options_ = {.port = options_.port,
                .gateway_port = options_.gateway_port,
                .allow_private = config.allow_private,
                .gateway = config.torrent_gateway};
    launch();
}

/// Killed: it has nothing to save.
void Egress::stop() {
    wanted_ = false;
    restart_timer_.cancel();
    doors_.reset();
    child_.reset();
}

std::optional<std::string> Egress::door(bool of_gateway) const {
    if (!doors_) return std::nullopt;
    auto const& door = of_gateway ? doors_->gateway : doors_->proxy;
    return door.empty() ? std::nullopt : std::optional(door);
}

void Egress::launch() {
    if (!wanted_) return;
    auto const program =
        std::filesystem::path(surroundings_.segmenter).replace_filename("continuo-egress").string();
    auto child =
        child::Child::spawn(surroundings_.executor, workers::egress::serve(program, options_), {},
                            {.on_line = [this](std::string const& line) { on_line(line); },
                             .on_exit = [this](child::Exit const& exit) { on_exit(exit); }});
    if (!child) return restart_after(to_text(child.error()));
    child_ = *std::move(child);
}

void Egress::on_line(std::string const& line) {
    if (auto doors = workers::egress::parse_doors(line)) {
        options_.port = port_of(doors->proxy);
        options_.gateway_port = port_of(doors->gateway);
        doors_ = std::move(doors);
        policy_.on_ready(steady_clock::now());
        spdlog::debug("continuo-egress: {}", line);
    } else {
        spdlog::info("continuo-egress: {}", line);
    }
}

void Egress::on_exit(child::Exit const& exit) {
    auto const words = child_->last_words();
    auto const says_why = !words.empty() && !workers::egress::parse_doors(words);
    auto const why = says_why ? fmt::format("{}: {}", to_text(exit), words) : to_text(exit);
    // The child calls us from within: it is let go on a later turn of the loop.
    asio::post(surroundings_.executor,
               [gone = std::shared_ptr<child::Child>(std::move(child_))] {});
    if (!doors_) options_.port = options_.gateway_port = 0; // somebody else may have them by now
    doors_.reset();
    if (wanted_) restart_after(why);
}

void Egress::restart_after(std::string const& why) {
    auto const jitter = std::uniform_real_distribution<>(0, 1)(surroundings_.random);
    auto const verdict = policy_.on_exit(steady_clock::now(), jitter);
    spdlog::error("continuo-egress: {}; nothing is fetched for sessions; restart in {} ms", why,
                  verdict.delay.count());
    restart_timer_.expires_after(verdict.delay);
    restart_timer_.async_wait(
        [this, alive = std::weak_ptr(alive_)](boost::system::error_code code) {
            if (!code && !alive.expired()) launch();
        });
}

} // namespace continuo::sessions
