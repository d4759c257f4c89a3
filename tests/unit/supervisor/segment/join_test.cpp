#include "supervisor/segment/join.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace continuo::segment::join_test {

/// A source's listening socket.
class Listener {
public:
    explicit Listener(int backlog = 8) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
        REQUIRE(::bind(fd_, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0);
        REQUIRE(::listen(fd_, backlog) == 0);
    }
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;
    ~Listener() { close(); }

    std::filesystem::path path() const { return scratch_.path() / "relay"; }
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }
    /// What the next consumer has sent.
    std::string accept_line() const {
        int const consumer = ::accept(fd_, nullptr, nullptr);
        std::array<char, 256> bytes{};
        auto const count = ::read(consumer, bytes.data(), bytes.size());
        ::close(consumer);
        return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
    }

private:
    test::TemporaryDirectory scratch_;
    int fd_;
};

TEST_CASE("join: the request is the first thing that the source hears") {
    Listener const listener;
    auto const start = join(listener.path(), {.from = std::nullopt, .consumer = "720p"});
    REQUIRE(start.has_value());
    CHECK(listener.accept_line() == "start 720p\n");
    auto const from = join(listener.path(), {.from = Ticks90k{819120}, .consumer = "720p"});
    REQUIRE(from.has_value());
    CHECK(listener.accept_line() == "from 819120 720p\n");
}

TEST_CASE("join: the descriptor blocks, as a child's stdin should, and no other child gets it") {
    Listener const listener;
    auto const socket = join(listener.path(), {.from = std::nullopt, .consumer = "720p"});
    REQUIRE(socket.has_value());
    CHECK((::fcntl(socket->get(), F_GETFL) & O_NONBLOCK) == 0);
    CHECK((::fcntl(socket->get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("join: a source that is gone is an error") {
    Listener listener;
    listener.close(); // the file stays, as after kill -9
    auto const refused = join(listener.path(), {.from = std::nullopt, .consumer = "720p"});
    REQUIRE(refused.has_error());
    CHECK(refused.error().code.value() == ECONNREFUSED);

    test::TemporaryDirectory const scratch;
    auto const missing = join(scratch.path() / "relay", {.from = std::nullopt, .consumer = "720p"});
    REQUIRE(missing.has_error());
    CHECK(missing.error().code.value() == ENOENT);
}

TEST_CASE("join: a source that hangs, with its queue full, is an error and no wait") {
    Listener const listener(/*backlog=*/0);
    std::vector<os::Descriptor> sockets;
    for (int i = 0; i < 16; ++i) {
        auto socket = join(listener.path(), {.from = std::nullopt, .consumer = "720p"});
        if (!socket) {
            CHECK(socket.error().code.value() == EAGAIN);
            break;
        }
        sockets.push_back(*std::move(socket));
    }
    CHECK(sockets.size() < 16);
}

TEST_CASE("join: a path that is too long for a socket says what to do") {
    auto const failed = join(std::filesystem::path("/") / std::string(120, 'x'),
                             {.from = std::nullopt, .consumer = "720p"});
    REQUIRE(failed.has_error());
    CHECK(failed.error().code.value() == ENAMETOOLONG);
    CHECK(failed.error().context.find("runtime_dir") != std::string::npos);
}

} // namespace continuo::segment::join_test
