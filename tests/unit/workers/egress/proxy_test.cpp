#include "core/os/descriptor.hpp"
#include "workers/egress/proxy.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace continuo::egress::proxy_test {

constexpr int patience_ms = 5000;

sockaddr_in at(std::string const& address, std::uint16_t port) {
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    REQUIRE(::inet_pton(AF_INET, address.c_str(), &made.sin_addr) == 1);
    return made;
}

bool becomes_readable(int fd, int milliseconds) {
    pollfd waited{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&waited, 1, milliseconds) == 1;
}

/// One end of a connection, with patience.
class Peer {
public:
    explicit Peer(int fd) : socket_(fd) {
        REQUIRE(fd >= 0);
        timeval const patience{.tv_sec = patience_ms / 1000, .tv_usec = 0};
        ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    static Peer connected(std::uint16_t port) {
        Peer made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        auto const there = at("127.0.0.1", port);
        REQUIRE(::connect(made.socket_.get(), reinterpret_cast<sockaddr const*>(&there),
                          sizeof there) == 0);
        return made;
    }

    void say(std::string const& text) {
        REQUIRE(::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(text.size()));
    }
    /// Until `end` has come, or the other side has nothing more to say.
    std::string hear(std::string const& end = {}) {
        std::string heard;
        char buffer[4096];
        while (end.empty() || heard.find(end) == std::string::npos) {
            auto const count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
            if (count <= 0) break;
            heard.append(buffer, static_cast<std::size_t>(count));
        }
        return heard;
    }
    bool is_silent() const { return !becomes_readable(socket_.get(), 100); }
    void close() { socket_.close(); }

private:
    os::Descriptor socket_;
};

/// Somebody who listens, and notices whoever comes.
class Listener {
public:
    explicit Listener(std::string const& address, std::uint16_t port = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        auto here = at(address, port);
        socklen_t size = sizeof here;
        REQUIRE(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&here), size) == 0);
        REQUIRE(::listen(socket_.get(), 8) == 0);
        REQUIRE(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&here), &size) == 0);
        port_ = ntohs(here.sin_port);
    }
    std::uint16_t port() const { return port_; }
    bool was_visited() const { return becomes_readable(socket_.get(), 0); }
    Peer accepted() {
        REQUIRE(becomes_readable(socket_.get(), patience_ms));
        return Peer(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    }

private:
    os::Descriptor socket_;
    std::uint16_t port_{};
};

/// Answers with one of `answers` after the other, the last one for ever; none: it knows nobody.
class StandIn : public Network {
public:
    explicit StandIn(boost::asio::io_context& loop) : loop_(loop) {}

    void look_up(std::string const&, std::function<void(Answer)> done) override {
        auto const turn = asked++;
        if (is_mute) return;
        Answer answer = fail(Errc::not_found, "nobody is known.");
        if (!answers.empty()) {
            std::vector<IpAddress> found;
            for (auto const* const text : answers[std::min<std::size_t>(turn, answers.size() - 1)])
                found.push_back(parse_ip_address(text).value());
            answer = std::move(found);
        }
        boost::asio::post(loop_,
                          [done = std::move(done), answer = std::move(answer)] { done(answer); });
    }
    bool is_ours(IpAddress const& address) const override { return to_text(address) == "8.8.8.8"; }

    std::vector<std::vector<char const*>> answers{};
    std::atomic<unsigned> asked{0};
    std::atomic<bool> is_mute{false};

private:
    boost::asio::io_context& loop_;
};

/// A proxy that runs beside the test.
struct House {
    explicit House(Options const& options = {}, Patience const& patience = {})
        : network(loop)
        , proxy(
              loop, network, [](auto&) {}, patience) {
        auto const opened = proxy.open(options);
        REQUIRE(opened.has_value());
        doors = *opened;
    }
    ~House() { loop.stop(); }

    void run() {
        runner = std::jthread([this] { loop.run(); });
    }
    static std::uint16_t port_of(std::string const& door) {
        return static_cast<std::uint16_t>(std::stoul(door.substr(door.rfind(':') + 1)));
    }
    /// What a client is told that asks for `target` at a door.
    std::string ask(std::string const& line, bool at_gateway = false) {
        auto peer = Peer::connected(port_of(at_gateway ? doors.gateway : doors.proxy));
        peer.say(line + " HTTP/1.1\r\n\r\n");
        return peer.hear();
    }

    boost::asio::io_context loop;
    StandIn network;
    Proxy proxy;
    workers::egress::Doors doors;
    std::jthread runner{};
};

std::string url(Listener const& origin) {
    return "http://films.example:" + std::to_string(origin.port()) + "/film.mkv";
}

TEST_CASE("egress: an answer that changes between check and use changes nothing") {
    Listener origin("127.0.0.1");
    Listener const trap("127.0.0.2", origin.port());
    House house({.allow_private = true});
    house.network.answers = {{"127.0.0.1"}, {"127.0.0.2"}, {"169.254.169.254"}};
    house.run();
    auto client = Peer::connected(House::port_of(house.doors.proxy));
    client.say("GET " + url(origin) + " HTTP/1.1\r\nConnection: keep-alive\r\n\r\n");
    auto server = origin.accepted();
    auto const head = server.hear("\r\n\r\n");
    CHECK(head.starts_with("GET /film.mkv HTTP/1.1\r\n"));
    CHECK(head.find("Connection: close\r\n") != std::string::npos);
    server.say("HTTP/1.1 200 OK\r\n\r\nfilm");
    server.close();
    CHECK(client.hear() == "HTTP/1.1 200 OK\r\n\r\nfilm");
    CHECK(house.network.asked == 1);
    CHECK_FALSE(trap.was_visited());
}

TEST_CASE("egress: a name that leads inward, even beside an address of anybody's, is not fetched") {
    Listener const trap("127.0.0.1");
    House house;
    house.network.answers = {{"127.0.0.1"},        {"1.1.1.1", "127.0.0.1"},
                             {"::ffff:127.0.0.1"}, {"169.254.169.254"},
                             {"0.0.0.0"},          {"8.8.8.8"}};
    house.run();
    for (unsigned i = 0; i < house.network.answers.size(); ++i) {
        auto const answer = house.ask("GET " + url(trap));
        CHECK(answer.starts_with("HTTP/1.1 403 Not fetched: films.example leads to "));
    }
    CHECK(house.network.asked == house.network.answers.size());
    CHECK_FALSE(trap.was_visited());
}

TEST_CASE("egress: what is never open stays closed at home, beside an address that is") {
    Listener const trap("127.0.0.1");
    House house({.allow_private = true});
    house.network.answers = {{"127.0.0.1", "169.254.169.254"}};
    house.run();
    CHECK(house.ask("GET " + url(trap)).starts_with("HTTP/1.1 403 "));
    CHECK_FALSE(trap.was_visited());
}

TEST_CASE("egress: names that are inner, or unknown, are refused with a reason") {
    House house;
    house.run();
    CHECK(house.ask("GET http://localhost/").starts_with("HTTP/1.1 403 Not fetched: The URL's"));
    CHECK(house.network.asked == 0);
    CHECK(house.ask("GET http://films.example/")
              .starts_with("HTTP/1.1 502 Not fetched: nobody is known."));
    CHECK(house.ask("POST http://films.example/").starts_with("HTTP/1.1 405 Not fetched: "));
    CHECK(house.ask("nonsense").starts_with("HTTP/1.1 400 Not fetched: "));
    CHECK(house.ask("GET http://films.example/" + std::string(2 * longest_head, 'a'))
              .starts_with("HTTP/1.1 431 Not fetched: "));
}

TEST_CASE("egress: the gateway is reached by its own door only, and nothing else is") {
    Listener gateway("127.0.0.1");
    Listener const other("127.0.0.1");
    House house({.gateway = parse_web_place("127.0.0.1", gateway.port()).value()});
    house.run();
    auto const line = [](Listener const& listener) {
        return "GET http://127.0.0.1:" + std::to_string(listener.port()) + "/stream";
    };
    CHECK(house.ask(line(gateway)).starts_with("HTTP/1.1 403 "));
    CHECK(house.ask(line(other), /*at_gateway=*/true).starts_with("HTTP/1.1 403 "));
    CHECK_FALSE(gateway.was_visited());
    CHECK_FALSE(other.was_visited());
    auto client = Peer::connected(House::port_of(house.doors.gateway));
    client.say(line(gateway) + " HTTP/1.1\r\n\r\n");
    CHECK(gateway.accepted().hear("\r\n\r\n").starts_with("GET /stream HTTP/1.1\r\n"));
}

TEST_CASE("egress: what follows a request goes nowhere, and who leaves takes the origin along") {
    Listener origin("127.0.0.1");
    House house({.allow_private = true});
    house.network.answers = {{"127.0.0.1"}};
    house.run();
    auto client = Peer::connected(House::port_of(house.doors.proxy));
    client.say("GET " + url(origin) + " HTTP/1.1\r\n\r\nGET http://10.0.0.1/ HTTP/1.1\r\n\r\n");
    auto server = origin.accepted();
    CHECK(server.hear("\r\n\r\n").find("10.0.0.1") == std::string::npos);
    client.say("GET http://10.0.0.1/ HTTP/1.1\r\n\r\n");
    CHECK(server.is_silent());
    client.close();
    CHECK(server.hear().empty()); // not for want of patience:
    CHECK_FALSE(server.is_silent());
}

TEST_CASE("egress: of several addresses one that answers is enough") {
    Listener origin("127.0.0.9");
    House house({.allow_private = true});
    house.network.answers = {
        {"::1", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.9"}};
    house.run();
    auto client = Peer::connected(House::port_of(house.doors.proxy));
    client.say("GET " + url(origin) + " HTTP/1.1\r\n\r\n");
    CHECK(origin.accepted().hear("\r\n\r\n").starts_with("GET /film.mkv "));
}

TEST_CASE("egress: a tunnel carries TLS both ways, and nothing else") {
    Listener origin("127.0.0.1");
    House house({.allow_private = true});
    house.network.answers = {{"127.0.0.1"}};
    house.run();
    auto const line =
        "CONNECT films.example:" + std::to_string(origin.port()) + " HTTP/1.1\r\n\r\n";
    for (bool const is_tls : {true, false}) {
        auto client = Peer::connected(House::port_of(house.doors.proxy));
        client.say(line);
        CHECK(client.hear("\r\n\r\n").starts_with("HTTP/1.1 200 "));
        auto server = origin.accepted();
        client.say(is_tls ? "\x16\x03\x01hello." : "FLUSHALL.");
        CHECK(server.hear(".") == (is_tls ? "\x16\x03\x01hello." : ""));
        if (!is_tls) continue;
        server.say("world.");
        CHECK(client.hear(".") == "world.");
        server.close();
        CHECK(client.hear().empty());
    }
}

TEST_CASE("egress: nobody is waited for without end") {
    using namespace std::chrono_literals;
    Listener origin("127.0.0.1");
    Patience const little{.head = 100ms,
                          .lookup = 100ms,
                          .connect = 100ms,
                          .connects = 200ms,
                          .silence = 100ms,
                          .pause = 1h};
    House house({.allow_private = true}, little);
    house.network.answers = {{"127.0.0.1"}};
    house.run();
    SUBCASE("a client that does not say what it wants") {
        auto client = Peer::connected(House::port_of(house.doors.proxy));
        client.say("GET http://films.example/ HTTP/1.1\r\n");
        CHECK(client.hear().empty());
        CHECK_FALSE(client.is_silent()); // closed
    }
    SUBCASE("an origin that falls silent") {
        auto client = Peer::connected(House::port_of(house.doors.proxy));
        client.say("GET " + url(origin) + " HTTP/1.1\r\n\r\n");
        auto server = origin.accepted();
        server.say("HTTP/1.1 200 OK\r\n");
        CHECK(client.hear() == "HTTP/1.1 200 OK\r\n");
        CHECK_FALSE(client.is_silent());
    }
    SUBCASE("a name server that does not answer") {
        house.network.is_mute = true;
        CHECK(house.ask("GET " + url(origin)).starts_with("HTTP/1.1 504 Not fetched: no name"));
    }
    SUBCASE("a tunnel's client that never begins") {
        auto client = Peer::connected(House::port_of(house.doors.proxy));
        client.say("CONNECT films.example:" + std::to_string(origin.port()) + " HTTP/1.1\r\n\r\n");
        client.hear("\r\n\r\n");
        CHECK(client.hear().empty());
        CHECK_FALSE(client.is_silent());
    }
}

TEST_CASE("egress: whoever comes when too many are there is told so") {
    House house;
    house.run();
    std::vector<Peer> crowd;
    for (std::size_t i = 0; i < Proxy::most_visits; ++i)
        crowd.push_back(Peer::connected(House::port_of(house.doors.proxy)));
    auto late = Peer::connected(House::port_of(house.doors.proxy));
    CHECK(late.hear().starts_with("HTTP/1.1 503 Not fetched: "));
    crowd.clear();
}

TEST_CASE("egress: the system knows which addresses are its own") {
    boost::asio::io_context loop;
    SystemNetwork network(loop.get_executor());
    for (auto const* const own : {"127.0.0.1", "::ffff:127.0.0.1"})
        CHECK(network.is_ours(parse_ip_address(own).value()));
    for (auto const* const other : {"198.51.100.7", "2001:db8::7"})
        CHECK_FALSE(network.is_ours(parse_ip_address(other).value()));
    std::vector<IpAddress> found;
    network.look_up("localhost",
                    [&](Network::Answer answer) { found = std::move(answer).value(); });
    bool is_known = true;
    network.look_up("nobody.invalid",
                    [&](Network::Answer answer) { is_known = answer.has_value(); });
    auto const work = boost::asio::make_work_guard(loop);
    while ((found.empty() || is_known) && loop.run_one_for(std::chrono::seconds(30)) > 0) {
    }
    REQUIRE_FALSE(found.empty());
    CHECK(network.is_ours(found.front()));
    CHECK_FALSE(is_known);
}

} // namespace continuo::egress::proxy_test
