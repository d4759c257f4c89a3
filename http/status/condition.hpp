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

namespace continuo::status {

using SteadyTime = std::chrono::steady_clock::time_point;

/// The newest snapshot of a channel; null while it has none.
struct Seen {
    std::shared_ptr<contract::ChannelSnapshot const> snapshot;
    SteadyTime grown{}; ///< when its list was seen to get its newest segment
};
using FindSnapshot = std::function<Seen(std::string_view channel)>;

struct Condition {
    bool on_air{false}; ///< viewers get new segments; a slate counts
    std::string state;  ///< one or two words: "on air", "slate", "starting", "stalled", ...
    std::string note;   ///< why it is not as it should be; empty when all is well

    friend bool operator==(Condition const&, Condition const&) = default;
};

/// A list that has not grown for three target durations is stalled, whatever its snapshot says:
/// whoever wrote it may be dead. Its dates do not tell: the system's clock may have been stepped.
Condition condition_of(Seen const& seen, SteadyTime now);

/// The newest segment that a variant lists.
std::optional<std::uint64_t> newest_number(contract::ChannelSnapshot const& snapshot,
                                           std::size_t variant) noexcept;

} // namespace continuo::status
