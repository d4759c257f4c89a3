#include "http/server/transmission.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace continuo::server {
namespace {

/// A reader as fast as we are must not keep the thread from its other connections.
constexpr std::size_t bytes_at_once = 4 * 1024 * 1024;
constexpr std::size_t parts_at_once = 16;

Transmission::Progress after_error() {
    if (errno == EINTR) return Transmission::Progress::done; // the loop tries it again
    return errno == EAGAIN || errno == EWOULDBLOCK ? Transmission::Progress::again
                                                   : Transmission::Progress::broken;
}

/// A socket that took less than it was offered is full: asking it once more only costs a call.
Transmission::Progress after(std::uint64_t sent, std::uint64_t offered) {
    return sent < offered ? Transmission::Progress::again : Transmission::Progress::done;
}

void set_corked(int socket, bool corked) {
    int const value = corked ? 1 : 0;
    // Without it there are more packets than need be.
    (void)::setsockopt(socket, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
}

} // namespace

void Transmission::start(std::string head, std::shared_ptr<Body const> body, ByteRange bytes) {
    head_ = std::move(head);
    body_ = std::move(body);
    head_sent_ = 0;
    piece_ = 0;
    offset_ = 0;
    left_ = body_ ? bytes.first + bytes.length : 0;
    if (body_) advance(bytes.first);
}

Transmission::Progress Transmission::pump(int socket) {
    auto const progress = pump_all(socket);
    if (progress != Progress::again) {
        if (is_corked_) set_corked(socket, is_corked_ = false);
        // A connection that idles must not hold a removed file.
        body_.reset();
        head_.clear();
    }
    return progress;
}

void Transmission::advance(std::uint64_t bytes) {
    left_ -= bytes;
    offset_ += bytes;
    while (left_ > 0 && offset_ >= size_of(piece())) {
        offset_ -= size_of(piece());
        ++piece_;
    }
}

Transmission::Progress Transmission::pump_all(int socket) {
    Budget budget = bytes_at_once;
    while (head_sent_ < head_.size() || left_ > 0) {
        if (budget == 0) return Progress::again;
        auto const* const region =
            head_sent_ == head_.size() ? std::get_if<FileRegion>(&piece()) : nullptr;
        auto const progress =
            region ? pump_file(socket, *region, budget) : pump_memory(socket, budget);
        if (progress != Progress::done) return progress;
    }
    return Progress::done;
}

Transmission::Progress Transmission::pump_memory(int socket, Budget& budget) {
    std::array<iovec, parts_at_once> parts;
    std::size_t count = 0;
    std::size_t offered = 0;
    auto const add = [&](std::string_view bytes) {
        offered += bytes.size();
        parts[count++] = {const_cast<char*>(bytes.data()), bytes.size()};
    };
    if (head_sent_ < head_.size()) add(std::string_view(head_).substr(head_sent_));
    auto left = left_;
    auto skipped = offset_;
    for (auto next = piece_; left > 0 && count < parts.size(); ++next) {
        auto const& candidate = body_->pieces()[next];
        if (std::holds_alternative<FileRegion>(candidate)) break;
        auto const bytes = memory_of(candidate).substr(skipped, left);
        add(bytes);
        left -= bytes.size();
        skipped = 0;
    }

    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    // What is followed by more waits for it and shares its packet.
    auto const sent =
        ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT | (left > 0 ? MSG_MORE : 0));
    if (sent < 0) return after_error();
    auto const bytes = static_cast<std::size_t>(sent);
    auto const of_head = std::min(bytes, head_.size() - head_sent_);
    head_sent_ += of_head;
    advance(bytes - of_head);
    budget -= std::min(budget, bytes);
    return after(bytes, offered);
}

Transmission::Progress Transmission::pump_file(int socket, FileRegion const& region,
                                               Budget& budget) {
    // sendfile knows no MSG_MORE: what it sent last would go out by itself, however short it is.
    auto const left_here = region.length - offset_;
    if (left_ > left_here && !is_corked_) set_corked(socket, is_corked_ = true);
    auto place = static_cast<off_t>(region.offset + offset_);
    auto const wanted = std::min({left_here, left_, std::uint64_t{budget}});
    auto const sent = ::sendfile(socket, region.file->fd(), &place, wanted);
    if (sent < 0) return after_error();
    if (sent == 0) return Progress::broken;
    advance(static_cast<std::uint64_t>(sent));
    budget -= static_cast<std::size_t>(sent);
    return after(static_cast<std::uint64_t>(sent), wanted);
}

} // namespace continuo::server
