// What of a channel is on air: the best source that is ready, or the slate when viewers have waited
// long enough.
#include "supervisor/channel/channel.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace continuo::supervisor {
namespace {

std::string stall_text(Run const& run) {
    auto const words = run.last_words();
    return fmt::format("shows no new segment{}{}", words.empty() ? "" : ": ", words);
}

} // namespace

void Channel::choose_on_air(SteadyTime now) {
    // Viewers have waited long enough: whatever should have delivered is not counted on for now.
    auto const overdue =
        !screening_ && now >= timeline_->last_listed() + timeline_->options().patience();
    if (overdue && !is_slate(timeline_->on_air())) {
        doubt_sources(now);
        carry_out(chooser_.decide(now), now);
        if (!chooser_.best()) return go_to_slate(now);
    }
    auto const best = chooser_.best();
    if (!best) return;
    auto const* const run = run_of(*best);
    if (run == nullptr || run->name() == timeline_->on_air()) return;
    spdlog::info("channel \"{}\": {} goes on air", config_.name, source_text(*best));
    timeline_->put_on_air(run->name(), /*drain=*/!playhead_ && !is_slate(timeline_->on_air()));
    on_air_source_ = best;
    last_shown_ = best;
    for (auto const& other : runs_)
        if (!other->source()) other->stop();
    if (!screening_) slate_.make(timeline_->snapshot().variants, now);
}

/// Nobody has delivered: all that might have, and what is ready but has nothing new, have stalled.
void Channel::doubt_sources(SteadyTime now) {
    for (auto& [source, record] : records_) {
        auto const* const run = run_of(source);
        auto const on_air = run != nullptr && run->name() == timeline_->on_air();
        auto const exhausted = run != nullptr && chooser_.state(source) == source::State::ready &&
                               !timeline_->has_news(run->name(), now);
        if (on_air) record.why = stall_text(*run);
        if (run == nullptr || on_air || exhausted || !chooser_.best()) chooser_.on_stalled(source);
    }
}

bool Channel::is_slate(std::string const& run) const {
    auto const* const found = run_named(run);
    return found != nullptr && !found->source();
}

/// One that ends at once is not started again at once; one that brought nothing is made anew.
void Channel::judge_slate_end(Run const& run, RunEnd const& end, SteadyTime now) {
    if (timeline_->end_of(run.name()))
        slate_policy_.on_ready(run.started());
    else if (!end.killed)
        slate_.forget();
    auto const jitter = std::uniform_real_distribution<>(0, 1)(surroundings_.random);
    auto const verdict = slate_policy_.on_exit(now, jitter);
    slate_at_ = now + verdict.delay;
    spdlog::log(level_of(verdict), "channel \"{}\": slate: {}; {}", config_.name, end.why,
                to_text(verdict, config_.restart));
}

void Channel::go_to_slate(SteadyTime now) {
    if (now < slate_at_) return;
    if (!slate_.made()) return slate_.make(timeline_->snapshot().variants, now);
    auto run = std::make_unique<Run>(surroundings_, config_, surroundings_.new_run_name(),
                                     std::nullopt, run_handlers());
    timeline_->open_run(run->name(), std::vector<bool>(config_.variants.size(), true),
                        std::nullopt);
    if (auto const started = run->start_slate(slate_.files()); !started) {
        judge_slate_end(*run, {.why = to_text(started.error())}, now);
        timeline_->close_run(run->name(), /*tail_counts=*/false);
        return;
    }
    spdlog::warn("channel \"{}\": no source delivers; the slate goes on air", config_.name);
    timeline_->put_on_air(run->name(), /*drain=*/true);
    on_air_source_.reset();
    runs_.push_back(std::move(run));
}

} // namespace continuo::supervisor
