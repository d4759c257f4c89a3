#include "workers/segment/worker.hpp"

#include "core/os/file.hpp"
#include "core/os/program.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string_view>

namespace continuo::segment {
namespace {

using namespace std::chrono_literals;

constexpr auto start_time = 10s;  // while a run is so young, its consumers are still being started
constexpr auto drain_time = 2s;   // for consumers to take the rest when the input has ended
constexpr auto hurry_time = 30ms; // the same when we were asked to stop
constexpr Ticks90k min_retention{30 * 90'000};

void say(std::string_view text) {
    auto const line = std::string(text) + "\n";
    (void)!::write(STDERR_FILENO, line.data(), line.size()); // nobody left to tell
}

void say(Error const& error) {
    say(to_text(error));
}

Result<os::Descriptor> awaited_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGUSR2);
    if (::sigprocmask(SIG_BLOCK, &signals, nullptr) != 0) return fail_errno("block signals");
    os::Descriptor descriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!descriptor) return fail_errno("make a signalfd");
    return descriptor;
}

int milliseconds_until(std::chrono::steady_clock::time_point time,
                       std::chrono::steady_clock::time_point now) {
    auto const rest = std::chrono::ceil<std::chrono::milliseconds>(time - now);
    return static_cast<int>(std::clamp(rest, 0ms, std::chrono::milliseconds(1h)).count());
}

Rules rules_of(Options const& options) {
    return {.segment_time = options.segment_time,
            .target_duration = options.target_duration,
            .grid = options.grid,
            .leads = options.is_source || options.loop,
            .short_first = options.short_first,
            // a loop's times are not those that its cues were made for
            .in_band_cues = !options.loop,
            .by_boundaries = options.boundaries.has_value(),
            .begin_with = options.begin_with,
            .replays = options.replay,
            .raise_target = options.raise_target,
            .by_indicator = options.by_indicator};
}

} // namespace

Worker::Worker(Options options, WallClock const& clock)
    : options_(std::move(options))
    , segmenter_(rules_of(options_))
    , pacer_(options_.lead)
    , clock_(clock) {
    retention_.max_age = std::max(min_retention, 3 * options_.target_duration);
    retention_.min_age = options_.target_duration;
    if (options_.writes_files) writer_.emplace(options_.directory);
    if (options_.cuts) cut_reader_.emplace(*options_.cuts);
    for (auto const& path : options_.cues)
        cue_files_.emplace_back(path);
}

int Worker::run() {
    if (auto const prepared = prepare(); !prepared) {
        say(prepared.error());
        return prepared.error().code == Errc::unsupported ? os::exit_source : os::exit_system;
    }
    return work();
}

Result<> Worker::prepare() {
    std::signal(SIGPIPE, SIG_IGN);
    auto signals = awaited_signals();
    if (!signals) return signals.error();
    signals_ = std::move(*signals);
    if (auto const made = os::make_directories(options_.directory); !made) return made.error();
    auto input = open_input(options_, clock_, Clock::now());
    if (!input) return input.error();
    input_ = std::move(*input);
    if (options_.is_source) {
        auto const path = options_.directory / contract::cuts_file;
        cuts_ =
            os::Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
        if (!cuts_) return fail_errno("create \"" + path.string() + "\"");
    }
    if (options_.boundaries) {
        auto boundaries = BoundaryFile::open(*options_.boundaries);
        if (!boundaries) return boundaries.error();
        boundaries_.emplace(std::move(*boundaries));
        read_boundaries(); // one that leads goes on behind what was decided before
    }
    if (options_.listen) {
        auto relay = Relay::listen(*options_.listen);
        if (!relay) return relay.error();
        relay_.emplace(std::move(*relay));
    }
    return {};
}

int Worker::work() {
    while (!input_ended_) {
        auto const now = Clock::now();
        auto const due = next_due(now);
        wait(due);
        if (asked_to_stop_) break;
        feed_consumers();
        auto const is_due = due <= Clock::now();
        if (segmenter_.is_waiting()) {
            if (polled_[1].revents != 0 || (is_due && segmenter_.awaited_pace())) take_input({});
        } else if (is_due) {
            read_input();
        }
    }
    finish();
    drain();
    return exit_code_;
}

Worker::Clock::time_point Worker::next_due(Clock::time_point now) {
    if (auto const awaited = segmenter_.awaited_pace()) return pacer_.due(awaited, now);
    auto const due = pacer_.due(segmenter_.media_time(), now);
    return input_->hurries() && !is_paced_exactly() ? now : due;
}

/// Where nothing may be ahead of the clock each picture is paced, not what was read at once. The
/// clock of a ladder's leader may have begun before it: then its lead is what it has to catch up.
bool Worker::is_paced_exactly() const noexcept {
    return options_.lead && (boundaries_ || *options_.lead == Ticks90k::zero());
}

/// Waits for input that is due, for consumers and for signals.
void Worker::wait(Clock::time_point input_due) {
    auto const now = Clock::now();
    auto const is_due = input_due <= now && !segmenter_.is_waiting();
    polled_.clear();
    polled_.push_back({.fd = signals_.get(), .events = POLLIN, .revents = 0});
    auto const growth = follows_boundaries() ? boundaries_->growth() : -1;
    polled_.push_back({.fd = growth, .events = POLLIN, .revents = 0});
    auto const input_at = polled_.size();
    input_->add_to(polled_, /*is_wanted=*/is_due);
    auto const consumers_at = polled_.size();
    if (relay_) relay_->add_to(polled_);
    auto timeout = -1;
    if (is_due && (input_->is_ready() || input_->end()))
        timeout = 0;
    else if (auto const wake = wake_time(input_due))
        timeout = milliseconds_until(*wake, now);
    if (::poll(polled_.data(), polled_.size(), timeout) < 0) return;
    if (polled_[0].revents != 0) take_signals();
    auto const polled = std::span(polled_);
    input_->take_events(polled.subspan(input_at, consumers_at - input_at), Clock::now());
    if (relay_) relay_->take_events(polled.subspan(consumers_at), Clock::now());
}

/// USR1 holds the input, USR2 lets it go on, all others end the run.
void Worker::take_signals() {
    signalfd_siginfo signal{};
    while (::read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
        if (signal.ssi_signo == SIGUSR1)
            pacer_.hold(Clock::now());
        else if (signal.ssi_signo == SIGUSR2)
            pacer_.release(Clock::now());
        else
            asked_to_stop_ = true;
    }
}

std::optional<Worker::Clock::time_point> Worker::wake_time(Clock::time_point input_due) const {
    std::optional<Clock::time_point> wake;
    if (input_due > Clock::now()) wake = input_due;
    auto const consider = [&](std::optional<Clock::time_point> deadline) {
        if (deadline) wake = wake ? std::min(*wake, *deadline) : *deadline;
    };
    if (relay_) consider(relay_->next_deadline());
    consider(input_->next_deadline());
    return wake;
}

void Worker::read_input() {
    if (input_->is_ready()) take_piece(input_->next());
    for (auto const& remark : input_->take_remarks())
        say(remark);
    date_run();
    if (!run_info_is_written_) write_run_info();
    auto const has_all = input_->end() && !input_->is_ready() && !segmenter_.is_waiting();
    if (has_all && !input_ended_) end_input(*input_->end());
}

void Worker::take_piece(Piece const& piece) {
    if (piece.discontinuity) return take_discontinuity();
    auto const start = input_->start();
    if (start && !segmenter_.first_picture()) segmenter_.skip(start->skip);
    take_input(piece.bytes);
}

/// Where nobody else counts them, the times behind it show what it means.
void Worker::take_discontinuity() {
    if (!boundaries_) return;
    output_.clear();
    segmenter_.discontinuity(output_);
    publish();
}

void Worker::end_input(InputEnd const& end) {
    input_ended_ = true;
    switch (end.why) {
    case InputEnd::Why::finished: return;
    case InputEnd::Why::broken: exit_code_ = os::exit_source_broke; break;
    case InputEnd::Why::unsupported: exit_code_ = os::exit_needs_ffmpeg; break;
    }
    say(end.reason);
}

void Worker::take_input(std::span<std::uint8_t const> bytes) {
    if (cut_reader_) {
        for (auto const& cut : cut_reader_->read_new())
            segmenter_.add_cut(cut);
    }
    if (follows_boundaries()) read_boundaries();
    read_cues();
    if (is_paced_exactly()) segmenter_.pace(pacer_.reached(Clock::now()));
    output_.clear();
    segmenter_.feed(bytes, output_);
    publish();
}

bool Worker::follows_boundaries() const noexcept {
    return boundaries_ && !options_.is_source;
}

void Worker::read_boundaries() {
    for (auto& boundary : boundaries_->read_new())
        segmenter_.add_boundary(std::move(boundary));
}

/// Whatever an operator had written before a picture was read counts at that picture.
void Worker::read_cues() {
    for (auto& file : cue_files_) {
        auto found = file.read_new();
        for (auto const& remark : found.remarks)
            say(remark);
        for (auto& request : found.requests)
            segmenter_.add_request(std::move(request));
    }
}

/// In this order: what others must know before they get the pictures, then files, then consumers.
void Worker::publish() {
    if (segmenter_.has_ended() && relay_) relay_->stop_listening();
    publish_decisions();
    if (writer_) {
        if (auto const written = writer_->take(output_); !written) {
            say(to_text(written.error()) + ": the segment is dropped");
        }
    }
    if (!relay_) return;
    log_.append(output_);
    feed_consumers();
}

void Worker::publish_decisions() {
    for (auto const& event : output_.events) {
        if (auto const* const found = std::get_if<GridFound>(&event.what)) {
            run_info_ = found->info;
            date_run();
            run_info_is_written_ = false;
        } else if (auto const* const decided = std::get_if<CutDecided>(&event.what)) {
            append_cut(*decided);
        } else if (auto const* const boundary = std::get_if<BoundaryDecided>(&event.what)) {
            append_boundary(boundary->boundary);
        } else if (auto const* const opened = std::get_if<SegmentOpened>(&event.what)) {
            if (!run_start_) run_start_ = opened->start;
        } else if (auto const* const closed = std::get_if<SegmentClosed>(&event.what)) {
            // resegmenting, long GOPs are usual: said once
            auto const goes_on = closed->line.end == contract::SegmentEnd::overlong || boundaries_;
            is_overlong_ = is_overlong_ && goes_on;
        } else if (auto const* const remark = std::get_if<CueRemark>(&event.what)) {
            say(remark->text);
        } else if (auto const* const ended = std::get_if<Ended>(&event.what)) {
            say(ended->reason);
            exit_code_ =
                ended->why == Ended::Why::unusable ? os::exit_source : os::exit_source_broke;
            input_ended_ = true;
        }
    }
    if (!run_info_is_written_) write_run_info();
}

/// What the playlist tells of the run's first picture, told on.
void Worker::date_run() {
    auto const start = input_->start();
    if (!run_info_ || !start) return;
    auto const behind = elapsed(*segmenter_.first_picture(), *run_start_);
    contract::MediaDate const made{.pts = *run_start_,
                                   .date = start->date +
                                           std::chrono::round<std::chrono::microseconds>(behind)};
    if (run_info_->made == made) return;
    run_info_->made = made;
    run_info_is_written_ = false;
}

void Worker::write_run_info() {
    auto const path = options_.directory / contract::run_info_file;
    auto const written = os::replace_file(path, contract::encode(*run_info_) + "\n");
    run_info_is_written_ = written.has_value();
    if (!written) say(written.error());
}

void Worker::append_cut(CutDecided const& decided) {
    if (!decided.keyframe && !is_overlong_) {
        is_overlong_ = true;
        say(fmt::format("no keyframe within target_duration: cut without one at {:.3f} s",
                        seconds_of(decided.cut.pts)));
    }
    if (!cuts_) return;
    auto const line = contract::encode(decided.cut);
    if (::write(cuts_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        say(fail_errno("append to the cuts"));
    }
}

void Worker::append_boundary(contract::Boundary const& boundary) {
    if (auto const appended = boundaries_->append(boundary); !appended) say(appended.error());
}

void Worker::feed_consumers() {
    if (!relay_) return;
    if (log_.first() == 0 && log_.size_bytes() == 0) return; // nobody can begin yet
    if (!began_) began_ = Clock::now();
    relay_->serve(log_, segmenter_.tables());
    log_.trim(relay_->oldest_needed(), retention_,
              /*keep_time=*/Clock::now() < *began_ + start_time);
    for (auto const& name : relay_->cut_off(log_)) {
        say(fmt::format("consumer \"{}\" was too slow and is cut off", name));
        if (!run_info_) continue;
        run_info_->cut_off.push_back(name);
        write_run_info();
    }
}

void Worker::finish() {
    if (relay_) relay_->stop_listening();
    output_.clear();
    segmenter_.finish(output_);
    publish();
    if (boundaries_ && options_.is_source && !asked_to_stop_ && exit_code_ == os::exit_ok)
        append_boundary({.kind = contract::Boundary::Kind::end});
    if (segmenter_.skipped_bytes() >= mpegts::packet_size) {
        say(fmt::format("{} bytes of the input were no transport packets",
                        segmenter_.skipped_bytes()));
    }
}

void Worker::drain() {
    if (!relay_) return;
    auto deadline = Clock::now() + (asked_to_stop_ ? Clock::duration(hurry_time) : drain_time);
    while (relay_->has_unsent(log_) && Clock::now() < deadline) {
        polled_.clear();
        polled_.push_back({.fd = signals_.get(), .events = POLLIN, .revents = 0});
        relay_->add_to(polled_);
        auto const now = Clock::now();
        if (::poll(polled_.data(), polled_.size(), milliseconds_until(deadline, now)) < 0) continue;
        auto const was_asked = asked_to_stop_;
        if (polled_[0].revents != 0) take_signals();
        if (asked_to_stop_ && !was_asked) deadline = std::min(deadline, Clock::now() + hurry_time);
        relay_->take_events(std::span(polled_).subspan(1), Clock::now());
        relay_->serve(log_, segmenter_.tables());
    }
}

} // namespace continuo::segment
