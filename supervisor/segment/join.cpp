#include "supervisor/segment/join.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace continuo::segment {

Result<os::Descriptor> join(std::filesystem::path const& path,
                            contract::JoinRequest const& request) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.native().size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return fail_errno("socket \"" + path.native() + "\" (set a shorter runtime_dir)");
    }
    std::memcpy(address.sun_path, path.c_str(), path.native().size() + 1);
    // A segmenter that hangs accepts nobody: with its queue full, connect is to fail, not to wait.
    os::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return fail_errno("make a socket");
    auto const line = contract::encode(request);
    if (::connect(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0 ||
        ::send(socket.get(), line.data(), line.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(line.size()))
        return fail_errno("join the source at \"" + path.native() + '"');
    ::fcntl(socket.get(), F_SETFL, 0); // a child's stdin blocks
    return socket;
}

} // namespace continuo::segment
