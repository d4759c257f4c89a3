#include "supervisor/source/chooser.hpp"

#include <algorithm>
#include <utility>

namespace continuo::source {
namespace {

bool runs(State state) {
    return state == State::starting || state == State::ready;
}

} // namespace

Chooser::Chooser(std::size_t count, std::chrono::milliseconds retry_better,
                 std::chrono::milliseconds keep_fallback)
    : retry_better_(retry_better), keep_fallback_(keep_fallback) {
    for (SourceId id = 0; id < count; ++id)
        sources_.push_back({.id = id});
}

Chooser::Source* Chooser::find(SourceId source) {
    auto const found = std::ranges::find(sources_, source, &Source::id);
    return found == sources_.end() ? nullptr : &*found;
}

State Chooser::state(SourceId source) const {
    auto const found = std::ranges::find(sources_, source, &Source::id);
    return found == sources_.end() ? State::idle : found->state;
}

void Chooser::give_turn_after(Source const& source) {
    auto const rank = static_cast<std::size_t>(&source - sources_.data());
    turn_ = std::max(turn_, std::min(rank + 1, sources_.size() - 1));
}

void Chooser::on_ready(SourceId source) {
    auto* const entry = find(source);
    if (entry == nullptr || entry->state != State::starting) return;
    entry->state = State::ready;
    if (best() == source) turn_ = *best_rank();
}

void Chooser::on_stalled(SourceId source) {
    auto* const entry = find(source);
    if (entry == nullptr || !runs(entry->state)) return;
    entry->state = State::starting;
    give_turn_after(*entry);
}

void Chooser::on_ended(SourceId source, Ended const& how, SteadyTime now) {
    auto* const entry = find(source);
    if (entry == nullptr || !runs(entry->state)) return;
    auto const was_ready = entry->state == State::ready;
    entry->state = how.failed ? State::failed : how.finished ? State::finished : State::waiting;
    if (!was_ready || how.give_way || how.failed || how.finished) give_turn_after(*entry);
    // While a lesser source is on air there is no hurry, and every try costs the better one's
    // server a connection. One that comes and goes is not let on air more often for it.
    auto const pause = was_ready ? std::max(how.delay, retry_better_) : retry_better_;
    entry->retry_at = now + (best() && !how.hurry ? pause : how.delay);
}

void Chooser::put_first(SourceId source, std::optional<SourceId> fallback) {
    std::vector<Source> kept;
    auto const keep = [&](SourceId id) {
        auto const* const known = find(id);
        kept.push_back(known != nullptr ? *known : Source{.id = id});
    };
    keep(source);
    if (fallback && fallback != source) keep(*fallback);
    for (auto const& entry : sources_)
        if (runs(entry.state) && std::ranges::find(kept, entry.id, &Source::id) == kept.end())
            dismissed_.push_back(entry.id);
    sources_ = std::move(kept);
    // A fallback that is being brought back goes on with that.
    turn_ = sources_.size() > 1 && sources_.back().state != State::idle ? 1 : 0;
}

void Chooser::give_up(SourceId source, SteadyTime now) {
    auto* const entry = find(source);
    if (entry == nullptr || (entry->state != State::starting && entry->state != State::waiting))
        return;
    if (entry->state == State::starting) dismissed_.push_back(source);
    entry->state = State::waiting;
    entry->retry_at = now + retry_better_;
    give_turn_after(*entry);
}

void Chooser::reset() {
    for (auto& entry : sources_)
        if (entry.state == State::failed || entry.state == State::finished ||
            entry.state == State::waiting)
            entry.state = State::idle;
    turn_ = best_rank().value_or(0);
}

bool Chooser::may_try(std::size_t rank) const {
    auto const state = sources_[rank].state;
    return (state == State::idle || state == State::waiting) && rank <= turn_;
}

void Chooser::note_best(SteadyTime now) {
    auto const current = best();
    if (current == best_) return;
    best_ = current;
    best_since_ = now;
}

Orders Chooser::decide(SteadyTime now) {
    Orders orders{.start = {}, .stop = std::exchange(dismissed_, {})};
    auto const on_air = best_rank();
    note_best(now);
    auto const keeps = now < best_since_ + keep_fallback_;
    for (std::size_t rank = 0; rank < sources_.size(); ++rank) {
        auto& entry = sources_[rank];
        if (on_air && rank > *on_air) {
            if (keeps && entry.state == State::ready) continue;
            if (runs(entry.state)) {
                entry.state = State::idle;
                orders.stop.push_back(entry.id);
            } else if (entry.state == State::waiting)
                entry.state = State::idle;
            continue;
        }
        if (!may_try(rank) || (entry.state == State::waiting && now < entry.retry_at)) continue;
        entry.state = State::starting;
        orders.start.push_back(entry.id);
    }
    return orders;
}

std::optional<SteadyTime> Chooser::next_try() const {
    std::optional<SteadyTime> next;
    auto const consider = [&](SteadyTime time) { next = next ? std::min(*next, time) : time; };
    auto const on_air = best_rank();
    for (std::size_t rank = 0; rank < sources_.size(); ++rank) {
        auto const& entry = sources_[rank];
        if (entry.state == State::waiting && may_try(rank)) consider(entry.retry_at);
        if (entry.state == State::ready && rank > *on_air && best_ == best())
            consider(best_since_ + keep_fallback_);
    }
    return next;
}

std::optional<std::size_t> Chooser::best_rank() const {
    auto const found = std::ranges::find(sources_, State::ready, &Source::state);
    if (found == sources_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - sources_.begin());
}

std::optional<SourceId> Chooser::best() const {
    auto const rank = best_rank();
    return rank ? std::optional(sources_[*rank].id) : std::nullopt;
}

bool Chooser::knows(SourceId source) const {
    return std::ranges::find(sources_, source, &Source::id) != sources_.end();
}

bool Chooser::all_failed() const {
    return !sources_.empty() && std::ranges::all_of(sources_, [](Source const& source) {
        return source.state == State::failed || source.state == State::finished;
    });
}

} // namespace continuo::source
