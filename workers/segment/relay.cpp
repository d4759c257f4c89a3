#include "workers/segment/relay.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace continuo::segment {
namespace {

constexpr int backlog = 64;
constexpr std::size_t max_request = 256; // bytes
constexpr std::size_t max_consumers = 64;

std::string quoted(char const* verb, std::filesystem::path const& path) {
    return std::string(verb) + " \"" + path.string() + "\"";
}

} // namespace

Result<Relay> Relay::listen(std::filesystem::path const& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    auto const& text = path.native();
    if (text.size() >= sizeof address.sun_path) {
        return fail(Errc::out_of_range, quoted("length of the socket's path", path));
    }
    std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
    os::Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!listener) return fail_errno("make a socket");
    ::unlink(path.c_str());
    if (::bind(listener.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
        return fail_errno(quoted("bind", path));
    }
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) return fail_errno(quoted("chmod", path));
    if (::listen(listener.get(), backlog) != 0) return fail_errno(quoted("listen on", path));
    return Relay(std::move(listener), path);
}

void Relay::add_to(std::vector<pollfd>& polled) const {
    auto const has_room = consumers_.size() < max_consumers;
    polled.push_back({.fd = has_room ? listener_.get() : -1, .events = POLLIN, .revents = 0});
    for (auto const& consumer : consumers_) {
        auto const waited_for = !consumer.request ? POLLIN : consumer.is_full ? POLLOUT : 0;
        polled.push_back(
            {.fd = consumer.socket.get(), .events = static_cast<short>(waited_for), .revents = 0});
    }
}

std::optional<Relay::Time> Relay::next_deadline() const {
    std::optional<Time> earliest;
    for (auto const& consumer : consumers_) {
        if (consumer.request) continue;
        auto const deadline = consumer.accepted + join_deadline;
        earliest = earliest ? std::min(*earliest, deadline) : deadline;
    }
    return earliest;
}

void Relay::take_events(std::span<pollfd const> polled, Time now) {
    for (std::size_t i = 0; i < consumers_.size(); ++i) {
        auto& consumer = consumers_[i];
        auto const events = polled[i + 1].revents;
        if ((events & POLLIN) != 0) read_request(consumer);
        if ((events & POLLOUT) != 0) consumer.is_full = false;
        if ((events & (POLLERR | POLLHUP)) != 0) consumer.is_gone = true;
        if (!consumer.request && now >= consumer.accepted + join_deadline) consumer.is_gone = true;
    }
    forget_gone();
    if ((polled[0].revents & POLLIN) != 0) accept_all(now);
}

void Relay::accept_all(Time now) {
    while (listener_ && consumers_.size() < max_consumers) {
        os::Descriptor socket(
            ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket) return;
        Consumer consumer;
        consumer.socket = std::move(socket);
        consumer.accepted = now;
        read_request(consumer); // most have written it before they are accepted
        if (!consumer.is_gone) consumers_.push_back(std::move(consumer));
    }
}

void Relay::read_request(Consumer& consumer) {
    char buffer[max_request];
    auto const count = ::recv(consumer.socket.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        consumer.is_gone = true;
        return;
    }
    consumer.line.append(buffer, static_cast<std::size_t>(count));
    auto const end = consumer.line.find('\n');
    if (end == std::string::npos) {
        consumer.is_gone = consumer.line.size() >= max_request;
        return;
    }
    auto request = contract::parse_join_request(consumer.line.substr(0, end));
    if (request)
        consumer.request = std::move(*request);
    else
        consumer.is_gone = true;
}

void Relay::serve(GopLog const& log, std::span<std::uint8_t const> tables) {
    for (auto& consumer : consumers_) {
        if (!consumer.request) continue;
        if (!consumer.cursor) begin(consumer, log, tables);
        if (consumer.cursor && log.holds(*consumer.cursor)) send_all(consumer, log);
    }
    forget_gone();
}

void Relay::begin(Consumer& consumer, GopLog const& log, std::span<std::uint8_t const> tables) {
    consumer.cursor = log.join(consumer.request->from);
    if (!consumer.cursor) return;
    auto const lead_in = log.lead_in(*consumer.cursor);
    consumer.preface.assign(tables.begin(), tables.end());
    consumer.preface.insert(consumer.preface.end(), lead_in.begin(), lead_in.end());
}

void Relay::send_all(Consumer& consumer, GopLog const& log) {
    while (!consumer.is_full && !consumer.is_gone &&
           consumer.preface_sent < consumer.preface.size()) {
        auto const rest = std::span(consumer.preface).subspan(consumer.preface_sent);
        consumer.preface_sent += send_some(consumer, rest);
    }
    while (!consumer.is_full && !consumer.is_gone) {
        auto const rest = log.unread(*consumer.cursor);
        if (rest.empty()) return;
        consumer.cursor->offset += send_some(consumer, rest);
    }
}

std::size_t Relay::send_some(Consumer& consumer, std::span<std::uint8_t const> bytes) {
    auto const count =
        ::send(consumer.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        consumer.is_full = true;
    else if (errno != EINTR)
        consumer.is_gone = true;
    return 0;
}

std::optional<std::uint64_t> Relay::oldest_needed() const {
    std::optional<std::uint64_t> oldest;
    for (auto const& consumer : consumers_) {
        if (!consumer.cursor) continue;
        oldest = oldest ? std::min(*oldest, consumer.cursor->gop) : consumer.cursor->gop;
    }
    return oldest;
}

std::vector<std::string> Relay::cut_off(GopLog const& log) {
    std::vector<std::string> names;
    for (auto& consumer : consumers_) {
        if (!consumer.cursor || log.holds(*consumer.cursor)) continue;
        names.push_back(consumer.request->consumer);
        consumer.is_gone = true;
    }
    forget_gone();
    return names;
}

void Relay::stop_listening() {
    if (!listener_) return;
    listener_.close();
    ::unlink(path_.c_str());
}

bool Relay::has_unsent(GopLog const& log) const {
    return std::ranges::any_of(consumers_, [&](Consumer const& consumer) {
        if (!consumer.cursor) return false;
        auto cursor = *consumer.cursor;
        return consumer.preface_sent < consumer.preface.size() || !log.unread(cursor).empty();
    });
}

void Relay::forget_gone() {
    std::erase_if(consumers_, [](Consumer const& consumer) { return consumer.is_gone; });
}

} // namespace continuo::segment
