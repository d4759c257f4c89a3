// Which addresses a stranger may have us connect to: the last word on every URL that viewers name,
// said of the very address that is connected to.
#pragma once

#include "core/base/ip_address.hpp"

#include <cstdint>
#include <string_view>

namespace continuo {

enum class AddressUse : std::uint8_t {
    open,   ///< a single machine anywhere on the Internet
    home,   ///< this machine, or one of a private network: only where the operator allows it
    closed, ///< never: link-local, metadata of a cloud, multicast, documentation, reserved, ...
};

struct AddressVerdict {
    AddressUse use{AddressUse::open};
    /// Of what is not open, as in "it has ...": "a loopback address". Lives for ever.
    std::string_view what{};
};

/// By the registries of special-purpose addresses (RFC 6890, RFC 8190); of IPv6 nothing is open but
/// what is given out (2000::/3). An address that stands for one of IPv4 (mapped: RFC 4291 §2.5.5.2;
/// NAT64: RFC 6052) is judged as that; Teredo, 6to4 and ISATAP, which hide one, are closed.
AddressVerdict verdict_on(IpAddress const& address) noexcept;

/// Whether strangers may have us connect there. `allow_private`: `home` is open, too.
bool may_be_reached(IpAddress const& address, bool allow_private) noexcept;

} // namespace continuo
