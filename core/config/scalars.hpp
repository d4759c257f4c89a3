// The kinds of values that config.yaml knows, each with the words for "must be ...". Inside this
// room only.
#pragma once

#include "core/config/address.hpp"
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
inline constexpr Scalar<std::string> base_url{parse_base_url,
                                              "a URL such as http://api:8080, without ? and #"};
inline constexpr Scalar<std::string> authority{
    parse_authority, "a host name such as core.example.com, perhaps with a port"};
inline constexpr Scalar<std::string> host{parse_host, "a host name or an IP address"};
inline constexpr Scalar<std::string> mount{
    parse_mount, "a path such as /stream.mp3, of letters, digits, - . _ ~ and /"};

/// x264's presets, fastest first.
inline constexpr std::array<std::string_view, 10> presets{
    "ultrafast", "superfast", "veryfast", "faster",   "fast",
    "medium",    "slow",      "slower",   "veryslow", "placebo"};
inline constexpr std::array<std::string_view, 2> icecast_formats{"mp3", "aac"};

inline constexpr Range segment_time_range{"1s", "60s"};
inline constexpr Range window_range{"3", "10000"};
inline constexpr Range budget_range{"1MiB", "1024GiB"};
inline constexpr Range transition_timeout_range{"1s", "10m"};
inline constexpr Range port_range{"1", "65535"};
inline constexpr Range icecast_bitrate_range{"16k", "320k"};

} // namespace continuo::config
