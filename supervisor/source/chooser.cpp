#include "supervisor/source/chooser.hpp"

#include <algorithm>

namespace continuo::source {

Chooser::Chooser(std::size_t count, std::chrono::milliseconds retry_better)
    : sources_(count), retry_better_(retry_better) {}

void Chooser::give_turn_after(std::size_t source) {
    turn_ = std::max(turn_, std::min(source + 1, sources_.size() - 1));
}

void Chooser::on_ready(std::size_t source) {
    auto& entry = sources_[source];
    if (entry.state != State::starting) return;
    entry.state = State::ready;
    if (best() == source) turn_ = source;
}

void Chooser::on_stalled(std::size_t source) {
    auto& entry = sources_[source];
    if (entry.state != State::ready && entry.state != State::starting) return;
    entry.state = State::starting;
    give_turn_after(source);
}

void Chooser::on_ended(std::size_t source, Ended const& how, SteadyTime now) {
    auto& entry = sources_[source];
    if (entry.state != State::ready && entry.state != State::starting) return;
    auto const was_ready = entry.state == State::ready;
    entry.state = how.failed ? State::failed : how.finished ? State::finished : State::waiting;
    if (!was_ready || how.give_way || how.failed || how.finished) give_turn_after(source);
    // While a lesser source is on air there is no hurry, and every try costs the better one's
    // server a connection.
    auto const delay = best() ? std::max(how.delay, retry_better_) : how.delay;
    entry.retry_at = now + delay;
}

void Chooser::reset() {
    for (auto& entry : sources_)
        if (entry.state == State::failed || entry.state == State::finished ||
            entry.state == State::waiting)
            entry.state = State::idle;
    turn_ = best().value_or(0);
}

bool Chooser::may_try(std::size_t source) const {
    auto const state = sources_[source].state;
    return (state == State::idle || state == State::waiting) && source <= turn_;
}

Orders Chooser::decide(SteadyTime now) {
    Orders orders;
    auto const on_air = best();
    for (std::size_t i = 0; i < sources_.size(); ++i) {
        auto& entry = sources_[i];
        if (on_air && i > *on_air) {
            if (entry.state == State::starting || entry.state == State::ready) {
                entry.state = State::idle;
                orders.stop.push_back(i);
            } else if (entry.state == State::waiting)
                entry.state = State::idle;
            continue;
        }
        if (!may_try(i) || (entry.state == State::waiting && now < entry.retry_at)) continue;
        entry.state = State::starting;
        orders.start.push_back(i);
    }
    return orders;
}

std::optional<SteadyTime> Chooser::next_try() const {
    std::optional<SteadyTime> next;
    for (std::size_t i = 0; i < sources_.size(); ++i)
        if (sources_[i].state == State::waiting && may_try(i) &&
            (!next || sources_[i].retry_at < *next))
            next = sources_[i].retry_at;
    return next;
}

std::optional<std::size_t> Chooser::best() const {
    for (std::size_t i = 0; i < sources_.size(); ++i)
        if (sources_[i].state == State::ready) return i;
    return std::nullopt;
}

bool Chooser::all_failed() const {
    return std::all_of(sources_.begin(), sources_.end(), [](Source const& source) {
        return source.state == State::failed || source.state == State::finished;
    });
}

} // namespace continuo::source
