#include "workers/segment/boundary_follower.hpp"

#include <chrono>
#include <utility>

namespace continuo::segment {

namespace {

constexpr Ticks90k max_offset{22'500};

} // namespace

using Kind = contract::Boundary::Kind;

void BoundaryFollower::add(contract::Boundary boundary) {
    if (has_ended_) return;
    has_ended_ = boundary.kind == Kind::end;
    if (stretches_behind_ == 0) {
        if (boundary.kind == Kind::discontinuity) ++stretches_ahead_;
        return ahead_.push_back(std::move(boundary));
    }
    if (boundary.kind == Kind::discontinuity) --stretches_behind_;
    if (boundary.kind == Kind::segment) ++passed_;
}

bool BoundaryFollower::pass_discontinuity() {
    is_first_of_stretch_ = true;
    offset_ = {};
    while (!ahead_.empty()) {
        auto const kind = ahead_.front().kind;
        if (kind == Kind::segment) ++passed_;
        ahead_.pop_front();
        if (kind != Kind::discontinuity) continue;
        --stretches_ahead_;
        return true;
    }
    ++stretches_behind_;
    return false;
}

bool BoundaryFollower::covers(Ticks90k pts, Ticks90k tolerance) const noexcept {
    if (has_ended_ || stretches_ahead_ > 0) return true;
    return !ahead_.empty() && elapsed(pts - tolerance, ahead_.back().pts) >= Ticks90k::zero();
}

std::optional<contract::Boundary> BoundaryFollower::opened_by(AccessUnit const& unit,
                                                              Ticks90k tolerance) {
    std::optional<contract::Boundary> opened;
    while (!ahead_.empty() && is_reached_by(unit, tolerance)) {
        if (std::exchange(is_first_of_stretch_, false)) learn_offset(unit);
        if (passed_++ >= first_) opened = std::move(ahead_.front());
        ahead_.pop_front();
    }
    return opened;
}

bool BoundaryFollower::is_reached_by(AccessUnit const& unit, Ticks90k tolerance) const noexcept {
    auto const& boundary = ahead_.front();
    if (boundary.kind != Kind::segment) return false;
    auto const late = elapsed(boundary.pts, unit.pts);
    if (unit.random_access) {
        auto const is_as_early_as_the_first = std::chrono::abs(late - offset_) <= tolerance;
        return late >= -(is_first_of_stretch_ ? head_start : tolerance) || is_as_early_as_the_first;
    }
    if (late < -tolerance) return false;
    return (boundary.overlong && late <= tolerance) || is_last_chance(unit);
}

/// An encoder that has no B-frames where its siblings have some is ahead by what they delay.
void BoundaryFollower::learn_offset(AccessUnit const& unit) noexcept {
    auto const late = elapsed(ahead_.front().pts, unit.pts);
    if (late < Ticks90k::zero() && late >= -max_offset) offset_ = late;
}

bool BoundaryFollower::is_last_chance(AccessUnit const& unit) const noexcept {
    if (unit.fills_its_segment) return true;
    if (ahead_.size() < 2 || ahead_[1].kind != Kind::segment) return false;
    return elapsed(unit.pts + unit.length, ahead_[1].pts) <= Ticks90k::zero();
}

} // namespace continuo::segment
