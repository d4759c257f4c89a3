#include "cli/program.hpp"

#include "core/os/program.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <signal.h>

#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <string_view>
#include <utility>

namespace continuo::cli {
namespace {

using namespace std::chrono_literals;

/// Both are worth every try: there is no slate to fall back to.
constexpr config::RestartLimits limits{.first_delay = 100ms,
                                       .max_delay = 5s,
                                       .stable_after = 60s,
                                       .burst = std::numeric_limits<unsigned>::max(),
                                       .burst_window = 60s,
                                       .limit = std::numeric_limits<unsigned>::max(),
                                       .limit_window = 60s};

double random_fraction() {
    static std::minstd_rand engine{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(engine);
}

struct LogLine {
    spdlog::level::level_enum level{spdlog::level::info};
    std::string_view text;
};

/// Takes the syslog priority off a line of a program whose stderr is a pipe: "<4>text".
LogLine parse_log_line(std::string_view line) {
    namespace level = spdlog::level;
    constexpr std::array levels{level::critical, level::critical, level::critical, level::err,
                                level::warn,     level::info,     level::info,     level::debug};
    if (line.size() < 3 || line[0] != '<' || line[2] != '>' || line[1] < '0' || line[1] > '7')
        return {.level = level::err, .text = line};
    return {.level = levels.at(static_cast<std::size_t>(line[1] - '0')), .text = line.substr(3)};
}

/// Ends that another try would only repeat.
bool is_final(child::Exit const& exit) {
    constexpr std::array codes{os::exit_usage, os::exit_config, os::exit_system};
    return exit.kind == child::Exit::Kind::exited &&
           std::ranges::find(codes, exit.value) != codes.end();
}

} // namespace

Program::Program(boost::asio::any_io_executor executor, workers::Command command, Handlers handlers)
    : command_(std::move(command))
    , handlers_(std::move(handlers))
    , logger_(spdlog::default_logger()->clone(command_.name))
    , executor_(executor)
    , timer_(executor)
    , policy_(limits) {
    logger_->set_level(spdlog::level::trace); // it chose for itself what to say
}

Program::~Program() = default;

Result<> Program::start() {
    child::Handlers handlers{.on_line =
                                 [this](std::string const& line) {
                                     auto const [level, text] = parse_log_line(line);
                                     logger_->log(level, text);
                                 },
                             .on_exit = [this](child::Exit const& exit) { on_exit(exit); }};
    auto child = child::Child::spawn(executor_, command_, {}, std::move(handlers));
    if (!child) return child.error();
    child_ = std::move(*child);
    return {};
}

void Program::on_ready(pid_t pid) {
    if (!child_ || child_->pid() != pid) return;
    is_ready_ = was_ever_ready_ = true;
    policy_.on_ready(std::chrono::steady_clock::now());
}

void Program::on_exit(child::Exit const& exit) {
    is_ready_ = false;
    timer_.cancel();
    if (stopping_) return end(exit.clean() ? os::exit_ok : os::exit_system);
    if (!was_ever_ready_ && is_final(exit)) return end(exit.value);
    restart(exit);
}

void Program::restart(child::Exit const& exit) {
    auto const verdict = policy_.on_exit(std::chrono::steady_clock::now(), random_fraction());
    auto const uptime = std::chrono::duration_cast<std::chrono::seconds>(exit.uptime);
    spdlog::warn("{}[{}] {} after {} s; restart in {} ms", command_.name, child_->pid(),
                 to_text(exit), uptime.count(), verdict.delay.count());
    timer_.expires_after(verdict.delay);
    timer_.async_wait([this](boost::system::error_code code) {
        if (code || stopping_) return;
        if (auto const started = start(); !started) {
            spdlog::error("{}", to_text(started.error()));
            end(os::exit_system);
        }
    });
}

void Program::signal(int number) const {
    if (child_ && !child_->exit()) ::kill(child_->pid(), number);
}

void Program::stop(std::chrono::milliseconds grace) {
    stopping_ = true;
    timer_.cancel();
    if (!child_ || child_->exit()) return end(os::exit_ok);
    signal(SIGTERM);
    timer_.expires_after(grace);
    timer_.async_wait([this](boost::system::error_code code) {
        if (!code) kill();
    });
}

void Program::kill() {
    if (child_ && !child_->exit()) child_->kill();
}

/// Posted: whoever is told may well destroy us.
void Program::end(int code) {
    boost::asio::post(executor_, [on_end = handlers_.on_end, code] { on_end(code); });
}

} // namespace continuo::cli
