// Values with units as people write them in config.yaml: text -> number, or nothing for a text that
// is none.
#pragma once

#include "core/config/config.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::config {

/// "4s", "250ms", "1.92s", "2m", "1h"; whole milliseconds only.
std::optional<milliseconds> parse_duration(std::string_view text) noexcept;

/// A duration that is a whole number of seconds.
std::optional<seconds> parse_whole_seconds(std::string_view text) noexcept;

/// "512MiB", "64KiB", "1.5GiB" (powers of 1024) and "1GB", "500MB", "64kB" (of 1000), in bytes.
std::optional<std::uint64_t> parse_bytes(std::string_view text) noexcept;

/// "128k", "2800k", "5M": bits per second.
std::optional<std::uint64_t> parse_bitrate(std::string_view text) noexcept;

/// "25", "30000/1001", "12.5"; the customary decimals of the n/1001 rates ("29.97", "23.976", ...)
/// mean those.
std::optional<Rate> parse_rate(std::string_view text) noexcept;

/// Decimal digits only.
std::optional<unsigned> parse_count(std::string_view text) noexcept;

/// "true" or "false".
std::optional<bool> parse_switch(std::string_view text) noexcept;

struct PictureSize {
    int width{};
    int height{};

    friend bool operator==(PictureSize const&, PictureSize const&) = default;
};
/// "1280x720", in pixels; both even, as 4:2:0 pictures are.
std::optional<PictureSize> parse_picture_size(std::string_view text) noexcept;

struct Endpoint {
    std::string address; ///< IPv4 or IPv6, without brackets
    std::uint16_t port{};

    friend bool operator==(Endpoint const&, Endpoint const&) = default;
};
/// "0.0.0.0:8080", "[::]:8080".
std::optional<Endpoint> parse_endpoint(std::string_view text);

} // namespace continuo::config
