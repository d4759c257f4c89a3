#include "workers/segment/cut_rule.hpp"

#include "workers/segment/reasons.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace continuo::segment {
namespace {

constexpr Ticks90k second{90'000};
/// What is not told by then is cut without a keyframe.
constexpr Ticks90k max_raised_target = 60 * second;
/// The clock comes round, and then the same number would mean another place.
constexpr Ticks90k cut_memory = 3600 * second;
/// A segment that is longer than the target duration by more would be listed as a second longer.
constexpr Ticks90k rounding = second * 4 / 10;

} // namespace

CutRule::CutRule(Rules const& rules)
    : rules_(rules)
    , grid_(rules.grid)
    , target_duration_(rules.target_duration)
    , may_raise_target_(rules.raise_target) {}

void CutRule::add_cut(contract::Cut const& cut) {
    cuts_.insert(cut.pts);
    if (cut.overlong) overlong_cuts_.insert(cut.pts);
    if (cut.cue) cues_.emplace(cut.pts, *cut.cue);
}

CutRule::GridSearch CutRule::look_for_grid(Place const& place) {
    auto const is_keyframe = place.picture.keyframe;
    auto const gop = place.media_time - keyframe_media_time_;
    // a GOP is too long when a picture of it lies at the target duration or beyond
    auto const last_picture = gop - place.picture_length;
    auto const target = target_duration_;
    if (rules_.by_boundaries) {
        if (!is_keyframe && gop < longest_gop()) return {};
        raise_target(last_picture);
    } else if (!is_keyframe) {
        if (gop < target + patience) return {};
        return Unusable{reason_of_endless_gop(target + patience, target)};
    } else if (last_picture >= target) {
        return Unusable{reason_of(LongGop{
            .gop = gop, .target_duration = target, .admitting = last_picture + Ticks90k(1)})};
    }
    auto const by_clock = elapsed(*keyframe_, place.picture.pts);
    if (std::chrono::abs(by_clock - gop) > PictureClock::max_drift)
        return {}; // it jumped: the next will tell
    grid_ =
        rules_.grid.value_or(timeline::grid_of(*keyframe_, place.picture.pts, rules_.segment_time));
    return Found{.first_gop = by_clock};
}

CutRule::Verdict CutRule::at(Place const& place) {
    auto const& picture = place.picture;
    if (picture.keyframe && cuts_.contains(picture.pts)) return {.end = End::cut};
    if (!grid_) return {};
    return picture.keyframe ? at_keyframe(place) : between_keyframes(place);
}

CutRule::Verdict CutRule::at_keyframe(Place const& place) {
    if (timeline::opens_segment(*grid_, keyframe_, place.picture.pts, cuts_))
        return {.end = End::grid};
    auto const is_short_first = rules_.short_first && segments_ == 1;
    if (!rules_.leads || !(is_short_first || is_too_long_with_another_gop(place))) return {};
    return cut_at(place, End::cut);
}

CutRule::Verdict CutRule::between_keyframes(Place const& place) {
    if (overlong_cuts_.contains(place.picture.pts)) return {.end = End::overlong};
    // at low frame rates the next picture would come too late
    auto const is_too_long =
        place.length >= target_duration_ || is_full(place.length, place.picture_length);
    if (!rules_.leads || !is_too_long) return {};
    return cut_at(place, End::overlong);
}

CutRule::Verdict CutRule::cut_at(Place const& place, End end) {
    contract::Cut const cut{.pts = place.picture.pts, .overlong = true};
    add_cut(cut);
    return {.end = end, .decided = cut};
}

/// An irregular source: as long as the longest of late.
bool CutRule::is_too_long_with_another_gop(Place const& place) const {
    auto const expected = std::max(place.media_time - keyframe_media_time_,
                                   *std::max_element(gops_.begin(), gops_.end()));
    return place.length + expected >= target_duration_ + place.picture_length;
}

void CutRule::begin_gop(Ticks90k pts, Ticks90k media_time) {
    if (keyframe_) gops_[gop_count_++ % gops_.size()] = media_time - keyframe_media_time_;
    keyframe_ = pts;
    keyframe_media_time_ = media_time;
}

std::vector<timeline::Cue> CutRule::open_segment(Ticks90k pts) {
    ++segments_;
    auto const is_past = [&](Ticks90k cut) { return elapsed(cut, pts) > cut_memory; };
    std::erase_if(cuts_, is_past);
    std::erase_if(overlong_cuts_, is_past);
    std::erase_if(cues_, [&](auto const& cue) { return is_past(cue.first); });
    std::vector<timeline::Cue> opening;
    auto const [first, last] = cues_.equal_range(pts);
    std::transform(first, last, std::back_inserter(opening),
                   [](auto const& cue) { return cue.second; });
    cues_.erase(first, last);
    return opening;
}

void CutRule::begin_stretch() {
    cuts_.clear(); // another lap has the same times
    overlong_cuts_.clear();
    cues_.clear();
    keyframe_.reset();
    gops_ = {};
    grid_.reset();
}

Ticks90k CutRule::longest_gop() const noexcept {
    return may_raise_target_ ? std::max(target_duration_, max_raised_target) : target_duration_;
}

bool CutRule::is_full(Ticks90k length, Ticks90k picture_length) const noexcept {
    return length + picture_length > target_duration_ + rounding;
}

/// Once, at the first GOP of all.
void CutRule::raise_target(Ticks90k last_picture) {
    if (!std::exchange(may_raise_target_, false)) return;
    auto const admitting = second * whole_seconds(last_picture + Ticks90k(1));
    target_duration_ = std::max(target_duration_, admitting);
}

} // namespace continuo::segment
