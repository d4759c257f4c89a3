// Breaks on the list: from the cues of what is listed to what each segment's tags say.
#include "supervisor/store/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::store {

using timeline::BreakMark;

/// Its date stands already: that of a splice counts from it. The media is unbroken, so a
/// discontinuity asked for here moves no date.
void Timeline::mark(Listed& listed) {
    ListedCues told{.number = listed.number, .cues = listed.entry.all_cues(), .marks = {}};
    listed.breaks = breaks_.next({.number = listed.number,
                                  .start = wrapped(listed.entry.start),
                                  .duration = listed.entry.duration,
                                  .date = listed.date,
                                  .cues = told.cues});
    for (auto const& mark : listed.breaks) {
        if (mark.kind == BreakMark::Kind::cont) continue;
        told.marks.push_back(mark);
        listed.discontinuity = listed.discontinuity || options_.cue_discontinuity;
    }
    if (!told.cues.empty() || !told.marks.empty()) listed_cues_.push_back(std::move(told));
}

/// Cues are resolved once, for the whole ladder; lists have what any of the lines says.
void Timeline::note_disagreement(std::size_t variant, Ticks90k start) {
    notes_.push_back(fmt::format(
        "variant \"{}\": its segment at {} names other cues than its siblings'; please report this",
        options_.variants[variant], start.count()));
}

std::optional<BreakMark> Timeline::open_break() const {
    auto breaks = breaks_;
    auto marks = listed_.empty() ? std::vector<BreakMark>{} : listed_.back().breaks;
    auto duration = listed_.empty() ? Ticks90k{} : listed_.back().entry.duration;
    for (auto const& name : air_) {
        auto const* const run = find(name);
        if (run == nullptr) continue;
        for (auto const& entry : run->entries()) {
            auto const cues = entry.all_cues();
            duration = entry.duration;
            marks = breaks.next({.number = next_number_,
                                 .start = wrapped(entry.start),
                                 .duration = duration,
                                 .date = next_date_.value_or(wall_at_start_),
                                 .cues = cues});
        }
    }
    if (marks.empty() || marks.back().kind == BreakMark::Kind::in) return std::nullopt;
    marks.back().elapsed += duration;
    return marks.back();
}

std::optional<Ticks90k> Timeline::newest_end() const {
    auto const* const run = find(on_air());
    if (run == nullptr || !run->end()) return std::nullopt;
    return wrapped(*run->end());
}

bool Timeline::awaits(std::function<bool(timeline::Cue const&)> const& is_wanted) const {
    auto const brings = [&](Entry const& entry) {
        return std::ranges::any_of(entry.all_cues(), is_wanted);
    };
    return std::ranges::any_of(runs_, [&](auto const& run) {
        auto const tail = run->tail();
        return std::ranges::any_of(run->entries(), brings) || (tail && brings(*tail));
    });
}

} // namespace continuo::store
