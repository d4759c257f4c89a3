// A clock that stands still for a while: viewers have paused.
#include "supervisor/store/timeline.hpp"

namespace continuo::store {

void Timeline::hold(SteadyTime now) {
    if (!held_since_) held_since_ = now;
}

void Timeline::release(SteadyTime now) {
    if (!held_since_) return;
    auto const stood = now - *held_since_;
    held_since_.reset();
    started_ += stood;
    last_listed_ += stood;
    if (clock_) *clock_ += stood;
    if (last_due_) *last_due_ += stood;
    for (auto& listed : variant_listed_)
        listed += stood;
}

} // namespace continuo::store
