#include "supervisor/watch/pace.hpp"

namespace continuo::sessions {

void Pace::stand_at(WallTime first) {
    standing_at_ = first;
}

void Pace::stand(WallTime now) {
    standing_at_ = date_at(now);
}

void Pace::go(WallTime now, std::chrono::milliseconds wait) {
    if (!standing_at_) return;
    delay_ = std::chrono::ceil<std::chrono::milliseconds>(now - *standing_at_) + wait;
    standing_at_.reset();
}

} // namespace continuo::sessions
