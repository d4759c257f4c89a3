// A channel's sources: how each is started, when it is ready, and what its end means.
#include "supervisor/channel/channel.hpp"
#include "supervisor/run/film.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

/// How long a stream takes until its first segment, when what it begins with is there already:
/// processes, the first bytes, an encoder's look ahead.
milliseconds startup_time(config::Channel const& channel) {
    auto const encodes =
        std::ranges::any_of(channel.variants, std::logical_not{}, &config::Variant::copy);
    return encodes ? 1200ms : 300ms;
}

/// Whether it has an end, and places in between where it can go on.
bool is_finite(config::Source const& source) {
    return source.kind == config::Source::Kind::file || source.kind == config::Source::Kind::mpv;
}

/// Whether its timestamps go on over a restart. (A looped film is started anew at its end, a looped
/// file goes on counting.)
bool keeps_clock(config::Source const& source) {
    return source.kind == config::Source::Kind::url || source.kind == config::Source::Kind::mpv ||
           (source.kind == config::Source::Kind::file && !source.loop);
}

/// What our own reader fetches; ffmpeg takes the rest, and what that reader finds to be of a form
/// that it does not read.
bool is_fetched_hls(config::Source const& source) {
    auto const path = std::string_view(source.location).substr(0, source.location.find('?'));
    return source.kind == config::Source::Kind::url &&
           (path.starts_with("http://") || path.starts_with("https://")) && path.ends_with(".m3u8");
}

} // namespace

source::SourceId Channel::add_source(config::Source const& config) {
    auto const source = next_source_++;
    records_.emplace(source, SourceRecord{.config = config,
                                          .policy = child::RestartPolicy(config_.restart),
                                          .end = std::nullopt,
                                          .why = {},
                                          .restarts = 0,
                                          .through_ffmpeg = !is_fetched_hls(config)});
    return source;
}

void Channel::carry_out(source::Orders const& orders, SteadyTime now) {
    for (auto const source : orders.stop)
        if (auto* const run = run_of(source)) {
            spdlog::info("channel \"{}\": {} is no longer needed", config_.name,
                         source_text(source));
            timeline_->close_run(run->name(), /*tail_counts=*/false);
            run->stop();
        }
    for (auto const source : orders.start)
        start_source(source, now);
}

/// Where its next run begins: where the one before it broke off, or, for another stream, where the
/// list will be when that is ready.
RunSource Channel::plan_of(source::SourceId source, SteadyTime now) const {
    auto const& record = records_.at(source);
    RunSource plan{.id = source,
                   .config = record.config,
                   .position = {},
                   .through_ffmpeg = record.through_ffmpeg};
    if (record.end && is_finite(record.config)) // behind its tail, if that was listed since
        plan.position =
            position_in_film(timeline_->end_of(record.end->run).value_or(*record.end).end);
    else if (record.config.kind == config::Source::Kind::mpv)
        plan.position = record.config.film.start;
    if (record.end) plan.film = record.film; // the same file, further on
    if (record.end)
        plan.at = timeline_->made_next(SteadyTime::min());
    else if (playhead_)
        plan.at = timeline_->made_next(now + startup_time(config_));
    plan.short_first =
        (playhead_ || record.config.kind == config::Source::Kind::mpv) && !record.end;
    plan.ladder = ladder_;
    if (screening_) {
        plan.film = record.film;
        plan.probe_timeout = screening_options_->probe_timeout;
        plan.with_texts = true;
        plan.read_ahead = screening_->read_ahead(now);
    }
    return plan;
}

void Channel::start_source(source::SourceId source, SteadyTime now) {
    auto& record = records_.at(source);
    if (is_head(source) && !transition_ends_)
        transition_ends_ = now + config_.playhead->transition_timeout;
    auto run = std::make_unique<Run>(surroundings_, config_, surroundings_.new_run_name(),
                                     plan_of(source, now), run_handlers());
    timeline_->open_run(run->name(), std::vector<bool>(config_.variants.size(), true), record.end);
    spdlog::debug("channel \"{}\": starts {}", config_.name, source_text(source));
    auto const started = run->start_source();
    if (started) {
        runs_.push_back(std::move(run));
        return;
    }
    timeline_->close_run(run->name(), /*tail_counts=*/false);
    RunEnd const end{.hopeless = screening_.has_value(), .why = to_text(started.error())};
    chooser_.on_ended(source, judged(record, *run, end, now), now);
}

void Channel::judge_readiness(SteadyTime now) {
    for (auto const& run : runs_) {
        if (!run->source() || run->stopping()) continue;
        auto const source = *run->source();
        if (chooser_.state(source) != source::State::starting ||
            !timeline_->is_ready(run->name(), now) || !may_take_over(*run, now))
            continue;
        chooser_.on_ready(source);
        auto& record = records_.at(source);
        record.policy.on_ready(now);
        record.delivered = true;
        auto const after = std::chrono::duration_cast<milliseconds>(now - run->started());
        spdlog::info("channel \"{}\": {} is ready after {} ms", config_.name, source_text(source),
                     after.count());
    }
}

/// What the end of a source's run means for its next one.
void Channel::judge_end(Run const& run, RunEnd const& end, SteadyTime now) {
    auto const source = *run.source();
    auto const found = records_.find(source);
    if (found == records_.end()) return;
    auto& record = found->second;
    // After a proper end the next run is no continuation: it plays the same again.
    auto const reached = timeline_->end_of(run.name());
    if (!keeps_clock(record.config) || !ladder_.empty() || end.clean)
        record.end.reset();
    else if (reached || !is_finite(record.config)) // one that brought nothing is where it began
        record.end = reached;
    auto const ended =
        run.stopping() ? source::Ended{.hurry = true} : judged(record, run, end, now);
    if (run.film()) record.film = run.film();
    // One that was told to stop may end after the next of the same source was started.
    if (run_of(source) == nullptr) chooser_.on_ended(source, ended, now);
}

/// A looped film is read ahead in each of its turns: the next waits, lest they add up.
milliseconds Channel::until_next_turn(SourceRecord const& record) const {
    if (record.config.kind != config::Source::Kind::mpv) return 0ms;
    return std::max<milliseconds>(0ms, timeline_->waiting() - read_ahead(config_) / 2);
}

/// Of a source that ended by itself, or could not be started. What delivered once is never given
/// up: it may do so again.
source::Ended Channel::judged(SourceRecord& record, Run const& run, RunEnd const& end,
                              SteadyTime now) {
    auto const source = *run.source();
    if (screening_) return judged_screening(record, run, end, now);
    if (end.needs_ffmpeg) {
        spdlog::info("channel \"{}\": {}: {}", config_.name, source_text(source), end.why);
        record.through_ffmpeg = true;
        return {.hurry = true};
    }
    if (end.clean && record.config.loop) // no death: its next turn
        return {.delay = until_next_turn(record)};
    auto const jitter = std::uniform_real_distribution<>(0, 1)(surroundings_.random);
    auto const verdict = record.policy.on_exit(now, jitter);
    source::Ended const ended{.delay = verdict.delay,
                              .give_way = verdict.give_way || is_head(source),
                              .failed = end.hopeless && !record.delivered,
                              .finished =
                                  end.clean && is_finite(record.config) && !record.config.loop,
                              .hurry = is_head(source) && transition_ends_.has_value()};
    record.why = ended.finished ? "has played to its end" : end.why;
    ++record.restarts;
    if (ended.finished)
        spdlog::info("channel \"{}\": {} has played to its end", config_.name, source_text(source));
    else if (ended.failed)
        spdlog::error("channel \"{}\": {}: {}; not tried again until reload or restart",
                      config_.name, source_text(source), end.why);
    else // the tries of a switch end in one line: done, or failed
        spdlog::log(ended.hurry ? spdlog::level::debug : level_of(verdict),
                    "channel \"{}\": {}: {}; {}", config_.name, source_text(source), end.why,
                    to_text(verdict, config_.restart));
    return ended;
}

Run* Channel::run_of(source::SourceId source) const {
    for (auto run = runs_.rbegin(); run != runs_.rend(); ++run)
        if ((*run)->source() == source && !(*run)->stopping()) return run->get();
    return nullptr;
}

} // namespace continuo::supervisor
