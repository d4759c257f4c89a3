// The kinds of values that config.yaml knows, each with the words for "must be ...". Inside this
// room only.
#pragma once

#include "core/config/section.hpp"
#include "core/config/units.hpp"

#include <array>
#include <string_view>

namespace continuo::config {

inline constexpr Scalar<milliseconds> duration{parse_duration,
                                               "a duration such as 4s, 250ms, 2m or 1h"};
inline constexpr Scalar<seconds> whole_seconds{parse_whole_seconds,
                                               "whole seconds such as 6s, 2m or 1h"};
inline constexpr Scalar<std::uint64_t> bytes{parse_bytes, "a size such as 512MiB, 64KiB or 1GB"};
inline constexpr Scalar<std::uint64_t> bitrate{parse_bitrate, "a bit rate such as 128k or 2.8M"};
inline constexpr Scalar<Rate> rate{parse_rate, "a picture rate such as 25, 30000/1001 or 29.97"};
inline constexpr Scalar<PictureSize> picture_size{parse_picture_size,
                                                  "even WIDTHxHEIGHT such as 1280x720"};
inline constexpr Scalar<unsigned> count{parse_count, "a whole number"};
inline constexpr Scalar<bool> on_off{parse_switch, "true or false"};
inline constexpr Scalar<Endpoint> endpoint{parse_endpoint,
                                           "ADDRESS:PORT such as 0.0.0.0:8080 or \"[::]:8080\""};

/// x264's presets, fastest first.
inline constexpr std::array<std::string_view, 10> presets{
    "ultrafast", "superfast", "veryfast", "faster",   "fast",
    "medium",    "slow",      "slower",   "veryslow", "placebo"};

inline constexpr Range segment_time_range{"1s", "60s"};
inline constexpr Range window_range{"3", "10000"};
inline constexpr Range budget_range{"1MiB", "1024GiB"};

} // namespace continuo::config
