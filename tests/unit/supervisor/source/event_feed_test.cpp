#include "supervisor/source/event_feed.hpp"
#include "tests/support/wait_until.hpp"
#include "tests/unit/supervisor/source/event_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace continuo::source::event_feed_test {

using namespace std::chrono_literals;
using namespace std::string_literals;
using sse::Event;
using test::wait_until;
using Tcp = asio::ip::tcp;

/// Back at once, so that tests need not wait; silence and the like as in life.
FeedLimits hasty() {
    return {.backoff = {.first = 1ms, .longest = 5ms, .stable_after = 10s}};
}

struct Said {
    bool up{};
    std::string reason;
    bool operator==(Said const&) const = default;
};

/// A feed with all that it said.
struct Listening {
    explicit Listening(FeedLimits const& limits_of = hasty()) : limits(limits_of) {}

    void listen(std::string url) {
        feed = std::make_unique<EventFeed>(
            loop.get_executor(), std::move(url), [] { return 0.5; },
            FeedHandlers{.on_event = [this](Event const& event) { events.push_back(event); },
                         .on_connected =
                             [this](bool up, std::string const& reason) {
                                 said.push_back({up, reason});
                             },
                         .on_oversized = [this] { ++oversized; }},
            limits);
    }
    void listen() { listen(server.url()); }

    bool wait_for_events(std::size_t count) {
        return wait_until(loop, [&] { return events.size() >= count; });
    }
    bool wait_for_requests(std::size_t count) {
        return wait_until(loop, [&] { return server.requests >= count; });
    }
    bool wait_for_word(std::size_t count) {
        return wait_until(loop, [&] { return said.size() >= count; });
    }
    EventConnection& connection(std::size_t number) { return *server.connections.at(number); }

    asio::io_context loop;
    EventServer server{loop};
    FeedLimits limits;
    std::vector<Event> events;
    std::vector<Said> said;
    unsigned oversized{0};
    std::unique_ptr<EventFeed> feed;
};

Event playhead(std::string data, std::string id = {}) {
    return {.type = "playhead", .data = std::move(data), .id = std::move(id)};
}

std::string reason_for(std::string answer, FeedLimits const& limits = hasty()) {
    Listening listening(limits);
    listening.server.on_request = [&](EventConnection& connection) {
        connection.send(answer);
        connection.finish();
    };
    listening.listen();
    REQUIRE(listening.wait_for_word(1));
    CHECK_FALSE(listening.said[0].up);
    CHECK_FALSE(listening.feed->up());
    REQUIRE(listening.wait_for_requests(3)); // for ever
    CHECK(listening.said.size() == 1);       // but mourned once
    CHECK(listening.events.empty());
    return listening.said[0].reason;
}

TEST_CASE("event feed: it asks as an event source does, and hands on what comes") {
    Listening listening;
    listening.listen();
    CHECK_FALSE(listening.feed->up());
    REQUIRE(listening.wait_for_word(1));
    CHECK(listening.said == std::vector<Said>{{true, ""}});
    CHECK(listening.feed->up());
    auto& connection = listening.connection(0);
    CHECK(connection.request().starts_with("GET /events HTTP/1.1\r\n"));
    CHECK(connection.has_header("Accept: text/event-stream"));
    CHECK(connection.has_header("Cache-Control: no-cache"));
    CHECK(connection.request().find("Last-Event-ID") == std::string::npos);

    connection.send(": hello\n\nevent: playhead\ndata: {}\nid: 7\n\n");
    REQUIRE(listening.wait_for_events(1));
    connection.send("data: more\n\n");
    REQUIRE(listening.wait_for_events(2));
    CHECK(listening.events ==
          std::vector<Event>{playhead("{}", "7"), {.type = "message", .data = "more", .id = "7"}});
}

TEST_CASE("event feed: nothing is called from within the constructor") {
    Listening listening;
    listening.listen("nonsense");
    CHECK(listening.said.empty());
    listening.listen();
    CHECK(listening.said.empty());
}

TEST_CASE("event feed: packets may end anywhere, in the header, too") {
    std::string const text = std::string(stream_follows) +
                             "\xEF\xBB\xBF"
                             "event: playhead\r\ndata: {\"head\":\r\ndata: 1}\r\n\r\n";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        Listening listening;
        listening.server.on_request = [&](EventConnection& connection) {
            connection.send(text.substr(0, cut));
            connection.send(text.substr(cut));
        };
        listening.listen();
        CAPTURE(cut);
        REQUIRE(listening.wait_for_events(1));
        CHECK(listening.events[0] == playhead("{\"head\":\n1}"));
    }
}

TEST_CASE("event feed: byte by byte, and in HTTP's own chunks") {
    Listening listening;
    listening.server.on_request = [](EventConnection& connection) {
        connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                        "Transfer-Encoding: chunked\r\n\r\n");
        for (char const byte : "event: playhead\ndata: {}\n\n"s)
            connection.send("1\r\n"s + byte + "\r\n");
        connection.send("0\r\n\r\n");
    };
    listening.listen();
    REQUIRE(listening.wait_for_events(1));
    CHECK(listening.events[0] == playhead("{}"));
    REQUIRE(listening.wait_for_requests(2)); // the last chunk ends the stream, not the connection
    CHECK(listening.said[1] == Said{false, "the server has ended the stream"});
}

TEST_CASE("event feed: a thousand events at once, in their order") {
    Listening listening;
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "event: playhead\nid: " + std::to_string(i) + "\ndata: event\n\n";
    listening.server.on_request = [&](EventConnection& connection) {
        connection.send(std::string(stream_follows) + text);
    };
    listening.listen();
    REQUIRE(listening.wait_for_events(1000));
    for (std::size_t i = 0; i < 1000; ++i)
        REQUIRE(listening.events[i] == playhead("event", std::to_string(i)));
}

TEST_CASE("event feed: events that arrive with the end of the stream are read") {
    Listening listening;
    listening.server.on_request = [](EventConnection& connection) {
        connection.send(std::string(stream_follows) + "data: last\n\ndata: unfinished\n");
        connection.finish();
    };
    listening.listen();
    REQUIRE(listening.wait_for_requests(2));
    REQUIRE(listening.events.size() == 1);
    CHECK(listening.events[0].data == "last");
    CHECK(listening.said.at(0) == Said{true, ""});
    CHECK(listening.said.at(1) == Said{false, "the server has ended the stream"});
}

TEST_CASE("event feed: the last event's ID goes with the next request, and the one after it") {
    Listening listening;
    listening.listen();
    REQUIRE(listening.wait_for_word(1));
    listening.connection(0).send("id: a b\xC3\xA9\ndata: 1\n\nid: lost\ndata: 2\n");
    REQUIRE(listening.wait_for_events(1));
    listening.connection(0).reset();
    REQUIRE(listening.wait_for_requests(2));
    CHECK(listening.connection(1).has_header("Last-Event-ID: a b\xC3\xA9"));
    listening.connection(1).finish();
    REQUIRE(listening.wait_for_requests(3));
    CHECK(listening.connection(2).has_header("Last-Event-ID: a b\xC3\xA9"));
    REQUIRE(wait_until(listening.loop, [&] { return listening.feed->up(); }));
    listening.connection(2).send("data: 3\n\nid\ndata: 4\n\n");
    REQUIRE(listening.wait_for_events(3));
    CHECK(listening.events[1] == Event{.type = "message", .data = "3", .id = "a b\xC3\xA9"});
    listening.connection(2).finish();
    REQUIRE(listening.wait_for_requests(4));
    CHECK(listening.connection(3).request().find("Last-Event-ID") == std::string::npos);
}

TEST_CASE("event feed: an ID that no server would take is not sent") {
    for (auto const& id : {std::string(1025, 'x'), "a\x01"s, "a\x7F"s}) {
        Listening listening;
        listening.server.on_request = [&](EventConnection& connection) {
            connection.send(std::string(stream_follows) + "data: 1\nid: " + id + "\n\n");
            connection.finish();
        };
        listening.listen();
        REQUIRE(listening.wait_for_requests(2));
        CHECK(listening.events.at(0).id == id);
        CHECK(listening.connection(1).request().find("Last-Event-ID") == std::string::npos);
    }
}

TEST_CASE("event feed: what is no event stream is no reason to give up, and says what it is") {
    CHECK(reason_for("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n") == "the server answers 500");
    CHECK(reason_for("HTTP/1.1 404 Not Found\r\nContent-Type: text/event-stream\r\n\r\n"
                     "data: no\n\n") == "the server answers 404");
    CHECK(reason_for("HTTP/1.1 401 Who?\r\nWWW-Authenticate: Basic\r\n\r\n") ==
          "the server answers 401");
    CHECK(reason_for("HTTP/1.1 204 No Content\r\n\r\n") ==
          "the server has no events for us (status 204)");
    CHECK(reason_for("HTTP/1.1 304 Not Modified\r\n\r\n") == "the server answers 304");
    CHECK(reason_for("HTTP/1.1 302 Nowhere\r\nContent-Length: 9\r\n\r\ndata: a\n\n") ==
          "the server answers 302");
    CHECK(reason_for("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\ndata: no\n\n") ==
          "the server sends \"text/html\", no text/event-stream");
    CHECK(reason_for("HTTP/1.1 200 OK\r\nContent-Type: text/event-streams\r\n\r\ndata: no\n\n") ==
          "the server sends \"text/event-streams\", no text/event-stream");
    CHECK(reason_for("HTTP/1.1 200 OK\r\n\r\ndata: no\n\n") ==
          "the server's answer has no content type");
    CHECK(reason_for("") == "Server returned nothing (no headers, no data)");
    CHECK(reason_for("220 ftp.example.com\r\n") == "Unsupported protocol");
}

TEST_CASE("event feed: the content type may have parameters and capitals") {
    for (auto const* const type : {"text/event-stream;charset=utf-8",
                                   "Text/Event-Stream ; charset=UTF-8", "text/event-stream"}) {
        Listening listening;
        listening.server.on_request = [&](EventConnection& connection) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: "s + type + "\r\n\r\n");
        };
        listening.listen();
        REQUIRE(listening.wait_for_word(1));
        CHECK(listening.said[0].up);
    }
}

TEST_CASE("event feed: an interim response is none") {
    Listening listening;
    listening.server.on_request = [](EventConnection& connection) {
        connection.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
        connection.send(stream_follows);
    };
    listening.listen();
    REQUIRE(listening.wait_for_word(1));
    CHECK(listening.said[0].up);
}

TEST_CASE("event feed: redirects are followed, but not in circles nor out of HTTP") {
    Listening listening;
    EventServer moved(listening.loop);
    moved.on_request = [](EventConnection& connection) {
        connection.send(std::string(stream_follows) + "data: moved\n\n");
    };
    listening.server.on_request = [&](EventConnection& connection) {
        connection.send("HTTP/1.1 307 Moved\r\nLocation: " + moved.url() +
                        "\r\nContent-Length: 3\r\n\r\nno\n");
    };
    listening.listen(listening.server.url("user:secret@"));
    REQUIRE(listening.wait_for_events(1));
    CHECK(listening.said == std::vector<Said>{{true, ""}});
    CHECK(listening.connection(0).request().find("Authorization") != std::string::npos);
    CHECK(moved.connections.at(0)->request().find("Authorization") == std::string::npos);
    CHECK(moved.connections.at(0)->has_header("Accept: text/event-stream"));

    CHECK(reason_for("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
                     "Content-Length: 0\r\n\r\n") == "Unsupported protocol");
    Listening circling;
    circling.server.on_request = [&](EventConnection& connection) {
        connection.send("HTTP/1.1 302 Found\r\nLocation: /events\r\nContent-Length: 0\r\n\r\n");
        connection.finish();
    };
    circling.listen();
    REQUIRE(circling.wait_for_word(1));
    CHECK(circling.said[0] == Said{false, "Number of redirects hit maximum amount"});
    CHECK(circling.server.requests == 6);
}

TEST_CASE("event feed: a connection that is reset is made anew") {
    Listening listening;
    listening.listen();
    REQUIRE(listening.wait_for_word(1));
    listening.connection(0).send("data: 1\n\n");
    REQUIRE(listening.wait_for_events(1));
    listening.connection(0).reset();
    REQUIRE(wait_until(listening.loop,
                       [&] { return listening.said.size() == 3 && listening.feed->up(); }));
    CHECK_FALSE(listening.said[1].up);
    CHECK(listening.said[1].reason.find("reset") != std::string::npos);
    CHECK(listening.said[2] == Said{true, ""});
    listening.connection(1).send("data: 2\n\n");
    REQUIRE(listening.wait_for_events(2));
}

TEST_CASE("event feed: a server that is gone for a while is found again") {
    Listening listening;
    listening.listen();
    REQUIRE(listening.wait_for_word(1));
    listening.server.stop_listening();
    listening.connection(0).finish();
    REQUIRE(listening.wait_for_word(3));
    CHECK(listening.said[1] == Said{false, "the server has ended the stream"});
    CHECK_FALSE(listening.said[2].up);
    CHECK(listening.said[2].reason.find("Connection refused") != std::string::npos);
    listening.server.listen();
    REQUIRE(listening.wait_for_word(4));
    CHECK(listening.said[3] == Said{true, ""});
}

TEST_CASE("event feed: a host without a server, a name without a host, a URL that is none") {
    for (auto const* const url : {"http://127.0.0.1:1/events", "http://[::1", "gopher://127.0.0.1/",
                                  "http://user:secret@nobody.invalid/events", ""}) {
        Listening listening;
        listening.listen(url);
        CAPTURE(url);
        REQUIRE(listening.wait_for_word(1));
        CHECK_FALSE(listening.said[0].up);
        CHECK_FALSE(listening.said[0].reason.empty());
        CHECK(listening.said[0].reason.find("secret") == std::string::npos);
    }
}

TEST_CASE("event feed: a server that is silent is asked anew") {
    auto limits = hasty();
    limits.silence = 50ms;
    Listening listening(limits);
    listening.listen();
    REQUIRE(listening.wait_for_requests(2)); // silent behind its header
    CHECK(listening.said.at(1) == Said{false, "the server was silent for 0.1 s"});
    listening.server.on_request = [](EventConnection&) {};
    REQUIRE(wait_until(listening.loop, [&] { return listening.connection(1).hung_up(); }));
    auto const before = listening.server.requests;
    REQUIRE(listening.wait_for_requests(before + 2)); // silent before it
    CHECK(listening.connection(0).hung_up());
}

TEST_CASE("event feed: a comment is no silence") {
    auto limits = hasty();
    limits.silence = 1s;
    Listening listening(limits);
    listening.listen();
    REQUIRE(listening.wait_for_word(1));
    asio::steady_timer timer(listening.loop);
    int beats = 0;
    std::function<void()> const beat = [&] {
        ++beats;
        listening.connection(0).send(":\n");
        timer.expires_after(limits.silence / 20);
        timer.async_wait([&](boost::system::error_code code) {
            if (!code) beat();
        });
    };
    beat();
    REQUIRE(wait_until(listening.loop, [&] { return beats > 40; }));
    CHECK(listening.server.requests == 1);
    CHECK(listening.feed->up());
}

TEST_CASE("event feed: a server that takes no connection is given up after the connect timeout") {
    asio::io_context loop;
    // A queue for one connection, which another client has filled: further ones get no answer.
    Tcp::acceptor full(loop, Tcp::v4());
    full.bind({asio::ip::address_v4::loopback(), 0});
    full.listen(0);
    Tcp::socket first(loop);
    first.connect(full.local_endpoint());
    Listening listening;
    listening.limits.connect_timeout = 100ms;
    listening.listen("http://127.0.0.1:" + std::to_string(full.local_endpoint().port()) + "/");
    REQUIRE(listening.wait_for_word(1));
    CHECK(listening.said[0] == Said{false, "not connected within 0.1 s"});
}

TEST_CASE("event feed: the server's retry time is the delay, also when nothing else was said") {
    Listening listening({.backoff = {.first = 1h, .longest = 1h, .stable_after = 10s}});
    listening.server.on_request = [](EventConnection& connection) {
        connection.send(std::string(stream_follows) + "retry: 100\n");
        connection.finish();
    };
    listening.listen();
    REQUIRE(listening.wait_for_requests(2));
}

TEST_CASE("event feed: after a 204 it waits the longest delay, without doubling up to it") {
    Listening listening({.backoff = {.first = 1h, .longest = 2h, .stable_after = 10s}});
    listening.limits.backoff.longest = 1ms; // were `first` taken, nothing would come for an hour
    listening.server.on_request = [](EventConnection& connection) {
        connection.send("HTTP/1.1 204 No Content\r\n\r\n");
    };
    listening.listen();
    REQUIRE(listening.wait_for_requests(3));
    CHECK(listening.said.size() == 1);
}

TEST_CASE("event feed: events that are too long are left out, which is said once") {
    Listening listening;
    listening.listen();
    REQUIRE(listening.wait_for_word(1));
    listening.connection(0).send("data: first\n\n");
    REQUIRE(listening.wait_for_events(1));
    CHECK(listening.oversized == 0);
    auto const too_long = "data: " + std::string(sse::EventStream::max_size, 'x') + "\n\n";
    for (std::size_t number = 2; number <= 3; ++number) {
        listening.connection(0).send(too_long + "data: next\n\n");
        REQUIRE(listening.wait_for_events(number));
        CHECK(listening.events.back().data == "next");
        CHECK(listening.oversized == 1);
    }
}

TEST_CASE("event feed: destroyed by one of its own events, it says nothing more") {
    Listening listening;
    std::size_t events = 0;
    listening.feed = std::make_unique<EventFeed>(
        listening.loop.get_executor(), listening.server.url(), [] { return 0.5; },
        FeedHandlers{.on_event =
                         [&](Event const&) {
                             ++events;
                             listening.feed.reset();
                         },
                     .on_connected = [](bool, std::string const&) {}},
        hasty());
    listening.server.on_request = [](EventConnection& connection) {
        connection.send(std::string(stream_follows) + "data: 1\n\ndata: 2\n\n");
    };
    REQUIRE(wait_until(listening.loop, [&] {
        return !listening.server.connections.empty() && listening.connection(0).hung_up();
    }));
    CHECK(events == 1);
}

TEST_CASE("event feed: destroyed when it comes up, or goes down, it says nothing more") {
    for (std::size_t const last_word : {1U, 2U}) {
        Listening listening;
        std::size_t words = 0;
        listening.feed = std::make_unique<EventFeed>(
            listening.loop.get_executor(), listening.server.url(), [] { return 0.5; },
            FeedHandlers{.on_event = [](Event const&) { FAIL("no event was to come"); },
                         .on_connected =
                             [&](bool, std::string const&) {
                                 if (++words == last_word) listening.feed.reset();
                             }},
            hasty());
        listening.server.on_request = [&](EventConnection& connection) {
            connection.send(std::string(stream_follows) +
                            (last_word == 1 ? "data: 1\n\n" : ": nothing\n\n"));
            connection.finish();
        };
        REQUIRE(wait_until(listening.loop, [&] { return !listening.feed; }));
        listening.server.stop_listening();
        listening.loop.restart();
        listening.loop.run(); // ends: nothing waits any more
        CHECK(words == last_word);
        CHECK(listening.server.requests == 1);
    }
}

std::size_t open_descriptors() {
    namespace fs = std::filesystem;
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator{}));
}

TEST_CASE("event feed: destroyed at any moment, it leaves nothing behind") {
    // As many turns of the loop as it takes from the first to the first event, and some more.
    for (int turns = 0; turns < 60; ++turns) {
        Listening listening;
        listening.server.on_request = [](EventConnection& connection) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
            connection.send("\r\ndata: 1\n\n");
            connection.send("data: 2\n\n");
            connection.finish();
        };
        auto const before = open_descriptors();
        listening.listen();
        for (int turn = 0; turn < turns; ++turn)
            REQUIRE(listening.loop.run_one_for(10s) == 1);
        listening.feed.reset();
        auto const events = listening.events.size();
        auto const words = listening.said.size();
        listening.server.stop_listening();
        listening.server.connections.clear();
        listening.loop.restart();
        listening.loop.run(); // ends: nothing waits any more
        CAPTURE(turns);
        CHECK(listening.events.size() == events);
        CHECK(listening.said.size() == words);
        CHECK(open_descriptors() < before); // the acceptor's is gone, and no other has come
    }
}

TEST_CASE("event feed: feeds do not wait for each other") {
    Listening silent;
    EventServer& server = silent.server;
    server.on_request = [](EventConnection&) {};
    silent.listen();
    REQUIRE(silent.wait_for_requests(1));
    server.on_request = [](EventConnection& connection) {
        connection.send(std::string(stream_follows) + "data: 1\n\n");
    };
    std::size_t events = 0;
    std::vector<std::unique_ptr<EventFeed>> feeds;
    for (int i = 0; i < 50; ++i)
        feeds.push_back(std::make_unique<EventFeed>(
            silent.loop.get_executor(), server.url(), [] { return 0.5; },
            FeedHandlers{.on_event = [&](Event const&) { ++events; },
                         .on_connected = [](bool, std::string const&) {}},
            hasty()));
    REQUIRE(wait_until(silent.loop, [&] { return events == 50; }));
    CHECK(silent.events.empty());
}

} // namespace continuo::source::event_feed_test
