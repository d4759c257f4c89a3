#include "supervisor/child/restart_policy.hpp"

#include <fmt/format.h>

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

std::string to_text(Verdict const& verdict, config::RestartLimits const& limits) {
    if (verdict.slowed_down)
        return fmt::format("died more than {} times in {} s: tried every {} ms from now on",
                           limits.limit, limits.limit_window.count(), limits.max_delay.count());
    return fmt::format("restart in {} ms ({} in the last {} s)", verdict.delay.count(),
                       verdict.restarts_in_window, limits.burst_window.count());
}

void RestartPolicy::on_ready(SteadyTime now) {
    if (!ready_since_) ready_since_ = now;
}

Verdict RestartPolicy::on_exit(SteadyTime now, double jitter) {
    auto const was_ready = ready_since_.has_value();
    if (was_ready && now - *ready_since_ >= limits_.stable_after) {
        delays_in_a_row_ = 0;
        restarted_at_once_ = false;
        slow_ = false;
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
    auto const was_slow = slow_;
    slow_ = slow_ || within(limits_.limit_window) > limits_.limit;
    Verdict verdict{.delay = milliseconds{0},
                    .restarts_in_window = within(limits_.burst_window),
                    .give_way = within(limits_.burst_window) > limits_.burst,
                    .slow = slow_,
                    .slowed_down = slow_ && !was_slow};
    if (was_ready && !std::exchange(restarted_at_once_, true)) return verdict;
    auto const delay = slow_ ? limits_.max_delay : backoff(limits_, delays_in_a_row_++);
    verdict.delay = std::chrono::duration_cast<milliseconds>(delay * (0.8 + 0.4 * jitter));
    return verdict;
}

} // namespace continuo::child
