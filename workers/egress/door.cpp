#include "workers/egress/door.hpp"

#include "core/base/address_guard.hpp"

#include <algorithm>

namespace continuo::egress {

Result<> check_place(Door const& door, WebPlace const& place) {
    if (door.gateway == place) return {};
    return check_web_place(place, door.allow_private);
}

Result<> check_addresses(Door const& door, WebPlace const& place,
                         std::span<IpAddress const> addresses) {
    if (door.gateway == place) return {};
    auto const inner = std::ranges::find_if_not(addresses, [&](IpAddress const& address) {
        return may_be_reached(address, door.allow_private);
    });
    if (inner == addresses.end()) return {};
    return fail(Errc::unsupported,
                place.host + " leads to " + std::string(verdict_on(*inner).what) + ".");
}

} // namespace continuo::egress
