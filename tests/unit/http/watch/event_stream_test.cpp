#include "http/watch/event_stream.hpp"
#include "http/watch/watch.hpp"
#include "tests/support/body_text.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/http/watch/sample_session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>

using namespace continuo;
using namespace continuo::watch;
using namespace std::chrono_literals;
using continuo::test::sample_session;
using continuo::test::session_id;

namespace {

/// A client that listens, and a session file.
class Listening {
public:
    explicit Listening(std::chrono::milliseconds comment_period = 15s) : watch_(directory_.path()) {
        put();
        stream_.emplace(watch_.sessions(), watch_.bell(), session_id, comment_period);
    }

    void put() {
        directory_.write("watch/" + session_id + ".json", contract::encode(session));
        watch_.look_at({session_id}, false);
    }
    void remove() {
        std::filesystem::remove(contract::watch_file(directory_.path(), session_id));
        watch_.look_at({}, true);
    }

    /// What comes next, `meanwhile` being done once nothing more is ready; "nothing" if that is a
    /// second away.
    std::string next(std::function<void()> const& meanwhile = {}) {
        std::string text = "nothing";
        boost::asio::co_spawn(loop_, stream_->next(),
                              [&](std::exception_ptr failure, Result<server::Body> body) {
                                  if (failure) std::rethrow_exception(failure);
                                  text = test::text_of(*body);
                              });
        loop_.restart();
        loop_.poll();
        if (meanwhile) meanwhile();
        loop_.restart();
        loop_.run_for(meanwhile ? 5s : 1ms);
        return text;
    }

    contract::WatchState session{sample_session()};

private:
    test::TemporaryDirectory directory_;
    Watch watch_;
    boost::asio::io_context loop_;
    std::optional<EventStream> stream_;
};

} // namespace

TEST_CASE("event stream: the session first, then each change as it comes, then the end") {
    Listening client;
    auto const first = client.next();
    CHECK(first.starts_with("retry: 2000\n\nevent: state\ndata: {\"id\":\"" + session_id));
    CHECK(client.next([&] {
        client.session.viewers = 9;
        client.put();
    }) == "event: viewers\ndata: {\"viewers\":9}\n\n");
    client.session.note = "a word"; // while nobody waits
    client.put();
    CHECK(client.next().starts_with("event: state\n"));
    CHECK(client.next([&] { client.remove(); }) == "");
}

TEST_CASE("event stream: files that were written anew and say the same are no news") {
    Listening client;
    (void)client.next();
    CHECK(client.next([&] {
        client.put();
        client.session.viewers = 1;
        client.put();
    }) == "event: viewers\ndata: {\"viewers\":1}\n\n");
}

TEST_CASE("event stream: where nothing happens a line says so, again and again") {
    Listening client(1ms);
    (void)client.next();
    for (int i = 0; i < 3; ++i)
        CHECK(client.next([] {}) == ": still there\n\n");
}
