// A media playlist as the reader of segments needs it, or why it has to leave it to others.
#pragma once

#include "core/base/result.hpp"
#include "core/hls/media_playlist.hpp"

#include <string>
#include <string_view>

namespace continuo::segment {

/// A playlist whose byte ranges all have their offsets. Errors: those of
/// `hls::parse_media_playlist`; `Errc::out_of_range` for numbers that leave no room to count on.
Result<hls::MediaPlaylist> readable_list(std::string_view text);

/// Why ffmpeg would have to read it; empty: we can.
std::string reason_for_others(hls::MediaPlaylist const& list);

/// Why a text is no playlist at all, in words.
char const* reason_of_no_playlist(std::string_view text) noexcept;

} // namespace continuo::segment
