// Addresses of the Internet as values, whoever names them: a URL or a name server.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace continuo {

struct IpAddress {
    /// As on the wire; of IPv4 the first four, the others are 0.
    std::array<std::uint8_t, 16> bytes{};
    bool is_v6{false};

    friend bool operator==(IpAddress const&, IpAddress const&) = default;
};

/// "192.0.2.1" in four decimal numbers, or IPv6 as RFC 4291 §2.2 writes it, without brackets and
/// zone. Nothing for what some programs take as well: "127.1", "0x7f000001", "0177.0.0.1".
std::optional<IpAddress> parse_ip_address(std::string_view text);
std::string to_text(IpAddress const& address);

/// Whether the first `bits` of `address` are those of `network`, which is of the same family.
bool is_within(IpAddress const& address, IpAddress const& network, unsigned bits) noexcept;

/// The address of IPv4 that a mapped one of IPv6 stands for (RFC 4291 §2.5.5.2: ::ffff:192.0.2.1);
/// any other as it is.
IpAddress unmapped(IpAddress const& address) noexcept;

} // namespace continuo
