// Rules 17 and 18: the dates of one version of a media playlist.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/hls/rules/finding.hpp"

namespace continuo::hls::rules {

/// Dates advance by EXTINF, and never back at a DISCONTINUITY; a live list has dates, and one
/// behind each DISCONTINUITY.
Remarks check_dates(MediaPlaylist const& playlist);

/// The date of each segment, its own or counted from the one before it; nothing before the first
/// date.
std::vector<std::optional<WallTime>> dates_of(MediaPlaylist const& playlist);

} // namespace continuo::hls::rules
