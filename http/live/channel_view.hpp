// A channel as it is served from one snapshot on: every text rendered, compressed and tagged;
// immutable.
#pragma once

#include "core/contract/channel_snapshot.hpp"
#include "http/server/representation.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::live {

struct ChannelView {
    contract::ChannelSnapshot snapshot;
    std::optional<server::Document> master;                ///< none: not yet
    std::vector<std::optional<server::Document>> variants; ///< in the snapshot's order
    std::chrono::seconds segment_lifetime{};

    /// Null for a name that no variant has.
    std::optional<server::Document> const* variant(std::string_view name) const noexcept;
};
using ChannelViewPtr = std::shared_ptr<ChannelView const>;

ChannelViewPtr view_of(contract::ChannelSnapshot snapshot);

/// All channels that have a snapshot, by name; replaced as a whole.
using OnAir = std::map<std::string, ChannelViewPtr, std::less<>>;

} // namespace continuo::live
