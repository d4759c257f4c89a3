// Snapshot -> HLS: what each playlist of a channel says. Pure; rendered once per change, for
// everybody.
#pragma once

#include "core/contract/channel_snapshot.hpp"
#include "core/hls/media_playlist.hpp"
#include "core/hls/multivariant_playlist.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace continuo::live {

/// The playlist of `snapshot.variants[variant]`; nothing while it has no segment.
std::optional<hls::MediaPlaylist> media_playlist(contract::ChannelSnapshot const& snapshot,
                                                 std::size_t variant);

/// The variants that have been measured. Players read it once, so there is none before the ladder
/// is complete or has had three segments' time to become so; and none without a variant.
std::optional<hls::MultivariantPlaylist>
multivariant_playlist(contract::ChannelSnapshot const& snapshot);

/// How long others may keep a segment: at least as long as we do, which is its own duration and the
/// longest playlist's after it left the list (RFC 8216 §6.2.2).
std::chrono::seconds segment_lifetime(contract::ChannelSnapshot const& snapshot) noexcept;

} // namespace continuo::live
