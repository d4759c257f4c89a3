// How a channel is, judged from its snapshot and the steady clock; what health checks, the API and
// the dashboard say of it.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/channel_snapshot.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::status {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Condition {
    bool on_air{false}; ///< viewers get new segments; a slate counts
    std::string state;  ///< one or two words: "on air", "slate", "starting", "stalled", ...
    std::string note;   ///< why it is not as it should be; empty when all is well

    friend bool operator==(Condition const&, Condition const&) = default;
};

/// A channel that plays assets, worked out from the clock.
struct LinearChannel {
    /// An asset from its beginning to its end.
    struct Programme {
        std::string asset;
        contract::WallTime start;
        contract::WallTime end;
    };
    Condition condition;
    std::vector<Programme> programmes{}; ///< what is on now, and what comes
    std::vector<std::string> variants{}; ///< and renditions: names in URLs
    std::optional<std::uint64_t> newest_number{};
    std::chrono::seconds target_duration{};
    contract::WallTime since{}; ///< it has been what it is
};

/// The newest snapshot of a channel; null while it has none.
struct Seen {
    std::shared_ptr<contract::ChannelSnapshot const> snapshot;
    SteadyTime grown{}; ///< when its list was seen to get its newest segment
    std::shared_ptr<LinearChannel const> linear{}; ///< for a channel with a schedule, instead
};
using FindSnapshot = std::function<Seen(std::string_view channel)>;

/// A list that has not grown for three target durations is stalled, whatever its snapshot says:
/// whoever wrote it may be dead. Its dates do not tell: the system's clock may have been stepped.
Condition condition_of(Seen const& seen, SteadyTime now);

/// The newest segment that a variant lists.
std::optional<std::uint64_t> newest_number(contract::ChannelSnapshot const& snapshot,
                                           std::size_t variant) noexcept;

} // namespace continuo::status
