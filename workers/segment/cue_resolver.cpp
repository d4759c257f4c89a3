#include "workers/segment/cue_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace continuo::segment {
namespace {

using timeline::Cue;

bool is_same_event(scte35::Event const& a, scte35::Event const& b) {
    return a.kind == b.kind && a.event_id == b.event_id && a.by_segmentation == b.by_segmentation;
}

bool is_same_wish(SpliceRequest const& a, SpliceRequest const& b) {
    return is_same_event(a.event, b.event) && a.section == b.section;
}

Cue cue_of(SpliceRequest const& asked, Ticks90k time) {
    auto const& event = asked.event;
    return {.kind = event.kind == scte35::Event::Kind::out ? Cue::Kind::out : Cue::Kind::in,
            .event_id = event.event_id,
            .time = time,
            .planned = event.planned,
            .auto_return = event.auto_return,
            .section = asked.section};
}

} // namespace

void CueResolver::add(SpliceRequest request) {
    if (request.event.kind == scte35::Event::Kind::cancel) return cancel(request.event);
    Splice splice{.asked = std::move(request), .time = {}};
    if (auto const time = splice.asked.event.time)
        splice.time = wrapped(*time);
    else if (was_recalled(splice.asked))
        return;
    else if (is_counted_from_newest(splice))
        splice.time = wrapped(*newest_ + splice.asked.after);
    if (is_known(splice)) return;
    if (is_late(splice)) return drop_late(std::move(splice));
    if (pending_.size() == max_pending) {
        if (!std::exchange(is_full_, true)) {
            remarks_.push_back(fmt::format("{}: {} splices are waiting already: dropped, and so "
                                           "are others until there is room",
                                           splice.asked.origin, max_pending));
        }
        return;
    }
    is_full_ = false;
    pending_.push_back(std::move(splice));
}

void CueResolver::recall(std::span<Cue const> cues, Ticks90k pts) {
    for (auto const& cue : cues) {
        if (recalled_.size() < memory) recalled_.push_back(cue.section);
        follow(cue, pts);
    }
    latest_section_.clear();
}

void CueResolver::pass(Ticks90k pts, Turn turn) {
    auto const is_our_turn_now = turn_ == Turn::passed && turn == Turn::ours;
    turn_ = turn;
    if (!newest_)
        begin_clock(pts);
    else if (elapsed(*newest_, pts) > Ticks90k::zero())
        newest_ = pts;
    if (is_our_turn_now) resolve_waiting();
}

Opening CueResolver::at_keyframe(Ticks90k pts) {
    Opening opening;
    for (auto& splice : take_due(pts)) {
        opening.cues.push_back(cue_of(splice.asked, *splice.time));
        follow(opening.cues.back(), pts);
        remember(std::move(splice));
    }
    opening.returns = take_returns(pts);
    if (opening.returns && opening.cues.empty()) latest_section_.clear();
    return opening;
}

void CueResolver::restart_clock(Ticks90k picture_length) {
    std::erase_if(pending_, [](Splice const& splice) { return splice.asked.in_band; });
    std::erase_if(known_, [&](Splice const& splice) {
        return !replays_ || splice.asked.in_band || !splice.asked.event.time;
    });
    for (auto& due : returns_) {
        if (due.at && newest_) {
            auto const end = *newest_ + picture_length;
            due.rest = std::max(elapsed(end, *due.at), Ticks90k::zero());
        }
        due.at.reset();
    }
    newest_.reset();
}

std::vector<std::string> CueResolver::take_remarks() {
    return std::exchange(remarks_, {});
}

void CueResolver::cancel(scte35::Event const& event) {
    std::erase_if(pending_, [&](Splice const& splice) {
        auto const& announced = splice.asked.event;
        return announced.event_id == event.event_id &&
               announced.by_segmentation == event.by_segmentation;
    });
}

bool CueResolver::is_known(Splice const& splice) const {
    auto const is_same = [&](Splice const& other) {
        return is_same_wish(splice.asked, other.asked) && splice.time == other.time &&
               (splice.time || splice.asked.after == other.asked.after);
    };
    if (std::ranges::any_of(pending_, is_same) || std::ranges::any_of(known_, is_same)) return true;
    if (!splice.is_at_once()) return false;
    return splice.asked.section == latest_section_ ||
           std::ranges::any_of(pending_, [&](Splice const& other) {
               return other.is_at_once() && is_same_wish(splice.asked, other.asked);
           });
}

bool CueResolver::is_late(Splice const& splice) const noexcept {
    return newest_ && splice.time && elapsed(*splice.time, *newest_) > Ticks90k::zero();
}

/// Not while another's decisions are gone through again: what is new shall happen behind them.
bool CueResolver::is_counted_from_newest(Splice const& splice) const noexcept {
    return newest_ && (splice.asked.in_band || turn_ == Turn::ours);
}

/// A line that wants something "now", and got it before.
bool CueResolver::was_recalled(SpliceRequest const& request) {
    if (request.in_band) return false;
    auto const found = std::ranges::find(recalled_, request.section);
    if (found == recalled_.end()) return false;
    recalled_.erase(found);
    return true;
}

void CueResolver::resolve_waiting() {
    for (auto& splice : pending_) {
        if (!splice.time && is_counted_from_newest(splice))
            splice.time = wrapped(*newest_ + splice.asked.after);
    }
}

/// Another lap: what files asked for at a time is ahead once more.
void CueResolver::rearm() {
    pending_.insert(pending_.end(), std::make_move_iterator(known_.begin()),
                    std::make_move_iterator(known_.end()));
    known_.clear();
}

void CueResolver::begin_clock(Ticks90k pts) {
    newest_ = pts;
    if (first_ == pts) rearm();
    if (!first_) first_ = pts;
    for (auto& due : returns_)
        if (!due.at) due.at = wrapped(pts + due.rest);
    resolve_waiting();
    auto const late = std::stable_partition(pending_.begin(), pending_.end(),
                                            [&](auto const& splice) { return !is_late(splice); });
    std::for_each(late, pending_.end(), [&](auto& splice) { drop_late(std::move(splice)); });
    pending_.erase(late, pending_.end());
}

void CueResolver::drop_late(Splice splice) {
    // encoders count down the length of a break that has begun, in ever new sections
    auto const was_done = std::ranges::any_of(known_, [&](Splice const& other) {
        return is_same_event(splice.asked.event, other.asked.event) && splice.time == other.time;
    });
    auto const is_told = !splice.asked.in_band || late_remarks_ < max_late_remarks;
    if (!was_done && is_told) {
        if (splice.asked.in_band) ++late_remarks_;
        remarks_.push_back(fmt::format(
            "{}: event {} is late: its splice at {:.3f} s lies {:.3f} s behind the newest picture; "
            "dropped",
            splice.asked.origin, splice.asked.event.event_id, seconds_of(*splice.time),
            seconds_of(elapsed(*splice.time, *newest_))));
    }
    remember(std::move(splice));
}

void CueResolver::remember(Splice splice) {
    if (known_.size() == memory) known_.pop_front();
    known_.push_back(std::move(splice));
}

std::vector<CueResolver::Splice> CueResolver::take_due(Ticks90k pts) {
    auto const first =
        std::stable_partition(pending_.begin(), pending_.end(), [&](Splice const& splice) {
            return !splice.time || elapsed(*splice.time, pts) < Ticks90k::zero();
        });
    std::vector<Splice> due(std::make_move_iterator(first),
                            std::make_move_iterator(pending_.end()));
    pending_.erase(first, pending_.end());
    std::ranges::stable_sort(due, [&](Splice const& a, Splice const& b) {
        auto const a_past = elapsed(*a.time, pts);
        auto const b_past = elapsed(*b.time, pts);
        if (a_past != b_past) return a_past > b_past;
        return a.asked.event.kind == scte35::Event::Kind::in &&
               b.asked.event.kind == scte35::Event::Kind::out;
    });
    return due;
}

/// Which breaks will end by themselves, now that this has been done at `pts`.
void CueResolver::follow(Cue const& cue, Ticks90k pts) {
    latest_section_ = cue.section;
    auto const is_of_event = [&](Return const& due) { return due.event_id == cue.event_id; };
    if (cue.kind == Cue::Kind::in) {
        std::erase_if(returns_, is_of_event);
        return;
    }
    auto const returns_in_time = cue.auto_return && cue.planned && *cue.planned < clock_turn / 2;
    if (!returns_in_time || returns_.size() == max_pending) return;
    if (std::ranges::any_of(returns_, is_of_event)) return; // a repetition: the break goes on
    returns_.push_back({.event_id = cue.event_id, .at = wrapped(pts + *cue.planned)});
}

bool CueResolver::take_returns(Ticks90k pts) {
    return std::erase_if(returns_, [&](Return const& due) {
               return elapsed(*due.at, pts) >= Ticks90k::zero();
           }) > 0;
}

} // namespace continuo::segment
