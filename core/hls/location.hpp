// Where a playlist or a segment lies: a URL over HTTP, or a path on this machine.
#pragma once

#include "core/base/result.hpp"

#include <string>
#include <string_view>

namespace continuo::hls {

/// http:// or https://; anything else is a path.
bool is_http(std::string_view location) noexcept;

/// A location as the command line has it: URLs stay, "file:///a%20b" becomes "/a b", paths stay.
/// Errors: `Errc::unsupported` for other schemes.
Result<std::string> location_of(std::string_view text);

/// What the playlist at `base` means by `reference`. Spec: RFC 3986 §5; spaces and other letters
/// that belong escaped are let through, as players do.
/// Errors: `Errc::unsupported` for other schemes, and for a file named by a playlist that came over
/// HTTP; `Errc::malformed`.
Result<std::string> resolved(std::string const& base, std::string_view reference);

} // namespace continuo::hls
