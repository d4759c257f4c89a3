#include "cli/resegment/steps.hpp"

#include <algorithm>
#include <utility>

namespace continuo::cli::resegment {
namespace {

/// How many steps a late segment is remembered to be too late for.
constexpr std::size_t longest_delay = 1024;

Ticks90k boundary_of(Piece const& piece) {
    return piece.line.boundary.value_or(piece.line.start);
}

} // namespace

StepMerge::StepMerge(std::size_t variants, std::size_t leader)
    : leader_(leader), followers_(variants) {}

void StepMerge::lead(std::uint64_t ordinal, Piece piece) {
    auto& self = followers_[leader_];
    Step step{.ordinal = ordinal,
              .line = piece.line,
              .is_gap_before = ordinal != self.next,
              .pieces = std::vector<std::optional<Piece>>(followers_.size())};
    step.pieces[leader_] = std::move(piece);
    self.next = ordinal + 1;
    steps_.push_back(std::move(step));
    for (std::size_t variant = 0; variant < followers_.size(); ++variant)
        place(variant);
}

void StepMerge::follow(std::size_t variant, Piece piece) {
    followers_[variant].unplaced.push_back(std::move(piece));
    place(variant);
}

void StepMerge::end(std::size_t variant) {
    followers_[variant].ended = true;
}

std::uint64_t StepMerge::restart(std::size_t variant) {
    auto& follower = followers_[variant];
    while (!follower.unplaced.empty())
        drop_front(follower);
    follower.ended = false;
    return follower.next;
}

bool StepMerge::is_complete() const noexcept {
    if (steps_.empty()) return false;
    auto const& step = steps_.front();
    for (std::size_t variant = 0; variant < followers_.size(); ++variant)
        if (may_still_come(variant, step)) return false;
    return true;
}

std::vector<std::size_t> StepMerge::missing() const {
    std::vector<std::size_t> variants;
    if (steps_.empty()) return variants;
    for (std::size_t variant = 0; variant < followers_.size(); ++variant)
        if (may_still_come(variant, steps_.front())) variants.push_back(variant);
    return variants;
}

Step StepMerge::take() {
    auto step = std::move(steps_.front());
    steps_.pop_front();
    for (std::size_t variant = 0; variant < followers_.size(); ++variant) {
        auto& follower = followers_[variant];
        if (variant == leader_ || follower.next > step.ordinal) continue;
        follower.next = step.ordinal + 1;
        follower.too_late.push_back(step.line.start);
        if (follower.too_late.size() > longest_delay) follower.too_late.pop_front();
    }
    return step;
}

std::vector<std::filesystem::path> StepMerge::take_unwanted() {
    return std::exchange(unwanted_, {});
}

void StepMerge::place(std::size_t variant) {
    while (!followers_[variant].unplaced.empty() && place_front(variant)) {
    }
}

/// Finds a place for the oldest segment that has none, or drops it. False: it has to wait for the
/// leader.
bool StepMerge::place_front(std::size_t variant) {
    auto& follower = followers_[variant];
    auto& late = follower.too_late;
    auto const boundary = boundary_of(follower.unplaced.front());
    if (auto const found = std::ranges::find(late, boundary); found != late.end()) {
        late.erase(late.begin(), found + 1);
        drop_front(follower);
        return true;
    }
    if (auto* const step = step_at(follower, boundary)) {
        follower.next = step->ordinal + 1;
        step->pieces[variant] = std::move(follower.unplaced.front());
        follower.unplaced.pop_front();
        late.clear();
        return true;
    }
    // The leader lost this one when it already has one that came later.
    auto const has_place = [&](Piece const& piece) {
        return step_at(follower, boundary_of(piece)) != nullptr;
    };
    if (std::ranges::none_of(follower.unplaced, has_place)) return false;
    drop_front(follower);
    return true;
}

Step* StepMerge::step_at(Follower const& follower, Ticks90k boundary) {
    auto const from = std::ranges::lower_bound(steps_, follower.next, {}, &Step::ordinal);
    auto const found = std::find_if(from, steps_.end(),
                                    [&](Step const& step) { return step.line.start == boundary; });
    return found == steps_.end() ? nullptr : &*found;
}

bool StepMerge::may_still_come(std::size_t variant, Step const& step) const noexcept {
    auto const& follower = followers_[variant];
    return !step.pieces[variant] && !follower.ended && follower.next <= step.ordinal;
}

void StepMerge::drop_front(Follower& follower) {
    unwanted_.push_back(std::move(follower.unplaced.front().file));
    follower.unplaced.pop_front();
}

} // namespace continuo::cli::resegment
