#include "workers/egress/network.hpp"

#include "core/os/descriptor.hpp"

#include <boost/asio/post.hpp>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>

namespace continuo::egress {
namespace {

constexpr std::uint16_t any_port = 9; // nothing is sent to it

IpAddress address_in(sockaddr_storage const& from) {
    IpAddress address;
    address.is_v6 = from.ss_family == AF_INET6;
    if (address.is_v6) {
        sockaddr_in6 v6;
        std::memcpy(&v6, &from, sizeof v6);
        std::memcpy(address.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    } else {
        sockaddr_in v4;
        std::memcpy(&v4, &from, sizeof v4);
        std::memcpy(address.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
    }
    return address;
}

sockaddr_storage socket_address(IpAddress const& address) {
    sockaddr_storage made{};
    if (address.is_v6) {
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(any_port);
        std::memcpy(&v6.sin6_addr, address.bytes.data(), sizeof v6.sin6_addr);
        std::memcpy(&made, &v6, sizeof v6);
    } else {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(any_port);
        std::memcpy(&v4.sin_addr, address.bytes.data(), sizeof v4.sin_addr);
        std::memcpy(&made, &v4, sizeof v4);
    }
    return made;
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
    for (auto const* each = found; each; each = each->ai_next) {
        if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
        sockaddr_storage address{};
        std::memcpy(&address, each->ai_addr, each->ai_addrlen);
        addresses.push_back(address_in(address));
    }
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

/// From where would a datagram go there? From the address itself, if it is one of ours.
bool SystemNetwork::is_ours(IpAddress const& address) const {
    auto const there = socket_address(address);
    auto const size =
        static_cast<socklen_t>(address.is_v6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in));
    os::Descriptor const probe(::socket(there.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!probe) return false; // nor will a connection be made
    sockaddr_storage here{};
    socklen_t room = sizeof here;
    // The calls take the common head of all kinds of addresses.
    if (::connect(probe.get(), reinterpret_cast<sockaddr const*>(&there), size) != 0) return false;
    if (::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&here), &room) != 0) return false;
    return address_in(here) == address;
}

} // namespace continuo::egress
