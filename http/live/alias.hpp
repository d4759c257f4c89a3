// The channel `live` once more, at the URLs of the mux service whose place it can take: what its
// playlists say when they stand directly below /live/. Pure; rendered once per change, like the
// channel's own.
//
//   /live/stream.m3u8                where nothing is encoded: a media playlist; else a master
//   /live/stream_N/playlist.m3u8     the variants, from 0 on
//   /live/RUN-NNNNNN.ts              segments of the first variant
#pragma once

#include "core/contract/channel_snapshot.hpp"
#include "core/hls/media_playlist.hpp"
#include "core/hls/multivariant_playlist.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace continuo::live {

/// "stream_2" -> 2; nothing for any other text: a number has one spelling.
std::optional<std::size_t> stream_number(std::string_view directory) noexcept;

/// /live/stream.m3u8 of a copy: the first variant, its segments beside it.
std::optional<hls::MediaPlaylist> copy_stream(contract::ChannelSnapshot const& snapshot);

/// /live/stream.m3u8 of a ladder.
std::optional<hls::MultivariantPlaylist> ladder_stream(contract::ChannelSnapshot const& snapshot);

/// /live/stream_N/playlist.m3u8, N being `variant`. Segments have the channel's own URLs, so that a
/// cache holds them once.
std::optional<hls::MediaPlaylist> numbered_stream(contract::ChannelSnapshot const& snapshot,
                                                  std::size_t variant);

/// What stands at each of these URLs before there is something to list: the mux service's clients
/// take nothing but 200 for an answer.
hls::MediaPlaylist empty_stream(std::chrono::seconds target_duration);

} // namespace continuo::live
