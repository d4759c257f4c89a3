#include "core/timeline/breaks.hpp"

#include <algorithm>
#include <utility>

namespace continuo::timeline {
namespace {

WallTime date_of(Breaks::Segment const& segment, Ticks90k splice) {
    return segment.date +
           std::chrono::round<WallTime::duration>(elapsed(segment.start, wrapped(splice)));
}

/// Not one segment lies between an OUT and its IN.
bool is_over_at_once(Cue const& out, Cue const& in) {
    return out.kind == Cue::Kind::out && in.kind == Cue::Kind::in && in.event_id == out.event_id &&
           elapsed(out.time, in.time) > Ticks90k::zero();
}

bool is_over_at_once(Cue const& out, std::span<Cue const> cues) {
    return std::ranges::any_of(cues, [&](Cue const& in) { return is_over_at_once(out, in); });
}

bool ends_at_once(Cue const& in, std::span<Cue const> cues) {
    return std::ranges::any_of(cues, [&](Cue const& out) { return is_over_at_once(out, in); });
}

} // namespace

Breaks::Breaks(std::span<BreakMark const> last, Ticks90k duration) {
    if (last.empty()) return;
    auto const& mark = last.back();
    if (mark.kind == BreakMark::Kind::in)
        before_ = mark.out.event_id;
    else
        open_ = Open{.mark = mark, .passed = mark.elapsed + duration};
}

std::vector<BreakMark> Breaks::next(Segment const& segment) {
    std::vector<BreakMark> marks;
    auto const was_open = open_.has_value();
    for (auto const& cue : segment.cues)
        if (open_ && ends_break(cue, segment.cues)) marks.push_back(close(segment, cue));
    if (open_ && has_returned()) marks.push_back(close(segment, std::nullopt));
    for (auto const& cue : segment.cues) {
        if (cue.kind != Cue::Kind::out || is_over_at_once(cue, segment.cues)) continue;
        if (!open_)
            marks.push_back(open(segment, cue));
        else if (cue.event_id != open_->mark.out.event_id)
            nested_.insert(cue.event_id);
    }
    if (was_open && open_ && marks.empty()) {
        auto mark = open_->mark;
        mark.kind = BreakMark::Kind::cont;
        mark.elapsed = open_->passed;
        marks.push_back(std::move(mark));
    }
    if (open_) open_->passed += segment.duration;
    return marks;
}

bool Breaks::has_returned() const {
    auto const& out = open_->mark.out;
    return out.auto_return && out.planned && open_->passed >= *out.planned;
}

/// Asked while a break is open.
bool Breaks::ends_break(Cue const& cue, std::span<Cue const> others) {
    if (cue.kind != Cue::Kind::in) return false;
    if (cue.event_id == open_->mark.out.event_id) return true;
    if (ends_at_once(cue, others)) return false;
    return nested_.erase(cue.event_id) == 0 && cue.event_id != before_;
}

BreakMark Breaks::open(Segment const& segment, Cue const& out) {
    open_ = Open{.mark = {.kind = BreakMark::Kind::out,
                          .out = out,
                          .first_number = segment.number,
                          .start_date = date_of(segment, out.time)}};
    return open_->mark;
}

BreakMark Breaks::close(Segment const& segment, std::optional<Cue> in) {
    auto mark = std::move(open_->mark);
    mark.kind = BreakMark::Kind::in;
    mark.elapsed = open_->passed;
    mark.end_date = in ? date_of(segment, in->time) : segment.date;
    mark.in = std::move(in);
    before_ = mark.out.event_id;
    nested_.clear();
    open_.reset();
    return mark;
}

} // namespace continuo::timeline
