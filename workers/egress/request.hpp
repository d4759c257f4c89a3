// What a client of the proxy asks for (RFC 9112 §3.2): pure.
#pragma once

#include "core/base/web_place.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace continuo::egress {

inline constexpr std::size_t longest_head = 16'384; // bytes

struct Request {
    WebPlace place;
    bool is_tunnel{false}; ///< CONNECT
    /// What the origin is sent: the path only, a few harmless headers (the gateway also its
    /// password), and that the connection ends with the answer; so nothing that follows can be
    /// taken for a second request. Empty of tunnels.
    std::string head{};
};

struct Refusal {
    unsigned status{};
    std::string reason{}; ///< in words, without line breaks
};

/// "GET http://host/path HTTP/1.1", HEAD, or "CONNECT host:443 HTTP/1.1", with its headers.
/// `head`: up to and with the empty line. `gateway`: that of the door.
std::variant<Request, Refusal> parse_request(std::string_view head,
                                             std::optional<WebPlace> const& gateway = {});

} // namespace continuo::egress
