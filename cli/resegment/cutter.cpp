#include "cli/resegment/cutter.hpp"

#include "core/os/file.hpp"
#include "core/os/program.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <random>
#include <utility>

namespace continuo::cli::resegment {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

config::RestartLimits limits_of(bool gives_up) {
    constexpr auto never = std::numeric_limits<unsigned>::max();
    return {.first_delay = 250ms,
            .max_delay = 15s,
            .stable_after = 60s,
            .burst = never,
            .burst_window = 60s,
            .limit = gives_up ? 5 : never,
            .limit_window = 60s};
}

double random_fraction() {
    static std::minstd_rand engine{std::random_device{}()};
    return std::uniform_real_distribution<double>(0, 1)(engine);
}

/// Ends that another try would only repeat.
bool is_final(child::Exit const& exit) {
    constexpr std::array codes{os::exit_usage, os::exit_source, os::exit_needs_ffmpeg};
    return exit.kind == child::Exit::Kind::exited &&
           std::ranges::find(codes, exit.value) != codes.end();
}

/// The worker counts its segments from 0: "000042.ts".
std::uint64_t index_of(std::string const& name) {
    std::uint64_t index = 0;
    std::from_chars(name.data(), name.data() + name.size(), index);
    return index;
}

} // namespace

Cutter::Cutter(boost::asio::any_io_executor executor, segment::DirectoryWatches& watches,
               Rules rules, Handlers handlers)
    : executor_(executor)
    , timer_(executor)
    , watches_(watches)
    , rules_(std::move(rules))
    , handlers_(std::move(handlers))
    , policy_(limits_of(rules_.gives_up)) {}

Cutter::~Cutter() = default;

Result<> Cutter::start() {
    return start(0);
}

Result<> Cutter::start(std::uint64_t begin_with) {
    auto const directory = rules_.new_directory();
    if (auto made = os::make_directories(directory); !made) return made;
    segment::RunHandlers run{.on_segment =
                                 [this, directory, begin_with](contract::SegmentLine const& line) {
                                     policy_.on_ready(SteadyClock::now());
                                     handlers_.on_segment(begin_with + index_of(line.name), line,
                                                          directory / line.name);
                                 },
                             .on_info = handlers_.on_info};
    auto reader = segment::RunReader::open(watches_, directory, std::move(run));
    if (!reader) return reader.error();
    child::Handlers events{.on_line = handlers_.on_line,
                           .on_exit = [this](child::Exit const& exit) { on_exit(exit); }};
    auto child = child::Child::spawn(executor_, rules_.command(directory, begin_with),
                                     {.input = rules_.input}, std::move(events));
    if (!child) return child.error();
    reader_ = std::move(*reader);
    child_ = std::move(*child);
    return {};
}

void Cutter::stop() {
    if (std::exchange(stopping_, true) || ended_) return;
    if (child_ && !child_->exit()) return child_->stop();
    timer_.cancel();
    boost::asio::post(executor_, [this] { end({.why = CutterEnd::Why::stopped}); });
}

void Cutter::kill() {
    if (child_) child_->kill();
}

void Cutter::on_exit(child::Exit const& exit) {
    reader_->look();
    if (stopping_) return end({.why = CutterEnd::Why::stopped});
    if (exit.clean()) return end({.why = CutterEnd::Why::finished});
    if (is_final(exit)) return end({.why = CutterEnd::Why::failed, .reason = child_->last_words()});
    restart_after(exit);
}

void Cutter::restart_after(child::Exit const& exit) {
    auto const verdict = policy_.on_exit(SteadyClock::now(), random_fraction());
    auto const what =
        fmt::format("{}[{}] {} after {} s", child_->name(), child_->pid(), to_text(exit),
                    std::chrono::duration_cast<std::chrono::seconds>(exit.uptime).count());
    if (verdict.slow) return end({.why = CutterEnd::Why::failed, .reason = what});
    handlers_.on_line(fmt::format("{}; restart in {} ms", what, verdict.delay.count()));
    timer_.expires_after(verdict.delay);
    timer_.async_wait([this](boost::system::error_code code) {
        if (code || stopping_) return;
        if (auto const started = start(handlers_.on_restart()); !started)
            end({.why = CutterEnd::Why::failed, .reason = to_text(started.error())});
    });
}

void Cutter::end(CutterEnd end) {
    if (std::exchange(ended_, true)) return;
    handlers_.on_end(end);
}

} // namespace continuo::cli::resegment
