#include "supervisor/source/backoff.hpp"

#include <algorithm>

namespace continuo::source {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest{100};

milliseconds scattered(milliseconds delay, double jitter) {
    return std::chrono::duration_cast<milliseconds>(delay * (0.8 + 0.4 * jitter));
}

} // namespace

void Backoff::set_first(milliseconds wish) {
    limits_.first = std::min(std::max(wish, shortest), limits_.longest);
}

void Backoff::on_up(SteadyTime now) {
    up_since_ = now;
}

milliseconds Backoff::on_down(SteadyTime now, double jitter) {
    if (up_since_ && now - *up_since_ >= limits_.stable_after) downs_in_a_row_ = 0;
    up_since_.reset();
    auto delay = limits_.first;
    for (unsigned i = 0; i < downs_in_a_row_ && delay < limits_.longest; ++i)
        delay *= 2;
    ++downs_in_a_row_;
    return scattered(std::min(delay, limits_.longest), jitter);
}

milliseconds Backoff::on_dismissed(double jitter) {
    up_since_.reset();
    return scattered(limits_.longest, jitter);
}

} // namespace continuo::source
