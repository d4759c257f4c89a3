#include "http/status/condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace continuo::status {

Condition condition_of(Seen const& seen, SteadyTime now) {
    if (seen.linear) return seen.linear->condition;
    auto const* const snapshot = seen.snapshot.get();
    if (!snapshot)
        return {.on_air = false, .state = "starting", .note = "nothing has been published yet"};
    auto const& said = snapshot->state;
    if (snapshot->segments.empty())
        return {.on_air = false, .state = said.state, .note = said.note};
    if (snapshot->ended) return {.on_air = false, .state = "ended", .note = said.note};
    auto const age = now - seen.grown;
    if (age > 3 * snapshot->target_duration) {
        auto const seconds = std::chrono::floor<std::chrono::seconds>(age).count();
        return {.on_air = false,
                .state = "stalled",
                .note = fmt::format("nothing new for {} s", seconds)};
    }
    bool const is_wanted = said.state != "failed" && said.state != "stopped";
    return {.on_air = is_wanted, .state = said.state, .note = said.note};
}

std::optional<std::uint64_t> newest_number(contract::ChannelSnapshot const& snapshot,
                                           std::size_t variant) noexcept {
    auto const window = contract::window_of(snapshot, variant);
    if (window.first == window.last) return std::nullopt;
    return snapshot.segments[window.last - 1].number;
}

} // namespace continuo::status
