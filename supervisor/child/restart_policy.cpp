#include "supervisor/child/restart_policy.hpp"

#include <algorithm>
#include <utility>

namespace continuo::child {
namespace {

using std::chrono::milliseconds;

milliseconds backoff(config::RestartLimits const& limits, unsigned doublings) {
    auto delay = limits.first_delay;
    for (unsigned i = 0; i < doublings && delay < limits.max_delay; ++i)
        delay *= 2;
    return std::min(delay, limits.max_delay);
}

} // namespace

void RestartPolicy::on_ready(SteadyTime now) {
    if (!ready_since_) ready_since_ = now;
}

Verdict RestartPolicy::on_exit(SteadyTime now, double jitter) {
    auto const was_ready = ready_since_.has_value();
    if (was_ready && now - *ready_since_ >= limits_.stable_after) {
        delays_in_a_row_ = 0;
        restarted_at_once_ = false;
    }
    ready_since_.reset();

    deaths_.push_back(now);
    while (now - deaths_.front() > std::max(limits_.limit_window, limits_.burst_window))
        deaths_.pop_front();
    auto const within = [&](std::chrono::seconds window) {
        return static_cast<unsigned>(
            std::count_if(deaths_.begin(), deaths_.end(),
                          [&](SteadyTime death) { return now - death <= window; }));
    };
    Verdict verdict{.delay = milliseconds{0},
                    .restarts_in_window = within(limits_.burst_window),
                    .give_way = within(limits_.burst_window) > limits_.burst,
                    .failed = within(limits_.limit_window) > limits_.limit};
    if (was_ready && !std::exchange(restarted_at_once_, true)) return verdict;
    auto const delay = backoff(limits_, delays_in_a_row_++);
    verdict.delay = std::chrono::duration_cast<milliseconds>(delay * (0.8 + 0.4 * jitter));
    return verdict;
}

} // namespace continuo::child
