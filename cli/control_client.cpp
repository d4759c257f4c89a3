#include "cli/control_client.hpp"

#include "core/os/descriptor.hpp"

#include <boost/system/errc.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string>

namespace continuo::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{5};
constexpr std::size_t longest_reply = std::size_t{64}
                                      << 20; // bytes; the status of thousands of channels

Result<> connect(os::Descriptor const& socket, std::string const& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return fail_errno(path);
    }
    std::ranges::copy(path, address.sun_path);
    // A Unix socket connects at once or waits for room in the backlog: a send timeout bounds that.
    timeval const timeout{patience.count(), 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
    if (::connect(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        return fail_errno(path);
    return {};
}

Result<> send(os::Descriptor const& socket, std::string_view line) {
    while (!line.empty()) {
        auto const count = ::send(socket.get(), line.data(), line.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("ask");
        line.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<std::string> read_line(os::Descriptor const& socket, Clock::time_point deadline) {
    std::string line;
    std::array<char, 16 * 1024> buffer{};
    while (!line.ends_with('\n') && line.size() < longest_reply) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd event{socket.get(), POLLIN, 0};
        auto const ready =
            ::poll(&event, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready < 0 && errno == EINTR) continue;
        if (ready == 0) errno = ETIMEDOUT;
        if (ready <= 0) return fail_errno("wait for the answer");
        auto const count = ::read(socket.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("read the answer");
        if (count == 0) break;
        line.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return line;
}

} // namespace

Result<contract::ControlReply> ask(std::filesystem::path const& control_socket,
                                   contract::ControlRequest const& request) {
    auto const deadline = Clock::now() + patience;
    os::Descriptor const socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket) return fail_errno("make a socket");
    if (auto const connected = connect(socket, control_socket.string()); !connected)
        return connected.error();
    if (auto const sent = send(socket, contract::encode(request)); !sent) return sent.error();
    auto const line = read_line(socket, deadline);
    if (!line) return line.error();
    return contract::parse_control_reply(*line);
}

} // namespace continuo::cli
