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

using MaybeDocument = std::optional<server::Document>; ///< none: not yet

/// The playlists of http/live/alias.hpp.
struct AliasView {
    MaybeDocument copy_stream;
    MaybeDocument ladder_stream;
    std::vector<MaybeDocument> numbered_streams; ///< in the snapshot's order
};

using SteadyTime = std::chrono::steady_clock::time_point;

struct ChannelView {
    contract::ChannelSnapshot snapshot;
    SteadyTime grown{}; ///< when its list was seen to get its newest segment
    MaybeDocument master;
    std::vector<MaybeDocument> variants; ///< in the snapshot's order
    AliasView alias;                     ///< empty but for `config::aliased_channel`
    std::chrono::seconds segment_lifetime{};

    /// Null for a name that no variant has.
    MaybeDocument const* variant(std::string_view name) const noexcept;
};
using ChannelViewPtr = std::shared_ptr<ChannelView const>;

ChannelViewPtr view_of(contract::ChannelSnapshot snapshot, SteadyTime grown = {});

/// When the list of `snapshot` got its newest segment, now that it takes the place of `before`. The
/// steady clock tells, and the wall clock only where nothing was seen before (`before` is null):
/// it may be stepped.
SteadyTime growth_of(contract::ChannelSnapshot const& snapshot, ChannelView const* before,
                     SteadyTime now, contract::WallTime wall_now);

/// What `alias` says before there is anything else.
server::Document empty_document(std::chrono::seconds target_duration);

/// All channels that have a snapshot, by name; replaced as a whole.
using OnAir = std::map<std::string, ChannelViewPtr, std::less<>>;

} // namespace continuo::live
