#include "http/server/transmission.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace continuo::server {
namespace {

/// A reader as fast as we are must not keep the thread from its other connections.
constexpr std::size_t bytes_at_once = 4 * 1024 * 1024;

Transmission::Progress after_error() {
    return errno == EAGAIN || errno == EWOULDBLOCK ? Transmission::Progress::again
                                                   : Transmission::Progress::broken;
}

} // namespace

void Transmission::start(Reply reply) {
    reply_ = std::move(reply);
    head_sent_ = 0;
    content_sent_ = 0;
}

Transmission::Progress Transmission::pump(int socket) {
    auto progress = pump_memory(socket);
    if (progress == Progress::done && is_file()) progress = pump_file(socket);
    if (progress != Progress::again)
        reply_ = {}; // a connection that idles must not hold a removed file
    return progress;
}

bool Transmission::is_file() const noexcept {
    return reply_.content && reply_.content->file.is_open();
}

Transmission::Progress Transmission::pump_memory(int socket) {
    for (;;) {
        iovec parts[2];
        std::size_t count = 0;
        if (head_sent_ < reply_.head.size())
            parts[count++] = {reply_.head.data() + head_sent_, reply_.head.size() - head_sent_};
        if (!is_file() && content_sent_ < reply_.bytes.length) {
            auto const* const bytes = reply_.content->text.data() + reply_.bytes.first;
            parts[count++] = {const_cast<char*>(bytes) + content_sent_,
                              reply_.bytes.length - content_sent_};
        }
        if (count == 0) return Progress::done;

        msghdr message{};
        message.msg_iov = parts;
        message.msg_iovlen = count;
        // With a file to follow, the header waits for it and shares its first packet.
        int const flags =
            MSG_NOSIGNAL | MSG_DONTWAIT | (is_file() && reply_.bytes.length > 0 ? MSG_MORE : 0);
        auto const sent = ::sendmsg(socket, &message, flags);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return after_error();
        auto const of_head =
            std::min(static_cast<std::size_t>(sent), reply_.head.size() - head_sent_);
        head_sent_ += of_head;
        content_sent_ += static_cast<std::size_t>(sent) - of_head;
    }
}

Transmission::Progress Transmission::pump_file(int socket) {
    std::size_t budget_bytes = bytes_at_once;
    while (content_sent_ < reply_.bytes.length) {
        if (budget_bytes == 0) return Progress::again;
        auto offset = static_cast<off_t>(reply_.bytes.first + content_sent_);
        auto const wanted =
            std::min<std::uint64_t>(reply_.bytes.length - content_sent_, budget_bytes);
        auto const sent = ::sendfile(socket, reply_.content->file.fd(), &offset, wanted);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return after_error();
        if (sent == 0) return Progress::broken;
        content_sent_ += static_cast<std::uint64_t>(sent);
        budget_bytes -= static_cast<std::size_t>(sent);
    }
    return Progress::done;
}

} // namespace continuo::server
