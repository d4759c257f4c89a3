#include "tests/support/temporary_directory.hpp"
#include "workers/segment/relay.hpp"

#include <doctest/doctest.h>

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace relay_test {

using namespace continuo;
using namespace continuo::segment;
using namespace std::chrono_literals;

constexpr Ticks90k second{90'000};

/// A relay, its log, and the clock it is told.
struct House {
    test::TemporaryDirectory directory;
    std::filesystem::path socket = directory.path() / "consumers.sock";
    Relay relay = Relay::listen(socket).value();
    GopLog log;
    std::vector<std::uint8_t> tables = std::vector<std::uint8_t>(188, 'T');
    Relay::Time now{};

    /// Takes whatever has happened up to now; everything local is there at once.
    void turn() {
        std::vector<pollfd> polled;
        relay.add_to(polled);
        ::poll(polled.data(), polled.size(), 0);
        relay.take_events(polled, now);
        relay.serve(log, tables);
    }
    void gop(Ticks90k pts, char letter, std::size_t packets = 1) {
        Output output;
        output.events.push_back(
            {.offset = 0, .what = GopOpened{.pts = pts, .media_time = pts, .opens_segment = true}});
        output.bytes.assign(packets * 188, static_cast<std::uint8_t>(letter));
        log.append(output);
    }
};

class Consumer {
public:
    explicit Consumer(std::filesystem::path const& path)
        : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        is_connected = ::connect(socket_.get(), reinterpret_cast<sockaddr const*>(&address),
                                 sizeof address) == 0;
    }
    void say(std::string const& text) {
        REQUIRE(::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(text.size()));
    }
    /// What has come, a letter per packet; "|" at its end when the relay has closed.
    std::string read() {
        std::string letters;
        auto const bytes = read_bytes();
        for (std::size_t at = 0; at < bytes.size(); at += 188)
            letters += bytes[at];
        return letters;
    }
    std::string read_bytes() {
        std::string bytes;
        char buffer[65536];
        for (;;) {
            auto const count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
            if (count == 0) return bytes + "|";
            if (count < 0) return bytes + (errno == EAGAIN ? "" : "!");
            bytes.append(buffer, static_cast<std::size_t>(count));
        }
    }
    void leave() { socket_.close(); }

    bool is_connected{};

private:
    os::Descriptor socket_;
};

TEST_CASE("relay: tables first, then everything from the place asked for") {
    House house;
    house.gop({}, 'a');
    house.gop(second, 'b');
    Consumer all(house.socket);
    Consumer some(house.socket);
    Consumer later(house.socket);
    all.say("start 720p\n");
    some.say("from 90000 576p\n");
    later.say("from 180000 360p\n");
    house.turn();
    CHECK(all.read() == "Tab");
    CHECK(some.read() == "Tb");
    CHECK(later.read().empty());
    house.gop(2 * second, 'c');
    house.turn();
    CHECK(all.read() == "c");
    CHECK(some.read() == "c");
    CHECK(later.read() == "Tc");
    CHECK_FALSE(house.relay.has_unsent(house.log));
}

TEST_CASE("relay: a request may come in pieces, but not too late") {
    House house;
    house.gop({}, 'a');
    Consumer slow(house.socket);
    Consumer silent(house.socket);
    slow.say("sta");
    house.turn();
    CHECK(house.relay.next_deadline() == house.now + Relay::join_deadline);
    slow.say("rt 720p\n");
    house.turn();
    CHECK(slow.read() == "Ta");
    house.now += Relay::join_deadline - 1ms;
    house.turn();
    CHECK(silent.read().empty());
    house.now += 1ms;
    house.turn();
    CHECK(silent.read() == "|");
    CHECK_FALSE(house.relay.next_deadline());
}

TEST_CASE("relay: one who asks for nonsense, or without end, is closed") {
    House house;
    house.gop({}, 'a');
    Consumer nonsense(house.socket);
    Consumer endless(house.socket);
    nonsense.say("give me all\n");
    endless.say(std::string(300, 'x'));
    house.turn();
    house.turn();
    CHECK(nonsense.read().back() == '|');
    CHECK(endless.read().find_first_of("|!") != std::string::npos);
}

TEST_CASE(
    "relay: a full consumer is not waited for, the others go on; it gets the rest when it reads") {
    House house;
    house.gop({}, 'a', 20'000); // 3.8 MB: more than a socket takes
    Consumer full(house.socket);
    full.say("start 720p\n");
    house.turn();
    CHECK(house.relay.has_unsent(house.log));
    CHECK(house.relay.oldest_needed() == 0);
    house.gop(second, 'b');
    Consumer quick(house.socket);
    quick.say("from 90000 576p\n");
    house.turn();
    CHECK(quick.read() == "Tb");
    std::string got;
    for (int i = 0; i < 1000 && house.relay.has_unsent(house.log); ++i) {
        got += full.read_bytes();
        house.turn();
    }
    got += full.read_bytes();
    CHECK(got.size() == (1 + 20'000 + 1) * 188);
    CHECK(got.back() == 'b');
}

TEST_CASE("relay: one who falls off the log is cut off and named, one who leaves is forgotten") {
    House house;
    house.gop({}, 'a', 20'000);
    Consumer slow(house.socket);
    slow.say("start 720p\n");
    house.turn();
    for (int i = 1; i < 4; ++i)
        house.gop(i * second, 'b');
    house.log.trim(house.relay.oldest_needed(), {.max_bytes = 1000, .max_age = {}}, false);
    CHECK(house.relay.cut_off(house.log) == std::vector<std::string>{"720p"});
    CHECK_FALSE(house.relay.oldest_needed());
    CHECK(slow.read_bytes().back() == '|');

    Consumer leaving(house.socket);
    leaving.say("start 576p\n");
    house.turn();
    CHECK(house.relay.oldest_needed());
    leaving.leave();
    house.turn();
    CHECK_FALSE(house.relay.oldest_needed());
}

TEST_CASE("relay: when the run is over nobody joins, the socket's file is gone, who has begun gets "
          "the rest") {
    House house;
    house.gop({}, 'a');
    Consumer begun(house.socket);
    begun.say("start 720p\n");
    house.turn();
    house.relay.stop_listening();
    CHECK_FALSE(std::filesystem::exists(house.socket));
    CHECK_FALSE(Consumer(house.socket).is_connected);
    house.gop(second, 'b');
    house.turn();
    CHECK(begun.read() == "Tab");
}

TEST_CASE("relay: a path that no socket can have is an error, as is one that is not there") {
    CHECK_FALSE(Relay::listen("/tmp/" + std::string(120, 'x')).has_value());
    CHECK_FALSE(Relay::listen("/nonexistent/consumers.sock").has_value());
}

} // namespace relay_test
