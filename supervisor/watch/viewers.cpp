#include "supervisor/watch/viewers.hpp"

namespace continuo::sessions {

void Viewers::beat(std::string const& viewer, WallTime now) {
    last_sign_ = now;
    if (beats_.size() < most || beats_.contains(viewer)) beats_.insert_or_assign(viewer, now);
}

void Viewers::leave(std::string_view viewer, WallTime now) {
    auto const found = beats_.find(viewer);
    if (found == beats_.end()) return;
    beats_.erase(found);
    last_sign_ = now;
}

void Viewers::settle(WallTime now) {
    std::erase_if(beats_, [&](auto const& beat) { return beat.second + timeout_ <= now; });
}

bool Viewers::are_only(std::string_view viewer) const {
    return beats_.empty() || (beats_.size() == 1 && beats_.contains(viewer));
}

} // namespace continuo::sessions
