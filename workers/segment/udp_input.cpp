#include "workers/segment/udp_input.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

namespace continuo::segment {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t udp_read_size = 256 * 1024;
constexpr std::size_t max_datagram = 64 * 1024;
constexpr int kernel_buffer = 8 << 20; // some seconds, while we write or wait
constexpr auto losses_told_every = 10s;

struct FreeAddresses {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

std::string text_of(UdpAddress const& address) {
    auto const is_v6 = address.host.find(':') != std::string::npos;
    return fmt::format("udp://@{}{}{}:{}", is_v6 ? "[" : "", address.host, is_v6 ? "]" : "",
                       address.port);
}

Result<Addresses> numeric(UdpAddress const& address) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    hints.ai_family = address.host.empty() ? AF_INET : AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* list = nullptr;
    auto const port = std::to_string(address.port);
    auto const* const host = address.host.empty() ? nullptr : address.host.c_str();
    if (::getaddrinfo(host, port.c_str(), &hints, &list) != 0) {
        return fail(Errc::malformed, "\"" + address.host + "\" is no address in numbers");
    }
    return Addresses(list);
}

bool join_v4(int socket, in_addr group, std::string const& interface) {
    if (!IN_MULTICAST(ntohl(group.s_addr))) return true;
    ip_mreqn request{};
    request.imr_multiaddr = group;
    if (!interface.empty() && ::inet_pton(AF_INET, interface.c_str(), &request.imr_address) != 1) {
        errno = EINVAL;
        return false;
    }
    int const all = 0; // only the groups that this socket has joined
    (void)::setsockopt(socket, IPPROTO_IP, IP_MULTICAST_ALL, &all,
                       sizeof all); // bound to it anyway
    return ::setsockopt(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) == 0;
}

bool join_v6(int socket, sockaddr_in6 const& group) {
    if (!IN6_IS_ADDR_MULTICAST(&group.sin6_addr)) return true;
    ipv6_mreq request{};
    request.ipv6mr_multiaddr = group.sin6_addr;
    request.ipv6mr_interface = group.sin6_scope_id;
    return ::setsockopt(socket, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request, sizeof request) == 0;
}

bool join(int socket, addrinfo const& address, std::string const& interface) {
    if (address.ai_family == AF_INET6) {
        return join_v6(socket, *reinterpret_cast<sockaddr_in6 const*>(address.ai_addr));
    }
    return join_v4(socket, reinterpret_cast<sockaddr_in const*>(address.ai_addr)->sin_addr,
                   interface);
}

void enlarge_buffer(int socket) {
    auto const size = kernel_buffer;
    // beyond what the system allows to everybody, where we may
    if (::setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) == 0) return;
    (void)::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, sizeof size); // as far as it goes
}

} // namespace

Result<UdpInput> UdpInput::open(UdpAddress const& address,
                                std::optional<std::chrono::milliseconds> idle, Time now) {
    auto const found = numeric(address);
    if (!found) return found.error();
    auto const& to = **found;
    os::Descriptor socket(::socket(to.ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    int const yes = 1; // a group may have several listeners
    if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        ::bind(socket.get(), to.ai_addr, to.ai_addrlen) != 0 ||
        !join(socket.get(), to, address.interface)) {
        return fail_errno("listen at " + text_of(address));
    }
    enlarge_buffer(socket.get());
    return UdpInput(std::move(socket), idle, now);
}

UdpInput::UdpInput(os::Descriptor socket, std::optional<std::chrono::milliseconds> idle, Time now)
    : socket_(std::move(socket)), idle_(idle), heard_(now), buffer_(udp_read_size) {}

void UdpInput::add_to(std::vector<pollfd>& polled, bool is_wanted) const {
    auto const reads = is_wanted && !is_ready() && !end_;
    polled.push_back(
        {.fd = socket_.get(), .events = static_cast<short>(reads ? POLLIN : 0), .revents = 0});
}

std::optional<UdpInput::Time> UdpInput::next_deadline() const {
    if (!idle_ || end_) return std::nullopt;
    return heard_ + *idle_;
}

void UdpInput::take_events(std::span<pollfd const> polled, Time now) {
    auto const& entry = polled.front();
    auto const was_asked = (entry.events & POLLIN) != 0;
    if (was_asked && entry.revents != 0) read();
    if (is_ready() || !was_asked) heard_ = now; // what nobody asks for is not missing
    tell_losses(now);
    if (idle_ && now - heard_ >= *idle_) end_ = InputEnd{.why = InputEnd::Why::finished};
}

void UdpInput::read() {
    while (buffer_.size() - size_ >= max_datagram) {
        auto const room = std::span(buffer_).subspan(size_);
        auto const count = ::recv(socket_.get(), room.data(), room.size(), 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return; // no more for now; errors of a sender that is not there pass too
        auto const datagram = without_rtp(room.first(static_cast<std::size_t>(count)));
        if (datagram.sequence) sequence_.take(*datagram.sequence);
        std::copy(datagram.payload.begin(), datagram.payload.end(), room.begin());
        size_ += datagram.payload.size();
    }
}

void UdpInput::tell_losses(Time now) {
    if (sequence_.lost() == told_lost_ || (told_at_ && now - *told_at_ < losses_told_every)) return;
    told_at_ = now;
    remarks_.push_back(fmt::format("{} datagrams were lost on the way, {} in all",
                                   sequence_.lost() - told_lost_, sequence_.lost()));
    told_lost_ = sequence_.lost();
}

Piece UdpInput::next() {
    return {.bytes = std::span(buffer_).first(std::exchange(size_, 0))};
}

std::vector<std::string> UdpInput::take_remarks() {
    return std::exchange(remarks_, {});
}

} // namespace continuo::segment
