#include "workers/segment/boundary_follower.hpp"

#include <algorithm>
#include <utility>

namespace continuo::segment {

using Kind = contract::Boundary::Kind;

void BoundaryFollower::add(contract::Boundary boundary) {
    if (has_ended_) return;
    has_ended_ = boundary.kind == Kind::end;
    if (stretches_behind_ == 0) return ahead_.push_back(std::move(boundary));
    if (boundary.kind == Kind::discontinuity) --stretches_behind_;
    if (boundary.kind == Kind::segment) ++passed_;
}

bool BoundaryFollower::pass_discontinuity() {
    is_first_of_stretch_ = true;
    while (!ahead_.empty()) {
        auto const kind = ahead_.front().kind;
        if (kind == Kind::segment) ++passed_;
        ahead_.pop_front();
        if (kind == Kind::discontinuity) return true;
    }
    ++stretches_behind_;
    return false;
}

bool BoundaryFollower::covers(Ticks90k pts, Ticks90k tolerance) const noexcept {
    auto const stretch_end =
        std::ranges::find_if(ahead_, [](auto const& line) { return line.kind != Kind::segment; });
    if (has_ended_ || stretch_end != ahead_.end()) return true;
    return !ahead_.empty() && elapsed(pts - tolerance, ahead_.back().pts) >= Ticks90k::zero();
}

std::optional<contract::Boundary> BoundaryFollower::opened_by(AccessUnit const& unit,
                                                              Ticks90k tolerance) {
    std::optional<contract::Boundary> opened;
    while (!ahead_.empty() && is_reached_by(unit, tolerance)) {
        is_first_of_stretch_ = false;
        if (passed_++ >= first_) opened = std::move(ahead_.front());
        ahead_.pop_front();
    }
    return opened;
}

bool BoundaryFollower::is_reached_by(AccessUnit const& unit, Ticks90k tolerance) const noexcept {
    auto const& boundary = ahead_.front();
    if (boundary.kind != Kind::segment) return false;
    auto const late = elapsed(boundary.pts, unit.pts);
    if (unit.random_access) return late >= -(is_first_of_stretch_ ? head_start : tolerance);
    if (late < -tolerance) return false;
    return (boundary.overlong && late <= tolerance) || is_last_chance(unit);
}

bool BoundaryFollower::is_last_chance(AccessUnit const& unit) const noexcept {
    if (unit.fills_its_segment) return true;
    if (ahead_.size() < 2 || ahead_[1].kind != Kind::segment) return false;
    return elapsed(unit.pts + unit.length, ahead_[1].pts) <= Ticks90k::zero();
}

} // namespace continuo::segment
