#include "core/base/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace continuo {
namespace {

constexpr std::size_t longest_ip_address = INET6_ADDRSTRLEN - 1;

} // namespace

std::optional<IpAddress> parse_ip_address(std::string_view text) {
    if (text.size() > longest_ip_address || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    std::string const terminated(text);
    IpAddress address;
    address.is_v6 = text.find(':') != std::string_view::npos;
    auto const family = address.is_v6 ? AF_INET6 : AF_INET;
    if (::inet_pton(family, terminated.c_str(), address.bytes.data()) != 1) return std::nullopt;
    return address;
}

std::string to_text(IpAddress const& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    auto const family = address.is_v6 ? AF_INET6 : AF_INET;
    ::inet_ntop(family, address.bytes.data(), text.data(), text.size()); // there is room for any
    return text.data();
}

bool is_within(IpAddress const& address, IpAddress const& network, unsigned bits) noexcept {
    if (address.is_v6 != network.is_v6) return false;
    for (std::size_t i = 0; bits > 0; ++i) {
        auto const compared = bits < 8 ? bits : 8;
        auto const differing = address.bytes[i] ^ network.bytes[i];
        if (differing >> (8 - compared) != 0) return false;
        bits -= compared;
    }
    return true;
}

IpAddress unmapped(IpAddress const& address) noexcept {
    constexpr IpAddress prefix{.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, .is_v6 = true};
    constexpr std::size_t prefix_size = 12;
    if (!is_within(address, prefix, 8 * prefix_size)) return address;
    IpAddress inner;
    std::copy(address.bytes.begin() + prefix_size, address.bytes.end(), inner.bytes.begin());
    return inner;
}

} // namespace continuo
