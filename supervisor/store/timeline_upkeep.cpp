// What keeps the list whole: siblings for what a variant lacks, the window, the budget, what is let
// go.
#include "supervisor/store/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::store {

using std::chrono::duration_cast;
using std::chrono::nanoseconds;

bool Timeline::has_later_own(std::size_t index, std::size_t variant) const {
    for (auto later = index + 1; later < listed_.size(); ++later)
        if (!listed_[later].entry.files[variant].path.empty()) return true;
    auto const* const run = find(listed_[index].run);
    if (run == nullptr) return true; // nothing more can come
    auto const& waiting = run->entries();
    return std::any_of(waiting.begin(), waiting.end(),
                       [&](Entry const& entry) { return !entry.files[variant].path.empty(); });
}

bool Timeline::fill_missing(SteadyTime now) {
    bool changed = false;
    for (std::size_t variant = 0; variant < options_.variants.size(); ++variant) {
        if (now - variant_listed_[variant] >= options_.patience() && !behind_[variant] &&
            !listed_.empty() && listed_.back().entry.files[variant].path.empty()) {
            behind_[variant] = true;
            notes_.push_back(fmt::format(
                "variant \"{}\" is behind: its siblings' segments stand in from number {}",
                options_.variants[variant], first_missing(variant)));
        }
        for (std::size_t i = 0; i < listed_.size(); ++i) {
            auto& listed = listed_[i];
            if (!listed.entry.files[variant].path.empty()) continue;
            auto const* const run = find(listed.run);
            auto const never = run == nullptr || !run->expects(variant) || run->closed();
            if (!behind_[variant] && !never && !has_later_own(i, variant)) continue;
            changed = fill(listed, variant, now) || changed;
        }
    }
    return changed;
}

std::uint64_t Timeline::first_missing(std::size_t variant) const {
    for (auto const& listed : listed_)
        if (listed.entry.files[variant].path.empty()) return listed.number;
    return next_number_;
}

/// The nearest sibling's segment under the same number, untagged: tracks and timestamps are the
/// same.
bool Timeline::fill(Listed& listed, std::size_t variant, SteadyTime now) {
    auto const count = options_.variants.size();
    for (std::size_t distance = 1; distance < count; ++distance)
        for (auto const sibling : {variant + distance, variant - distance}) {
            if (sibling >= count || listed.filled[sibling]) continue;
            auto const& file = listed.entry.files[sibling];
            if (file.path.empty()) continue;
            listed.entry.files[variant] = file;
            listed.filled[variant] = true;
            variant_listed_[variant] = now;
            if (auto* const run = find(listed.run)) run->note_taken(variant, listed.entry.end());
            return true;
        }
    return false;
}

nanoseconds Timeline::listed_duration() const {
    Ticks90k sum{};
    for (auto const& listed : listed_)
        sum += listed.entry.duration;
    return duration_cast<nanoseconds>(sum);
}

void Timeline::trim(SteadyTime now) {
    auto const window = timeline_only();
    auto keep_from = window.segments.size();
    for (std::size_t variant = 0; variant < window.variants.size(); ++variant) {
        auto const range = contract::window_of(window, variant);
        keep_from = std::min(keep_from, range.last == 0 ? 0 : range.first);
    }
    for (std::size_t i = 0; i < keep_from; ++i)
        drop_front(now);
    enforce_budget(now);
}

void Timeline::drop_front(SteadyTime now) {
    auto& front = listed_.front();
    if (front.discontinuity) ++discontinuity_sequence_;
    auto const until = now + duration_cast<SteadyTime::duration>(front.entry.duration) +
                       duration_cast<SteadyTime::duration>(listed_duration());
    for (std::size_t variant = 0; variant < options_.variants.size(); ++variant)
        if (!front.filled[variant] && !front.entry.files[variant].path.empty())
            retention_.retire(std::move(front.entry.files[variant]), until);
    listed_.pop_front();
}

/// The budget holds whatever comes in: first what is kept for late readers goes, then the list gets
/// shorter.
void Timeline::enforce_budget(SteadyTime now) {
    if (!retention_.over_budget()) return;
    if (!std::exchange(over_budget_noted_, true))
        notes_.push_back(fmt::format("{} MiB on tmpfs are the whole budget: old segments go early; "
                                     "raise `budget` or lower `window`",
                                     retention_.held_bytes() >> 20));
    for (;;) {
        for (auto& file : retention_.forget_oldest())
            unlinks_.push_back(std::move(file.path));
        if (!retention_.over_budget() || !can_spare_front()) return;
        drop_front(now);
    }
}

/// Whether every variant lists something behind the front: no list may get empty.
bool Timeline::can_spare_front() const {
    for (std::size_t variant = 0; variant < options_.variants.size(); ++variant)
        if (std::none_of(std::next(listed_.begin()), listed_.end(), [&](Listed const& listed) {
                return !listed.entry.files[variant].path.empty();
            }))
            return false;
    return true;
}

void Timeline::discard(File file) {
    retention_.release(file.held_bytes());
    unlinks_.push_back(std::move(file.path));
}

void Timeline::discard(std::vector<File> files) {
    for (auto& file : files)
        discard(std::move(file));
}

void Timeline::discard_expired(SteadyTime now) {
    for (auto& file : retention_.expired(now))
        unlinks_.push_back(std::move(file.path));
}

/// A closed run whose segments have all been listed, and whose tail nobody waits for, is forgotten.
void Timeline::drop_finished_runs() {
    std::erase_if(runs_, [&](auto const& run) {
        auto const awaited = std::find(air_.begin(), air_.end(), run->name()) != air_.end();
        if (!run->closed() || awaited) return false;
        discard(run->clear());
        return true;
    });
}

} // namespace continuo::store
