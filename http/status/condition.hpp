// How a channel is, judged from its snapshot and the clock; what health checks, the API and the
// dashboard say of it.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/channel_snapshot.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::status {

using SnapshotPtr = std::shared_ptr<contract::ChannelSnapshot const>;
/// The newest snapshot of a channel; null while it has none.
using FindSnapshot = std::function<SnapshotPtr(std::string_view channel)>;

struct Condition {
    bool on_air{false}; ///< viewers get new segments; a slate counts
    std::string state;  ///< one or two words: "on air", "slate", "starting", "stalled", ...
    std::string note;   ///< why it is not as it should be; empty when all is well

    friend bool operator==(Condition const&, Condition const&) = default;
};

/// `snapshot`: may be null. A list that has not grown for three target durations is stalled,
/// whatever its snapshot says: whoever wrote it may be dead.
Condition condition_of(contract::ChannelSnapshot const* snapshot, contract::WallTime now);

/// The newest segment that a variant lists.
std::optional<std::uint64_t> newest_number(contract::ChannelSnapshot const& snapshot,
                                           std::size_t variant) noexcept;

} // namespace continuo::status
