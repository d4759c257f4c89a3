#include "workers/egress/network.hpp"

#include <boost/asio/post.hpp>

#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>
#include <optional>

namespace continuo::egress {
namespace {

/// Nothing for what is neither IPv4 nor IPv6.
std::optional<IpAddress> address_in(sockaddr const* from) {
    if (from == nullptr) return std::nullopt;
    IpAddress address;
    address.is_v6 = from->sa_family == AF_INET6;
    if (address.is_v6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, from, sizeof v6);
        std::memcpy(address.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    } else if (from->sa_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, from, sizeof v4);
        std::memcpy(address.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
    } else {
        return std::nullopt;
    }
    return address;
}

/// Blocks for as long as the resolver's own deadlines allow.
Network::Answer resolve(std::string const& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    auto const code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (code != 0)
        return fail(Errc::not_found, host + " is not known: " + ::gai_strerror(code) + ".");
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const owner(found, &::freeaddrinfo);
    std::vector<IpAddress> addresses;
    for (auto const* each = found; each; each = each->ai_next)
        if (auto const address = address_in(each->ai_addr)) addresses.push_back(*address);
    if (addresses.empty()) return fail(Errc::not_found, host + " has no address.");
    return addresses;
}

} // namespace

void SystemNetwork::look_up(std::string const& host, std::function<void(Answer)> done) {
    if (waiting_ >= most_waiting) {
        boost::asio::post(loop_, [done = std::move(done)] {
            done(fail(Errc::unavailable, "too many names are being looked up."));
        });
        return;
    }
    ++waiting_;
    boost::asio::post(pool_, [this, host, done = std::move(done)]() mutable {
        auto answer = resolve(host);
        boost::asio::post(loop_, [this, answer = std::move(answer), done = std::move(done)] {
            --waiting_;
            done(answer);
        });
    });
}

bool SystemNetwork::is_ours(IpAddress const& address) const {
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return true; // nothing is known: nothing is allowed
    std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> const owner(first, &::freeifaddrs);
    for (auto const* each = first; each; each = each->ifa_next)
        if (address_in(each->ifa_addr) == unmapped(address)) return true;
    return false;
}

} // namespace continuo::egress
