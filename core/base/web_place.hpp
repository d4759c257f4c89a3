// Host and port as URLs and proxies' clients name them, and whether strangers may have us go there
// at all: what can be said before any name server is asked.
#pragma once

#include "core/base/ip_address.hpp"
#include "core/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace continuo {

inline constexpr std::uint16_t http_port = 80;
inline constexpr std::uint16_t https_port = 443;

struct WebPlace {
    std::string host;                   ///< in lower case; an address of IPv6 without brackets
    std::optional<IpAddress> address{}; ///< where the host is one
    std::uint16_t port{};

    friend bool operator==(WebPlace const&, WebPlace const&) = default;
};

/// "example.com:8080", "192.0.2.1", "[2001:db8::1]:443". A host that only some programs take for an
/// address (RFC 6943 §3.1.1: "127.1", "0x7f.1", "2130706433") is none, and no name either.
/// Errors: `Errc::malformed`, the context being a sentence for people without any of `text`.
Result<WebPlace> parse_web_place(std::string_view text, std::uint16_t default_port);

/// "example.com:8080", "[2001:db8::1]:443".
std::string to_text(WebPlace const& place);

/// Whether strangers may have us look for `place`: an address that may be reached, or a name that
/// does not speak of this machine or its own network; port 80, 443, or 1024 and above.
/// `allow_private`: such names, any port, and private addresses are fine.
/// Errors: `Errc::unsupported`, the context being a sentence for people.
Result<> check_web_place(WebPlace const& place, bool allow_private);

} // namespace continuo
