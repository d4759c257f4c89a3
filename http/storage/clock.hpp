// What time it is; for a request that says so itself, where the configuration allows it, another.
#pragma once

#include "core/hls/value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace continuo::storage {

hls::WallTime wall_now();

/// Of `?now=...`: a date such as 2026-11-21T12:00:00Z, or seconds since 1970 with or without
/// decimals. Nothing for any other text, and for times beyond some thousand years.
std::optional<hls::WallTime> parse_now(std::string_view text);

/// The value of `name` in a query, its escapes undone; nothing where it is not there.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

} // namespace continuo::storage
