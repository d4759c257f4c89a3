#include "cli/resegment/session.hpp"

#include "core/os/program.hpp"
#include "workers/segment/command_line.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace continuo::cli::resegment {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

/// A worker that holds up all others for so long is killed; in it fits any try of its own to read.
constexpr auto hang_time = 120s;
constexpr auto retry_time = 1s; // when the disk took nothing

/// What libcurl looks at, as the user has set it.
std::vector<std::string> network_environment() {
    std::vector<std::string> variables;
    for (auto const* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY",
                             "SSL_CERT_FILE", "SSL_CERT_DIR"})
        if (auto const* const value = std::getenv(name); value != nullptr)
            variables.push_back(fmt::format("{}={}", name, value));
    return variables;
}

} // namespace

Session::Session(boost::asio::io_context& loop, Options const& options, Plan const& plan,
                 Output& output, Beginning beginning)
    : options_(options)
    , plan_(plan)
    , output_(output)
    , loop_(loop)
    , signals_(loop, SIGINT, SIGTERM)
    , timer_(loop)
    , start_(beginning.steady)
    , steps_(plan.jobs.size(), plan.leader)
    , publisher_(options, plan, output, beginning, {.report = print_report, .remark = print_remark})
    , waited_for_(plan.jobs.size()) {}

Result<> Session::start() {
    if (options_.append)
        if (auto resumed = publisher_.resume(); !resumed) return resumed;
    if (!plan_.master.empty())
        if (auto written = output_.write_master(plan_.master); !written) return written;
    auto watches = segment::DirectoryWatches::open(loop_.get_executor());
    if (!watches) return watches.error();
    watches_ = std::move(*watches);
    for (std::size_t variant = 0; variant < plan_.jobs.size(); ++variant)
        add_worker(variant);
    for (std::size_t variant = 0; variant < cutters_.size(); ++variant) {
        if (auto started = cutters_[variant]->start(); !started) return started;
        ++running_;
        print_report(process_line(variant, /*up=*/true));
    }
    std::fflush(stdout);
    wait_for_signal();
    return {};
}

void Session::add_worker(std::size_t variant) {
    Cutter::Rules rules{
        .command =
            [this, variant](fs::path const& directory, std::uint64_t begin_with) {
                return command_of(variant, directory, begin_with);
            },
        .new_directory = [this, variant] { return output_.new_run_directory(variant); },
        .input = plan_.jobs[variant].input == "-" ? std::optional(STDIN_FILENO) : std::nullopt,
        .gives_up = !options_.live};
    Cutter::Handlers handlers{
        .on_segment =
            [this, variant](std::uint64_t ordinal, contract::SegmentLine const& line,
                            fs::path const& file) {
                on_segment(variant, ordinal, {.file = file, .line = line});
            },
        .on_info = {},
        .on_line = [this](std::string const& line) { on_line(line); },
        .on_restart = [this, variant] { return steps_.restart(variant); },
        .on_end = [this, variant](CutterEnd const& end) { on_end(variant, end); }};
    if (variant == plan_.leader)
        handlers.on_info = [this](contract::RunInfo const& info) { on_info(info); };
    cutters_.push_back(std::make_unique<Cutter>(loop_.get_executor(), *watches_, std::move(rules),
                                                std::move(handlers)));
}

workers::Command Session::command_of(std::size_t variant, fs::path const& directory,
                                     std::uint64_t begin_with) const {
    auto const leads = variant == plan_.leader;
    auto const executable = fs::read_symlink("/proc/self/exe").parent_path() / "continuo-segment";
    auto command = workers::segment::resegment(
        executable.string(), {.directory = directory,
                              .from = plan_.jobs[variant].input,
                              .boundaries = output_.boundaries(),
                              .leads = leads,
                              .begin_with = begin_with,
                              .segment_time = options_.segment_time,
                              .target_duration = publisher_.target_duration(),
                              .raises_target = true,
                              .cues = {options_.sidecar},
                              .paced = options_.live && options_.throttle,
                              .catch_up = begin_with > 0 ? behind_clock() : 0ms,
                              .replay = options_.replay,
                              .random_access_indicator = options_.random_access_indicator,
                              .idle = options_.idle});
    auto network = network_environment();
    command.environment.insert(command.environment.end(), network.begin(), network.end());
    return command;
}

/// How much more media the clock has passed than the leader has finished.
std::chrono::milliseconds Session::behind_clock() const {
    auto const passed = std::chrono::floor<std::chrono::milliseconds>(SteadyClock::now() - start_);
    return std::max(passed - std::chrono::ceil<std::chrono::milliseconds>(led_), 0ms);
}

void Session::wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code code, int number) {
        if (code) return;
        if (stopping_) {
            for (auto const& cutter : cutters_)
                cutter->kill();
        } else {
            stop(128 + number); // as a shell says it
        }
        wait_for_signal();
    });
}

void Session::on_segment(std::size_t variant, std::uint64_t ordinal, Piece piece) {
    // what a worker had open when it was asked to stop is torn
    if (stopping_ && piece.line.end == contract::SegmentEnd::input) return;
    waited_for_[variant].reset();
    if (variant == plan_.leader) {
        led_ += piece.line.duration;
        steps_.lead(ordinal, std::move(piece));
    } else {
        steps_.follow(variant, std::move(piece));
    }
    for (auto const& file : steps_.take_unwanted())
        ::unlink(file.c_str());
    advance();
}

void Session::on_info(contract::RunInfo const& info) {
    if (info.target_duration_s)
        publisher_.raise_target(std::chrono::seconds(*info.target_duration_s));
}

void Session::on_line(std::string const& line) {
    if (auto const news = remarks_.take(line)) print_remark(*news);
    if (tells_loss(line) && !options_.live) stop(exit_io); // it would not be whole
}

void Session::on_end(std::size_t variant, CutterEnd const& end) {
    --running_;
    // what a stopped one lacks is not lost, it is just not made
    if (end.why != CutterEnd::Why::stopped) steps_.end(variant);
    if (end.why == CutterEnd::Why::failed) give_up(variant, end);
    advance();
}

void Session::give_up(std::size_t variant, CutterEnd const& end) {
    auto const goes_on = options_.live && variant != plan_.leader;
    print_remark(fmt::format("variant {} can't be had (\"{}\"){}{}{}", variant,
                             plan_.jobs[variant].input, end.reason.empty() ? "" : ": ", end.reason,
                             goes_on ? "; going on without it" : ""));
    if (!goes_on) stop(os::exit_source);
}

void Session::advance() {
    if (finished_) return;
    auto const now = SteadyClock::now();
    wake_.reset();
    publish_due(now);
    flush_due(now);
    publisher_.remove_departed(now);
    if (auto const due = publisher_.removal_due()) wake_at(*due);
    std::fflush(stdout);
    if (has_ended()) return finish();
    sleep();
}

void Session::publish_due(Time now) {
    while (steps_.front() != nullptr) {
        auto due = publisher_.due(*steps_.front());
        if (!steps_.is_complete()) {
            wake_at(kill_hanging(now));
            due = without_missing(now);
        }
        if (stopping_ && steps_.is_complete()) due = now;
        if (due > now) return wake_at(due);
        publish_front(now);
        if (publisher_.flush_due() <= now) flush_due(now);
    }
}

/// When the oldest step is listed without the variants that may still bring it: live after a target
/// duration; else never, since nothing may be lost.
Session::Time Session::without_missing(Time now) {
    if (!options_.live) return Time::max();
    if (!missing_since_) missing_since_ = now;
    return std::max(publisher_.due(*steps_.front()), *missing_since_) +
           publisher_.target_duration();
}

/// When the next one will have hung for too long.
Session::Time Session::kill_hanging(Time now) {
    auto next = Time::max();
    for (auto const variant : steps_.missing()) {
        auto& since = waited_for_[variant];
        if (!since) since = now;
        if (now >= *since + hang_time) {
            cutters_[variant]->kill();
            since = now;
        }
        next = std::min(next, *since + hang_time);
    }
    return next;
}

void Session::publish_front(Time now) {
    missing_since_.reset();
    auto const step = steps_.take();
    auto const has_one = [](auto const& piece) { return piece.has_value(); };
    if (std::ranges::all_of(step.pieces, has_one)) remarks_.on_whole_step();
    if (auto const published = publisher_.publish(step, now); !published)
        on_refusal(published.error());
}

void Session::flush_due(Time now) {
    auto const due = publisher_.flush_due();
    if (!due) return;
    if (*due > now) return wake_at(*due);
    if (auto const flushed = publisher_.flush(now); !flushed) return on_refusal(flushed.error());
    disk_refused_ = false;
}

/// The disk took nothing: a live run shows what it can, and tries again; any other is not whole any
/// more.
void Session::on_refusal(Error const& error) {
    if (!std::exchange(disk_refused_, true)) print_remark(to_text(error));
    if (!options_.live) return stop(exit_io);
    wake_at(SteadyClock::now() + retry_time);
}

void Session::wake_at(Time time) {
    wake_ = wake_ ? std::min(*wake_, time) : time;
}

void Session::sleep() {
    if (!wake_) {
        timer_.cancel();
        return;
    }
    timer_.expires_at(*wake_);
    timer_.async_wait([this](boost::system::error_code code) {
        if (!code) advance();
    });
}

void Session::stop(int exit_code) {
    if (std::exchange(stopping_, true)) return;
    exit_code_ = exit_code;
    for (auto const& cutter : cutters_)
        cutter->stop();
}

bool Session::has_ended() const {
    return running_ == 0 && (stopping_ || steps_.front() == nullptr);
}

void Session::finish() {
    finished_ = true;
    auto const now = SteadyClock::now();
    auto const written = stopping_ ? publisher_.flush(now) : publisher_.end(now);
    if (!written) {
        if (!disk_refused_) print_remark(to_text(written.error()));
        if (exit_code_ == os::exit_ok) exit_code_ = exit_io;
    }
    for (std::size_t variant = 0; variant < cutters_.size(); ++variant)
        print_report(process_line(variant, /*up=*/false));
    std::fflush(stdout);
    timer_.cancel();
    signals_.cancel();
    watches_.reset();
}

} // namespace continuo::cli::resegment
