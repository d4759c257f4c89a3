#include "supervisor/segment/ladder_lines.hpp"

#include <algorithm>
#include <utility>

namespace continuo::segment {
namespace {

/// How far a follower may be behind; more than any list holds.
constexpr std::size_t max_steps = 20'000;
/// How far one may be ahead of the leader, before its lines are taken for strangers.
constexpr std::size_t max_waiting = 64;

} // namespace

std::vector<LadderLines::Line> LadderLines::add(Line line) {
    auto& owner = members_[line.member];
    ++owner.count;
    if (line.member == 0) lead(line.line);
    owner.waiting.push_back(std::move(line));
    std::vector<Line> ready;
    for (auto& member : members_)
        while (auto taken_line = taken(member))
            ready.push_back(*std::move(taken_line));
    return ready;
}

void LadderLines::lead(contract::SegmentLine const& line) {
    Step step{.pts = line.start, .start = line.start, .duration = line.duration};
    if (!steps_.empty()) {
        auto const& last = steps_.back();
        step.start =
            last.start + (line.discontinuity ? last.duration : elapsed(last.pts, line.start));
    }
    steps_.push_back(step);
    if (steps_.size() <= max_steps) return;
    steps_.pop_front();
    ++first_step_;
}

/// The oldest line that waits, if its step is known.
std::optional<LadderLines::Line> LadderLines::taken(Member& member) {
    while (!member.waiting.empty()) {
        auto& line = member.waiting.front().line;
        auto const pts = line.boundary.value_or(line.start);
        auto const skipped = std::max(member.next, first_step_) - first_step_;
        auto const from = steps_.begin() + static_cast<std::ptrdiff_t>(
                                               std::min<std::uint64_t>(skipped, steps_.size()));
        auto const step = std::ranges::find(from, steps_.end(), pts, &Step::pts);
        if (step == steps_.end()) {
            // The leader is not there yet; or, if it has gone on without, it never will be.
            auto const may_come =
                from == steps_.end() || elapsed(steps_.back().pts, pts) > Ticks90k::zero();
            if (may_come && member.waiting.size() <= max_waiting) return std::nullopt;
            member.waiting.pop_front();
            continue;
        }
        member.next = first_step_ + static_cast<std::uint64_t>(step - steps_.begin()) + 1;
        auto taken_line = std::move(member.waiting.front());
        member.waiting.pop_front();
        auto const shift = step->start - pts;
        for (auto& cue : taken_line.line.cues)
            cue.time = wrapped(cue.time + shift);
        taken_line.line.start = wrapped(step->start);
        taken_line.line.duration = step->duration;
        return taken_line;
    }
    return std::nullopt;
}

} // namespace continuo::segment
