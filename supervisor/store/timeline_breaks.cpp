// Breaks on the list: from the cues of what is listed to what each segment's tags say.
#include "supervisor/store/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::store {

using timeline::BreakMark;

/// Its date stands already: that of a splice counts from it. The media is unbroken, so a
/// discontinuity asked for here moves no date.
void Timeline::mark(Listed& listed) {
    auto const cues = listed.entry.all_cues();
    listed.breaks = breaks_.next({.number = listed.number,
                                  .start = wrapped(listed.entry.start),
                                  .duration = listed.entry.duration,
                                  .date = listed.date,
                                  .cues = cues});
    for (auto const& mark : listed.breaks) {
        if (mark.kind == BreakMark::Kind::cont) continue;
        marks_.push_back({.number = listed.number, .mark = mark});
        listed.discontinuity = listed.discontinuity || options_.cue_discontinuity;
    }
}

/// Cues are resolved once, for the whole ladder; lists have what any of the lines says.
void Timeline::note_disagreement(std::size_t variant, Ticks90k start) {
    notes_.push_back(fmt::format(
        "variant \"{}\": its segment at {} names other cues than its siblings'; please report this",
        options_.variants[variant], start.count()));
}

std::optional<BreakMark> Timeline::open_break() const {
    if (listed_.empty() || listed_.back().breaks.empty()) return std::nullopt;
    auto const& newest = listed_.back().breaks.back();
    if (newest.kind == BreakMark::Kind::in) return std::nullopt;
    return newest;
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
