#include "core/base/address_guard.hpp"

#include <algorithm>
#include <array>

namespace continuo {
namespace {

struct SpecialRange {
    IpAddress network;
    unsigned bits;
    AddressVerdict verdict;
};

constexpr IpAddress v4(std::uint8_t a, std::uint8_t b = 0, std::uint8_t c = 0, std::uint8_t d = 0) {
    return {.bytes = {a, b, c, d}, .is_v6 = false};
}

/// `groups`: the first ones, 16 bits each; the others are 0.
template <std::size_t count>
constexpr IpAddress v6(std::array<std::uint16_t, count> const& groups) {
    IpAddress address{.bytes = {}, .is_v6 = true};
    for (std::size_t i = 0; i < count; ++i) {
        address.bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
        address.bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xff);
    }
    return address;
}
template <class... Groups>
constexpr IpAddress v6(Groups... groups) {
    return v6(std::array<std::uint16_t, sizeof...(groups)>{static_cast<std::uint16_t>(groups)...});
}

constexpr AddressVerdict home(std::string_view what) {
    return {AddressUse::home, what};
}
constexpr AddressVerdict closed(std::string_view what) {
    return {AddressUse::closed, what};
}

constexpr auto loopback = home("a loopback address, which is this server itself");
constexpr auto private_use = home("an address of a private network");
constexpr auto link_local =
    closed("a link-local address, where machines of a cloud find their metadata");
constexpr auto metadata = closed("the address of a cloud's metadata");
constexpr auto unspecified = closed("the unspecified address");
constexpr auto shared = closed("an address that a provider shares out among its customers");
constexpr auto documentation = closed("an address for examples");
constexpr auto multicast = closed("a multicast address");
constexpr auto reserved = closed("a reserved address");
constexpr auto hidden = closed("an address that hides one of IPv4");

/// The first that fits counts.
constexpr std::array special_ranges{
    // IPv4
    SpecialRange{v4(0), 8, unspecified}, // RFC 791 §3.2; 0.0.0.0 reaches this machine
    SpecialRange{v4(10), 8, private_use},
    SpecialRange{v4(100, 100, 100, 200), 32, metadata},
    SpecialRange{v4(100, 64), 10, shared},
    SpecialRange{v4(127), 8, loopback},
    SpecialRange{v4(168, 63, 129, 16), 32, metadata}, // of one cloud, among the public ones
    SpecialRange{v4(169, 254), 16, link_local},
    SpecialRange{v4(172, 16), 12, private_use},
    SpecialRange{v4(192, 0, 0), 24, reserved},
    SpecialRange{v4(192, 0, 2), 24, documentation},
    SpecialRange{v4(192, 88, 99), 24, reserved}, // 6to4 relays, RFC 7526
    SpecialRange{v4(192, 168), 16, private_use},
    SpecialRange{v4(198, 18), 15, closed("an address for measurements of networks")},
    SpecialRange{v4(198, 51, 100), 24, documentation},
    SpecialRange{v4(203, 0, 113), 24, documentation},
    SpecialRange{v4(224), 4, multicast},
    SpecialRange{v4(255, 255, 255, 255), 32, closed("the broadcast address")},
    SpecialRange{v4(240), 4, reserved},
    // IPv6 outside of 2000::/3; what is not here is reserved all the same
    SpecialRange{v6(0, 0, 0, 0, 0, 0, 0, 0), 128, unspecified},
    SpecialRange{v6(0, 0, 0, 0, 0, 0, 0, 1), 128, loopback},
    SpecialRange{v6(0), 64, hidden}, // compatible (RFC 4291 §2.5.5.1), SIIT (RFC 2765 §2.1)
    SpecialRange{v6(0x64, 0xff9b, 1), 48, hidden}, // RFC 8215
    SpecialRange{v6(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), 128, metadata},
    SpecialRange{v6(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254), 128, metadata},
    SpecialRange{v6(0xfc00), 7, private_use},
    SpecialRange{v6(0xfe80), 10, link_local},
    SpecialRange{v6(0xfec0), 10, closed("a site-local address")},
    SpecialRange{v6(0xff00), 8, multicast},
    // IPv6 within it
    SpecialRange{v6(0x2001, 0), 32, hidden}, // Teredo
    SpecialRange{v6(0x2001, 0xdb8), 32, documentation},
    SpecialRange{v6(0x2001, 0), 23, reserved},
    SpecialRange{v6(0x2002), 16, hidden}, // 6to4
    SpecialRange{v6(0x3ffe), 16, reserved},
    SpecialRange{v6(0x3fff, 0), 20, documentation},
};

constexpr auto given_out = v6(0x2000);
constexpr unsigned given_out_bits = 3;
constexpr auto mapped = v6(0, 0, 0, 0, 0, 0xffff);
constexpr auto translated = v6(0x64, 0xff9b);
constexpr unsigned embedding_bits = 96;

/// The address of IPv4 that one of IPv6 leads to.
IpAddress last_four(IpAddress const& address) noexcept {
    return v4(address.bytes[12], address.bytes[13], address.bytes[14], address.bytes[15]);
}

/// RFC 5214 §6.1: the last 64 bits are 0000:5efe, or 0200:5efe, and an address of IPv4.
bool is_isatap(IpAddress const& address) noexcept {
    auto const& bytes = address.bytes;
    return (bytes[8] & ~0x03) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
}

} // namespace

AddressVerdict verdict_on(IpAddress const& address) noexcept {
    if (is_within(address, mapped, embedding_bits) ||
        is_within(address, translated, embedding_bits))
        return verdict_on(last_four(address));
    auto const* const range = std::ranges::find_if(special_ranges, [&](SpecialRange const& each) {
        return is_within(address, each.network, each.bits);
    });
    if (range != special_ranges.end()) return range->verdict;
    if (!address.is_v6) return {};
    if (!is_within(address, given_out, given_out_bits)) return reserved;
    if (is_isatap(address)) return hidden;
    return {};
}

bool may_be_reached(IpAddress const& address, bool allow_private) noexcept {
    switch (verdict_on(address).use) {
    case AddressUse::open: return true;
    case AddressUse::home: return allow_private;
    case AddressUse::closed: return false;
    }
    return false;
}

} // namespace continuo
