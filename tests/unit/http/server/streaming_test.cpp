// Streams over real sockets: a server with one thread, and clients that misbehave.
#include "http/server/as_result.hpp"
#include "http/server/server.hpp"
#include "http/server/stream.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace streaming_test {

using namespace continuo;
using namespace continuo::server;
using namespace std::chrono_literals;

constexpr auto deadline = 10s; ///< for everything that should happen soon

/// What the test does to a stream, from its own thread, and what it sees of it.
class Tap {
public:
    /// The loop takes these steps one by one, as soon as they are there.
    using Step = std::function<Result<Body>()>;

    void give(Step step) {
        std::lock_guard const lock(mutex_);
        steps_.push_back(std::move(step));
        if (wake_) wake_();
    }
    void give(std::string text) {
        give([text = std::move(text)] { return Result<Body>(Body(text)); });
    }
    void end() { give(std::string()); }

    /// False at the deadline.
    bool wait_until_waiting() {
        return wait([this] { return wake_ != nullptr; });
    }
    bool wait_until_gone() {
        return wait([this] { return is_gone_; });
    }

    std::optional<Step> take(std::function<void()> wake) {
        std::lock_guard const lock(mutex_);
        if (steps_.empty()) {
            wake_ = std::move(wake);
            changed_.notify_all();
            return std::nullopt;
        }
        wake_ = nullptr;
        auto step = std::move(steps_.front());
        steps_.pop_front();
        return step;
    }
    void leave() {
        std::lock_guard const lock(mutex_);
        wake_ = nullptr;
        is_gone_ = true;
        changed_.notify_all();
    }

private:
    bool wait(std::function<bool()> const& holds) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, deadline, holds);
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Step> steps_;
    std::function<void()> wake_; ///< while the stream waits
    bool is_gone_{false};
};

class TappedStream final : public Stream {
public:
    TappedStream(boost::asio::io_context& loop, std::shared_ptr<Tap> tap)
        : loop_(&loop)
        , timer_(std::make_shared<boost::asio::steady_timer>(loop))
        , tap_(std::move(tap)) {}
    ~TappedStream() override { tap_->leave(); }

    boost::asio::awaitable<Result<Body>> next() override {
        timer_->expires_after(1h);
        auto const wake = [loop = loop_, timer = timer_] {
            boost::asio::post(*loop, [timer] { timer->cancel(); });
        };
        auto step = tap_->take(wake);
        if (!step) {
            (void)co_await timer_->async_wait(as_result);
            step = tap_->take(nullptr);
        }
        if (!step) co_return fail(Errc::unavailable, "given up");
        co_return (*step)();
    }

private:
    boost::asio::io_context* loop_;
    std::shared_ptr<boost::asio::steady_timer> timer_;
    std::shared_ptr<Tap> tap_;
};

/// Never ends, and never waits.
class Flood final : public Stream {
public:
    explicit Flood(std::shared_ptr<std::atomic<int>> blocks) : blocks_(std::move(blocks)) {}
    static constexpr std::size_t block = 64 * 1024; // bytes

    boost::asio::awaitable<Result<Body>> next() override {
        ++*blocks_;
        co_return Body(std::string(block, 'x'));
    }

private:
    std::shared_ptr<std::atomic<int>> blocks_;
};

RepresentationPtr header() {
    auto content = std::make_shared<Representation>();
    content->content_fields = "Content-Type: text/event-stream\r\n";
    content->cache_fields = "Cache-Control: no-store\r\n";
    return content;
}

/// /stream is `tap`, /flood never ends, /text is "text".
class House {
public:
    House() {
        config::Http settings;
        settings.address = "127.0.0.1";
        settings.port = 0;
        settings.threads = 1;
        settings.send_timeout = 1s;
        server_ = Server::open(settings, [this] { return site(); }).value();
        loop_ = &server_->main_loop();
        thread_ = std::jthread([this] { server_->run(); });
    }
    ~House() { server_->stop(); }
    House(House const&) = delete;

    std::uint16_t port() const {
        auto const& address = server_->address();
        return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    }
    /// True when it ended in time.
    bool stop() {
        server_->stop();
        auto const began = std::chrono::steady_clock::now();
        thread_.join();
        return std::chrono::steady_clock::now() - began <
               std::chrono::milliseconds(Worker::grace) / 2;
    }

    std::shared_ptr<Tap> tap{std::make_shared<Tap>()};
    std::shared_ptr<std::atomic<int>> blocks{std::make_shared<std::atomic<int>>(0)};

private:
    Site site() {
        Site site;
        site.router.add(Method::get, "/stream", Handler([this](auto const&, auto const&) {
                            return streamed(std::make_shared<TappedStream>(*loop_, tap));
                        }));
        site.router.add(Method::get, "/flood", Handler([this](auto const&, auto const&) {
                            return streamed(std::make_shared<Flood>(blocks));
                        }));
        site.router.add(Method::get, "/text", Handler([](auto const&, auto const&) {
                            return answer(represent("text", "text/plain", no_store));
                        }));
        return site;
    }
    static Response streamed(std::shared_ptr<Stream> stream) {
        return {.status = 200, .content = header(), .fields = {}, .stream = std::move(stream)};
    }

    std::unique_ptr<Server> server_;
    boost::asio::io_context* loop_{};
    std::jthread thread_;
};

class Client {
public:
    explicit Client(House const& house, int receive_buffer = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer > 0)
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        timeval const time{.tv_sec = deadline.count(), .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(house.port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) ==
                0);
    }
    ~Client() { close(); }
    Client(Client const&) = delete;

    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }
    void break_off() {
        linger const hard{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
        close();
    }
    int socket() const { return socket_; }
    void send_nothing_more() const { ::shutdown(socket_, SHUT_WR); }
    void ask(std::string const& path, std::string const& method = "GET",
             std::string const& version = "1.1") const {
        auto const request = method + ' ' + path + " HTTP/" + version + "\r\nHost: a\r\n\r\n";
        REQUIRE(::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(request.size()));
    }
    /// What came up to the end of `last`, without what came behind it; all of it where the
    /// connection ends (or nothing comes) before.
    std::string read_to(std::string_view last) {
        for (;;) {
            if (auto const place = unread_.find(last); place != std::string::npos) {
                auto const end = place + last.size();
                auto read = unread_.substr(0, end);
                unread_.erase(0, end);
                return read;
            }
            char buffer[65536];
            auto const size = ::recv(socket_, buffer, sizeof buffer, 0);
            if (size <= 0) {
                ended_well_ = size == 0;
                return std::exchange(unread_, {});
            }
            unread_.append(buffer, static_cast<std::size_t>(size));
        }
    }
    std::string read_header() { return read_to("\r\n\r\n"); }
    std::string read_all() { return read_to("\x01 is in nothing that is sent"); }
    /// Whether the connection ended in order; else by a reset, or not in time.
    bool ended_well() const { return ended_well_; }

private:
    int socket_;
    std::string unread_;
    bool ended_well_{false};
};

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("streams: header and chunks go out as they come, and the connection goes on") {
    House house;
    Client client(house);
    client.ask("/stream");
    auto const head = client.read_header();
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(has(head, "\r\nContent-Type: text/event-stream\r\n"));
    CHECK(has(head, "\r\nTransfer-Encoding: chunked\r\n"));
    CHECK(!has(head, "Content-Length: "));
    CHECK(!has(head, "Accept-Ranges:"));
    CHECK(!has(head, "Connection:"));
    house.tap->give("one");
    CHECK(client.read_to("one\r\n") == "3\r\none\r\n");
    house.tap->give(std::string(26, 'x'));
    CHECK(client.read_to("x\r\n") == "1a\r\n" + std::string(26, 'x') + "\r\n");
    house.tap->end();
    CHECK(client.read_header() == "0\r\n\r\n");
    CHECK(house.tap->wait_until_gone());
    client.ask("/text");
    CHECK(has(client.read_header(), "Content-Length: 4\r\n"));
    CHECK(client.read_to("text") == "text");
}

TEST_CASE("streams: pieces of files and memory are one chunk") {
    test::TemporaryDirectory directory;
    std::ofstream(directory.path() / "file") << "0123456789";
    auto const file =
        std::make_shared<OpenFile const>(OpenFile::open(directory.path() / "file").value());
    House house;
    Client client(house);
    client.ask("/stream");
    client.read_header();
    house.tap->give([file] {
        Body body("moof");
        body.append(FileRegion{.file = file, .offset = 2, .length = 6});
        body.append(std::string("free"));
        body.append(FileRegion{.file = file, .offset = 0, .length = 2});
        return Result<Body>(std::move(body));
    });
    house.tap->end();
    CHECK(client.read_to("0\r\n\r\n") == "10\r\nmoof234567free01\r\n0\r\n\r\n");
}

TEST_CASE("streams: requests that are already there are answered behind the stream") {
    House house;
    Client client(house);
    client.ask("/stream");
    client.ask("/text");
    client.ask("/stream", "HEAD");
    client.ask("/text");
    client.read_header();
    house.tap->give("a");
    house.tap->end();
    CHECK(client.read_header() == "1\r\na\r\n0\r\n\r\n");
    CHECK(has(client.read_header(), "Content-Length: 4\r\n"));
    CHECK(client.read_to("text") == "text");
    CHECK(has(client.read_header(), "Transfer-Encoding: chunked\r\n"));
    CHECK(client.read_to("text").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("streams: HTTP/1.0 gets the bytes as they are, and their end is the connection's") {
    House house;
    Client client(house);
    client.ask("/stream", "GET", "1.0");
    auto const head = client.read_header();
    CHECK(has(head, "\r\nConnection: close\r\n"));
    CHECK(!has(head, "Transfer-Encoding:"));
    house.tap->give("one");
    CHECK(client.read_to("one") == "one");
    house.tap->give("two");
    house.tap->end();
    CHECK(client.read_all() == "two");
    CHECK(client.ended_well());
}

TEST_CASE("streams: HEAD asks nothing of the stream") {
    House house;
    Client client(house);
    client.ask("/stream", "HEAD");
    CHECK(has(client.read_header(), "Transfer-Encoding: chunked\r\n"));
    CHECK(house.tap->wait_until_gone());
    client.ask("/text");
    CHECK(client.read_header().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("streams: a client that breaks off ends one that waits") {
    House house;
    Client client(house);
    client.ask("/stream");
    client.read_header();
    REQUIRE(house.tap->wait_until_waiting());
    client.break_off();
    CHECK(house.tap->wait_until_gone());
}

TEST_CASE("streams: a client that closed is noticed with the next bytes") {
    House house;
    Client client(house);
    client.ask("/stream");
    client.read_header();
    client.close();
    house.tap->give("one"); // its machine answers that nobody is there any more
    CHECK(house.tap->wait_until_gone());
}

TEST_CASE("streams: a client that has nothing more to ask still gets everything") {
    House house;
    Client client(house);
    client.ask("/stream");
    client.send_nothing_more();
    client.read_header();
    REQUIRE(house.tap->wait_until_waiting());
    house.tap->give("one");
    CHECK(client.read_to("one\r\n") == "3\r\none\r\n");
    house.tap->end();
    CHECK(client.read_all() == "0\r\n\r\n");
    CHECK(client.ended_well());
}

TEST_CASE("streams: a client that stops reading holds up the source, and is let go") {
    House house;
    Client client(house, /*receive_buffer=*/65536);
    client.ask("/flood");
    client.read_header();
    // The server closes it after send_timeout; until then nothing is read here.
    Client other(house);
    pollfd waiting{.fd = client.socket(), .events = 0, .revents = 0};
    CHECK(::poll(&waiting, 1, std::chrono::milliseconds(deadline).count()) == 1);
    CHECK(house.blocks->load() < 500); // 32 MB: more than what sockets hold
    other.ask("/text");
    CHECK(other.read_header().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("streams: a failure breaks off, so that nobody takes the rest for the whole") {
    House house;
    for (std::string const version : {"1.1", "1.0"}) {
        for (bool const is_bug : {false, true}) {
            house.tap = std::make_shared<Tap>();
            Client client(house);
            client.ask("/stream", "GET", version);
            client.read_header();
            house.tap->give("one");
            client.read_to("one");
            house.tap->give([is_bug]() -> Result<Body> {
                if (is_bug) throw std::runtime_error("of the test's");
                return fail(Errc::not_found, "the test's file");
            });
            CHECK(!has(client.read_all(), "0\r\n\r\n"));
            CHECK(client.ended_well() == (version == "1.1"));
            CHECK(house.tap->wait_until_gone());
        }
    }
}

TEST_CASE("streams: a server that stops does not wait for them") {
    House house;
    Client client(house);
    client.ask("/stream");
    client.read_header();
    house.tap->give("one");
    client.read_to("one\r\n");
    REQUIRE(house.tap->wait_until_waiting());
    CHECK(house.stop());
    CHECK(client.read_all().empty());
    CHECK(house.tap->wait_until_gone());
}

} // namespace streaming_test
