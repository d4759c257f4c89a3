// The value types of playlist tags (RFC 8216 §4.2 and the dates of §4.3.2.6): from text, and back.
#pragma once

#include "core/base/ticks.hpp"
#include "core/hls/media_playlist.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::hls {

/// A decimal-integer; nothing for signs, blanks, other bases and what does not fit.
std::optional<std::uint64_t> parse_integer(std::string_view text) noexcept;

/// A decimal-floating-point, not negative, without exponent.
std::optional<double> parse_decimal(std::string_view text) noexcept;

/// A decimal number of seconds, to the nearest tick; nothing beyond ten days.
std::optional<Ticks90k> parse_seconds(std::string_view text) noexcept;
/// The same with six decimals, rounded: "3.840000". `duration`: not negative.
std::string seconds_text(Ticks90k duration);

/// "LENGTH[@OFFSET]".
std::optional<ByteRange> parse_byte_range(std::string_view text) noexcept;
std::string to_text(ByteRange const& range);

/// ISO 8601 as playlists have it: "2026-11-21T14:03:22.120Z", "...+01:00", "...+0100", any number
/// of decimals, or no zone (UTC).
std::optional<WallTime> parse_date(std::string_view text) noexcept;
/// UTC with milliseconds, cut not rounded: "2026-11-21T14:03:22.120Z".
std::string date_text(WallTime date);

} // namespace continuo::hls
