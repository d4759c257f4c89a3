#include "cli/readiness.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace continuo::cli {
namespace {

namespace asio = boost::asio;

struct Message {
    pid_t sender{};
    std::string text;
};

/// One datagram with its sender as the kernel knows it; nothing when none waits.
std::optional<Message> receive(int socket) {
    std::array<char, 4096> text{};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control{};
    iovec data{text.data(), text.size()};
    msghdr header{};
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    auto const size = ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size < 0) return {};
    Message message{.sender = 0, .text = {text.data(), static_cast<std::size_t>(size)}};
    auto const* const part = CMSG_FIRSTHDR(&header);
    if (part != nullptr && part->cmsg_type == SCM_CREDENTIALS) {
        ucred sender{};
        std::memcpy(&sender, CMSG_DATA(part), sizeof sender);
        message.sender = sender.pid;
    }
    return message;
}

/// Whether the lines of `text` hold `line`.
bool has_line(std::string_view text, std::string_view line) {
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        if (text.substr(0, end) == line) return true;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return false;
}

/// A datagram socket that tells who wrote, with a name of the kernel's choice in the abstract
/// namespace: no file to leave behind.
Result<int> open_socket() {
    auto const socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) return fail_errno("make a socket");
    int const on = 1;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (::setsockopt(socket, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 &&
        ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address.sun_family) == 0)
        return socket;
    auto error = fail_errno("name a socket");
    ::close(socket);
    return error;
}

/// That name as sd_notify(3) wants it.
std::string name_of(int socket) {
    sockaddr_un address{};
    socklen_t size = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    return "@" + std::string(address.sun_path + 1, size - offsetof(sockaddr_un, sun_path) - 1);
}

} // namespace

struct Readiness::State : std::enable_shared_from_this<State> {
    State(asio::any_io_executor executor, int descriptor)
        : socket(std::move(executor), descriptor)
        , variable("NOTIFY_SOCKET=" + name_of(descriptor)) {}

    void wait() {
        socket.async_wait(asio::posix::stream_descriptor::wait_read,
                          [self = shared_from_this()](boost::system::error_code code) {
                              if (code) return;
                              self->take_all();
                              self->wait();
                          });
    }

    void take_all() {
        while (auto const message = receive(socket.native_handle()))
            if (has_line(message->text, "READY=1")) on_ready(message->sender);
    }

    asio::posix::stream_descriptor socket;
    std::string variable;
    std::function<void(pid_t)> on_ready;
};

Result<std::unique_ptr<Readiness>> Readiness::open(asio::any_io_executor executor) {
    auto const socket = open_socket();
    if (!socket) return socket.error();
    auto state = std::make_shared<State>(std::move(executor), *socket);
    return std::unique_ptr<Readiness>(new Readiness(std::move(state)));
}

Readiness::Readiness(std::shared_ptr<State> state) : state_(std::move(state)) {}

Readiness::~Readiness() {
    boost::system::error_code ignored;
    state_->socket.close(ignored);
}

void Readiness::listen(std::function<void(pid_t)> on_ready) {
    state_->on_ready = std::move(on_ready);
    state_->wait();
}

std::string const& Readiness::variable() const {
    return state_->variable;
}

} // namespace continuo::cli
