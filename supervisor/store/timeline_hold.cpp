// A clock that stands still for a while: viewers have paused. A list that breaks off, since they
// want to see something else.
#include "supervisor/store/timeline.hpp"

#include <algorithm>

namespace continuo::store {

void Timeline::break_off() {
    while (!air_.empty())
        take_off_air();
    last_due_.reset();
    clock_.reset();
}

void Timeline::finish(std::string const& name) {
    auto* const run = find(name);
    if (run == nullptr) return;
    if (auto const tail = run->tail()) run->adopt_tail(tail->duration);
}

std::chrono::milliseconds Timeline::ahead(SteadyTime now) const {
    auto const listed = last_due_ ? *last_due_ - held_since_.value_or(now) : now - now;
    return waiting() + std::chrono::duration_cast<std::chrono::milliseconds>(
                           std::max(listed, SteadyTime::duration::zero()));
}

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
