// From one run to the next: what is drained, what is left out, where two streams meet.
#include "supervisor/store/timeline.hpp"

#include <algorithm>
#include <utility>

namespace continuo::store {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

/// Where two runs meet this closely, the seam is exact enough to be one moment of media.
constexpr Ticks90k seam_tolerance = std::chrono::seconds{1};
/// Two streams that show the same moment never agree to the millisecond when that was.
constexpr milliseconds same_moment{100};

} // namespace

void Timeline::set_made(std::string const& name, contract::MediaDate const& made) {
    if (auto* const run = find(name)) run->set_made(made);
}

void Timeline::put_on_air(std::string const& name, bool drain) {
    auto const known = std::find(air_.begin(), air_.end(), name);
    if (known != air_.end()) { // back before those behind it have shown anything
        while (air_.back() != name)
            take_off_air();
        return;
    }
    // Of one that never came to show anything there is nothing to drain.
    auto const idle = air_.size() > 1 && find(air_.back())->empty();
    if (!drain)
        if (auto* const run = find(name)) drop_what_was_shown(*run);
    if (!air_.empty() && (!drain || idle)) take_off_air();
    air_.push_back(name);
}

/// As long as there is something behind it: a list that waits is worse than one that repeats.
void Timeline::drop_what_was_shown(RunQueue& run) {
    auto const shown = shown_until();
    if (!shown) return;
    while (run.has_complete_second()) {
        auto const end = run.made_at(run.front().end());
        if (!end || *end > *shown + same_moment) return;
        discard(run.drop_before(run.front().end()));
    }
}

/// When what the list ends with was made.
std::optional<WallTime> Timeline::shown_until() const {
    if (listed_.empty()) return std::nullopt;
    auto const* const run = find(listed_.back().run);
    return run == nullptr ? std::nullopt : run->made_at(listed_.back().entry.end());
}

void Timeline::take_off_air() {
    if (auto* const run = find(air_.back())) discard(run->clear());
    air_.pop_back();
}

std::optional<WallTime> Timeline::made_next(SteadyTime ready) const {
    auto made = shown_until();
    if (!made || !last_due_ || listed_.back().run != on_air()) return std::nullopt;
    auto boundary = *last_due_;
    auto const pass = [&](Ticks90k duration) {
        auto const next = boundary + duration_cast<SteadyTime::duration>(duration);
        if (next > ready) return false;
        boundary = next;
        *made += duration_cast<WallTime::duration>(duration);
        return true;
    };
    for (auto const& waiting : find(on_air())->entries())
        if (!pass(waiting.duration)) return made;
    while (pass(listed_.back().entry.duration)) {
    }
    return made;
}

bool Timeline::has_reached(std::string const& name, SteadyTime now) const {
    auto const* const run = find(name);
    auto const* const current = find(on_air());
    auto const shown = shown_until();
    if (run == nullptr || run->empty() || current == nullptr || listed_.empty()) return true;
    auto const nothing_comes =
        (current->closed() && current->empty()) || now >= last_listed_ + options_.patience();
    if (!nothing_comes && !is_whole(listed_.back(), *current)) return false;
    auto const begins = run->made_at(run->front().start);
    if (!begins || !shown) return true;
    // One that begins further ahead than a segment was not placed by what is on air.
    auto const ahead = duration_cast<milliseconds>(*begins - *shown);
    auto const first = duration_cast<milliseconds>(run->front().duration);
    return nothing_comes || ahead <= first || ahead > first + options_.target_duration;
}

bool Timeline::has_news(std::string const& name, SteadyTime now) const {
    auto const* const run = find(name);
    if (run == nullptr || !run->is_ready(now, options_.patience())) return false;
    auto const shown = shown_until();
    auto const newest = run->made_at(run->entries().back().end());
    return !shown || !newest || *newest > *shown + same_moment;
}

/// Whether every variant that is made has its own segment: else the switch would cut off an encoder
/// that is about to deliver it.
bool Timeline::is_whole(Listed const& listed, RunQueue const& run) const {
    for (std::size_t variant = 0; variant < options_.variants.size(); ++variant)
        if (listed.run == run.name() && run.expects(variant) && !behind_[variant] &&
            listed.entry.files[variant].path.empty())
            return false;
    return true;
}

/// Lets a run that has nothing more to list go, once the next one is ready.
void Timeline::give_way(SteadyTime now) {
    while (air_.size() > 1) {
        auto* const next = find(air_[1]);
        if (next == nullptr || !next->is_ready(now, options_.patience())) return;
        auto* const run = find(air_.front());
        if (run != nullptr) settle_seam(*run, *next);
        if (run != nullptr && !run->empty()) return;
        air_.pop_front();
    }
}

/// When the torn tail of what is on air is listed for want of anything else: of what follows
/// nothing is there yet, and the slate would be a discontinuity more.
std::optional<SteadyTime> Timeline::tail_wanted_at() const {
    auto const* const run = air_.empty() ? nullptr : find(air_.front());
    if (run == nullptr || !run->closed() || !run->empty() || !run->tail() || begins(*run) ||
        options_.lead > options_.lead.zero())
        return std::nullopt;
    auto const followed = std::ranges::any_of(
        runs_, [&](auto const& other) { return other.get() != run && !other->empty(); });
    return followed ? std::nullopt : std::optional(last_listed_ + options_.target_duration);
}

/// What the runs that follow bring of the same is left out.
void Timeline::adopt_tail(RunQueue& run) {
    auto const tail = run.tail();
    run.adopt_tail(tail->duration);
    for (auto const& next : runs_)
        if (next->follows() == run.name())
            discard(next->drop_before(tail->end() - overlap_tolerance));
}

/// Decides about the torn tail of the run before, once the run that follows has its first segment.
void Timeline::settle_seam(RunQueue& before, RunQueue& next) {
    auto const tail = before.tail();
    if (!tail) return;
    if (next.follows() != before.name()) { // another clock
        before.adopt_tail(tail->duration);
        return;
    }
    if (next.front().start <= tail->start) { // delivered again, and whole
        next.inherit_cues(tail->start, tail->cues);
        discard(before.drop_tails());
        return;
    }
    auto const gap = next.front().start - tail->end();
    if (gap < -overlap_tolerance) { // begins inside: what the tail has is not shown twice
        auto const end = tail->end();
        before.adopt_tail(tail->duration);
        discard(next.drop_before(end - overlap_tolerance));
        return;
    }
    before.adopt_tail(gap < seam_tolerance ? next.front().start - tail->start : tail->duration);
}

} // namespace continuo::store
