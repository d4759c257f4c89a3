// What a playhead channel does beside others: heads that come and go, switches that are done in
// time or not.
#include "supervisor/channel/channel.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace continuo::supervisor {

using std::chrono::steady_clock;

Result<> Channel::switch_to(source::Head head) {
    if (!playhead_)
        return fail(Errc::conflict,
                    fmt::format("channel \"{}\" has no playhead: its sources are those of its "
                                "configuration",
                                config_.name));
    playhead_->ask(std::move(head));
    return {};
}

/// The newest wins: whatever started for the one before it is stopped, what is on air stays.
void Channel::on_head(source::Head const& head) {
    transition_ends_.reset();
    head_is_listed_ = false;
    auto const shown = last_shown_ && records_.contains(*last_shown_) ? last_shown_ : std::nullopt;
    if (shown && records_.at(*shown).config.location == head.url) {
        head_ = shown;
        chooser_.put_first(*shown, std::nullopt);
    } else {
        head_ = add_source(
            {.kind = config::Source::Kind::url, .location = head.url, .loop = false, .test = {}});
        chooser_.put_first(*head_, shown);
    }
    forget_sources();
    evaluate();
    if (head_ == on_air_source_) note_switched();
}

/// A head that begins later than what is shown waits for it: nothing is left out. One that was
/// placed there has to be ready all the same.
bool Channel::may_take_over(Run const& run, SteadyTime now) const {
    return !playhead_ || timeline_->has_reached(run.name(), now);
}

/// A head that is not there in time leaves the one before it on air.
void Channel::watch_transition(SteadyTime now) {
    if (!transition_ends_ || now < *transition_ends_) return;
    transition_ends_.reset();
    if (chooser_.state(*head_) == source::State::ready) return;
    auto const* const run = run_of(*head_);
    if (run != nullptr && timeline_->is_ready(run->name(), now)) return;
    auto& record = records_.at(*head_);
    note_delay(record, run);
    playhead_->on_failed(fmt::format("not ready within transition_timeout ({} s): {}",
                                     config_.playhead->transition_timeout.count(), record.why));
    if (chooser_.best()) chooser_.give_up(*head_, now);
}

/// Why a head shows nothing so far: what its reader says, which may go on trying, or what the one
/// before it died of.
void Channel::note_delay(SourceRecord& record, Run const* run) const {
    if (auto words = run != nullptr ? run->last_words() : std::string{}; !words.empty())
        record.why = std::move(words);
    else if (record.why.empty())
        record.why = run != nullptr && run->info() ? "its pictures come, but no whole segment yet"
                                                   : "nothing has come from it yet";
}

/// Once the newest segment that viewers see is the head's.
void Channel::note_switched() {
    if (head_is_listed_ || !head_) return;
    auto const* const run = run_of(*head_);
    if (run == nullptr || run->name() != timeline_->newest_run()) return;
    head_is_listed_ = true;
    transition_ends_.reset();
    records_.at(*head_).why.clear();
    playhead_->on_listed();
}

/// Heads of the past, and films that were left for another place in them, once nothing of them runs
/// any more.
void Channel::forget_sources() {
    if (!playhead_ && !screening_) return;
    std::erase_if(records_, [&](auto const& entry) {
        auto const source = entry.first;
        auto const runs =
            std::ranges::any_of(runs_, [&](auto const& run) { return run->source() == source; });
        return !chooser_.knows(source) && source != last_shown_ && !runs;
    });
}

} // namespace continuo::supervisor
