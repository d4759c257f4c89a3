// Snapshot -> HLS: what each playlist of a channel says. Pure; rendered once per change, for
// everybody.
#pragma once

#include "core/contract/channel_snapshot.hpp"
#include "core/contract/layout.hpp"
#include "core/hls/media_playlist.hpp"
#include "core/hls/multivariant_playlist.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace continuo::live {

/// How a playlist refers to a segment, and a master to the playlist of a variant (its index):
/// relative to its own URL.
using SegmentUri = std::function<std::string(contract::SegmentPath const& path)>;
using PlaylistUri = std::function<std::string(std::size_t variant)>;

/// The playlist of `snapshot.variants[variant]`; nothing while it has no segment. Without `uri_of`
/// as it stands in /live/CHANNEL/VARIANT/.
std::optional<hls::MediaPlaylist> media_playlist(contract::ChannelSnapshot const& snapshot,
                                                 std::size_t variant);
std::optional<hls::MediaPlaylist> media_playlist(contract::ChannelSnapshot const& snapshot,
                                                 std::size_t variant, SegmentUri const& uri_of);

/// The variants that have been measured. Players read it once, so there is none before the ladder
/// is complete or has had three segments' time to become so; and none without a variant. Without
/// `uri_of` as it stands in /live/CHANNEL/.
std::optional<hls::MultivariantPlaylist>
multivariant_playlist(contract::ChannelSnapshot const& snapshot);
std::optional<hls::MultivariantPlaylist>
multivariant_playlist(contract::ChannelSnapshot const& snapshot, PlaylistUri const& uri_of);

/// How long others may keep a segment: at least as long as we do, which is its own duration and the
/// longest playlist's after it left the list (RFC 8216 §6.2.2).
std::chrono::seconds segment_lifetime(contract::ChannelSnapshot const& snapshot) noexcept;

} // namespace continuo::live
