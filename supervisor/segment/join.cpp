#include "supervisor/segment/join.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace continuo::segment {

Result<int> join(std::filesystem::path const& socket, contract::JoinRequest const& request) {
    auto const& path = socket.native();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return fail_errno("socket \"" + path + "\" (set a shorter runtime_dir)");
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    // A segmenter that hangs accepts nobody: with its queue full, connect is to fail, not to wait.
    int const fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return fail_errno("make a socket");
    auto const line = contract::encode(request);
    if (::connect(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0 ||
        ::send(fd, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
        auto error = fail_errno("join the source at \"" + path + '"');
        ::close(fd);
        return error;
    }
    ::fcntl(fd, F_SETFL, 0); // a child's stdin blocks
    return fd;
}

} // namespace continuo::segment
