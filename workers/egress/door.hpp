// A port of the proxy and whom it lets clients reach: pure. Asked twice for each request: before a
// name is looked up, and with the addresses that it has.
#pragma once

#include "core/base/result.hpp"
#include "core/base/web_place.hpp"

#include <optional>
#include <span>

namespace continuo::egress {

struct Door {
    bool allow_private{false};
    /// Reached whatever its address is: the operator named it.
    std::optional<WebPlace> gateway{};
};

/// Errors: `Errc::unsupported`, the context being the reason, in words.
Result<> check_place(Door const& door, WebPlace const& place);

/// Whether all of `addresses`, those of `place`, may be reached: who answers with one of ours
/// beside his own is not to be trusted with the other.
/// Errors: as above.
Result<> check_addresses(Door const& door, WebPlace const& place,
                         std::span<IpAddress const> addresses);

} // namespace continuo::egress
