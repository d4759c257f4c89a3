#include "supervisor/control/server.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/wait_until.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <vector>

namespace continuo::control::server_test {

using Protocol = asio::local::stream_protocol;
using contract::ControlReply;
using contract::ControlRequest;
using test::wait_until;
using namespace std::chrono_literals;

/// A client that talks as any program on a Unix socket would.
class Client {
public:
    Client(asio::io_context& loop, std::filesystem::path const& path) : socket_(loop) {
        (void)socket_.connect(Protocol::endpoint(path.string()), refused_);
        if (!refused_) read();
    }

    bool refused() const { return refused_.failed(); }
    void send(std::string_view bytes) {
        boost::system::error_code ignored; // the server may have hung up on us
        asio::write(socket_, asio::buffer(bytes), ignored);
    }
    void close() { socket_.close(); }
    std::string const& received() const { return received_; }
    bool hung_up() const { return hung_up_; }

private:
    void read() {
        socket_.async_read_some(asio::buffer(buffer_),
                                [this](boost::system::error_code code, std::size_t size) {
                                    received_.append(buffer_.data(), size);
                                    if (code == asio::error::operation_aborted) return;
                                    if (code)
                                        hung_up_ = true;
                                    else
                                        read();
                                });
    }

    Protocol::socket socket_;
    boost::system::error_code refused_;
    std::array<char, 4096> buffer_{};
    std::string received_;
    bool hung_up_{false};
};

struct Served {
    Served() { open(); }

    void open() {
        auto opened =
            Server::open(loop.get_executor(), path(), [this](ControlRequest const& request) {
                requests.push_back(request);
                return ControlReply{.ok = true, .result = "{\"n\":1}", .error = {}, .message = {}};
            });
        REQUIRE(opened.has_value());
        server = *std::move(opened);
    }
    std::filesystem::path path() const { return scratch.path() / "control.sock"; }
    std::string ask(std::string_view line) {
        Client client(loop, path());
        REQUIRE_FALSE(client.refused());
        client.send(line);
        REQUIRE(wait_until(loop, [&] { return client.hung_up(); }));
        return client.received();
    }

    test::TemporaryDirectory scratch;
    asio::io_context loop;
    std::unique_ptr<Server> server;
    std::vector<ControlRequest> requests;
};

TEST_CASE("control: one request, one reply, a line each") {
    Served served;
    auto const reply =
        served.ask(contract::encode(ControlRequest{.op = "restart", .channel = "demo"}));
    CHECK(served.requests == std::vector<ControlRequest>{{.op = "restart", .channel = "demo"}});
    CHECK(reply.ends_with('\n'));
    auto const parsed = contract::parse_control_reply(reply);
    REQUIRE(parsed.has_value());
    CHECK(parsed->ok);
    CHECK(parsed->result == "{\"n\":1}");
}

TEST_CASE("control: a request may come in pieces") {
    Served served;
    Client client(served.loop, served.path());
    client.send("{\"op\":");
    served.loop.poll();
    CHECK(served.requests.empty());
    client.send("\"status\"}\n");
    REQUIRE(wait_until(served.loop, [&] { return client.hung_up(); }));
    CHECK(served.requests.size() == 1);
    CHECK(client.received().find("\"ok\":true") != std::string::npos);
}

TEST_CASE("control: what is no request is answered as malformed") {
    Served served;
    for (auto const* const line : {"\n", "hello\n", "{}\n", "{\"op\":1}\n", "[\"status\"]\n"}) {
        CAPTURE(line);
        auto const parsed = contract::parse_control_reply(served.ask(line));
        REQUIRE(parsed.has_value());
        CHECK_FALSE(parsed->ok);
        CHECK(parsed->error == "malformed");
        CHECK_FALSE(parsed->message.empty());
    }
    CHECK(served.requests.empty());
}

TEST_CASE("control: a line as long as allowed is read, a longer one is hung up on") {
    Served served;
    std::string const request = "{\"op\":\"status\"}";
    auto const padded = [&](std::size_t size) {
        return request + std::string(size - request.size() - 1, ' ') + '\n';
    };
    CHECK(served.ask(padded(contract::max_control_line)).find("\"ok\":true") != std::string::npos);
    CHECK(served.requests.size() == 1);
    CHECK(served.ask(padded(contract::max_control_line + 1)).empty());
    CHECK(served.requests.size() == 1);
}

TEST_CASE("control: clients do not wait for each other") {
    Served served;
    Client silent(served.loop, served.path());
    Client gone(served.loop, served.path());
    gone.close();
    for (int i = 0; i < 20; ++i)
        CHECK_FALSE(served.ask("{\"op\":\"status\"}\n").empty());
    CHECK(served.requests.size() == 20);
    silent.send("{\"op\":\"status\"}\n");
    CHECK(wait_until(served.loop, [&] { return silent.hung_up(); }));
    CHECK(served.requests.size() == 21);
}

TEST_CASE("control: a client that says nothing is hung up on after 5 s") {
    Served served;
    Client silent(served.loop, served.path());
    REQUIRE(wait_until(
        served.loop, [&] { return silent.hung_up(); }, 20s));
    CHECK(silent.received().empty());
}

TEST_CASE("control: only owner and group may talk to it") {
    Served served;
    struct stat status {};
    REQUIRE(::stat(served.path().c_str(), &status) == 0);
    CHECK(S_ISSOCK(status.st_mode));
    CHECK((status.st_mode & 0777) == 0660);
}

TEST_CASE("control: a second daemon is refused, and the first goes on") {
    Served served;
    bool answered = false;
    auto const second =
        Server::open(served.loop.get_executor(), served.path(), [&](ControlRequest const&) {
            answered = true;
            return ControlReply{};
        });
    REQUIRE(second.has_error());
    CHECK(second.error().code == Errc::conflict);
    CHECK_FALSE(served.ask("{\"op\":\"status\"}\n").empty());
    CHECK_FALSE(answered);
}

TEST_CASE("control: a socket that a dead daemon left is replaced") {
    Served served;
    std::filesystem::rename(served.path(), served.scratch.path() / "kept");
    served.server.reset();
    std::filesystem::rename(served.scratch.path() / "kept", served.path());
    Client refused(served.loop, served.path());
    CHECK(refused.refused());
    served.open();
    CHECK_FALSE(served.ask("{\"op\":\"status\"}\n").empty());
}

TEST_CASE("control: closed, it leaves no socket behind") {
    Served served;
    served.server.reset();
    CHECK_FALSE(served.scratch.has("control.sock"));
    served.loop.run(); // ends: nothing waits any more
}

TEST_CASE(
    "control: out of descriptors it does not spin, and serves who waits once there are some") {
    Served served;
    Client client(served.loop, served.path());
    client.send("{\"op\":\"status\"}\n");
    rlimit limit{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
    int const next_free = ::dup(STDERR_FILENO);
    ::close(next_free);
    rlimit const none{.rlim_cur = static_cast<rlim_t>(next_free), .rlim_max = limit.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    int handled = 0;
    auto const deadline = std::chrono::steady_clock::now() + 250ms;
    while (handled < 1000 && served.loop.run_one_until(deadline) != 0)
        ++handled;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(handled < 20);
    CHECK(served.requests.empty());
    CHECK(wait_until(served.loop, [&] { return client.hung_up(); }));
    CHECK(served.requests.size() == 1);
}

TEST_CASE("control: where it can't listen it says so") {
    asio::io_context loop;
    test::TemporaryDirectory const scratch;
    auto const answer = [](ControlRequest const&) { return ControlReply{}; };
    auto const too_long =
        Server::open(loop.get_executor(), scratch.path() / std::string(120, 'x'), answer);
    REQUIRE(too_long.has_error());
    CHECK(too_long.error().code == Errc::out_of_range);
    CHECK(too_long.error().context.find("runtime_dir") != std::string::npos);
    auto const missing =
        Server::open(loop.get_executor(), scratch.path() / "missing" / "control.sock", answer);
    REQUIRE(missing.has_error());
    CHECK(missing.error().code.value() == ENOENT);
}

} // namespace continuo::control::server_test
