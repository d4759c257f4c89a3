#include "http/watch/session_json.hpp"
#include "tests/unit/http/watch/sample_session.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace continuo;
using namespace continuo::watch;
using namespace std::chrono_literals;
using continuo::test::sample_session;
using continuo::test::session_start;

namespace {

using Phase = contract::WatchState::Phase;

/// The names of the events, in their order.
std::string event_names(contract::WatchState const* before, contract::WatchState const& after) {
    std::string names;
    auto const text = events_between(before, after, session_start);
    constexpr std::string_view label = "event: ";
    for (auto at = text.find(label); at != std::string::npos; at = text.find(label, at + 1)) {
        auto const start = at + label.size();
        names += text.substr(start, text.find('\n', start) - start) + ' ';
    }
    return names;
}

} // namespace

TEST_CASE("session json: all that docs/watch.md says of a session") {
    CHECK(session_json(sample_session(), session_start + 8500ms) ==
          R"({"id":"0123456789abcdef0123456789abcdef","aliases":["friday"],)"
          R"("url":"https://host/film.mkv","state":"playing","note":"","error":null,)"
          R"("now_ms":1795262408500.0,"duration":90.0,"position":12.5,"buffered":50.0,)"
          R"("speed":1.5,"delay_ms":6000,"anchor_ms":1795262400000.0,"anchor_position":10.0,)"
          R"("standing_at_ms":null,"jumps":0,"viewers":2,"since_ms":1795262397000.0,)"
          R"("tracks":[{"kind":"subtitle","number":2,"language":"ger","title":"Signs",)"
          R"("codec":"ass","default":false,"text":true,"shown":true}],)"
          R"("urls":{"page":"/watch/0123456789abcdef0123456789abcdef",)"
          R"("playlist":"/streams/0123456789abcdef0123456789abcdef/playlist.m3u8",)"
          R"("master":"/streams/0123456789abcdef0123456789abcdef/master.m3u8",)"
          R"("events":"/api/v1/sessions/0123456789abcdef0123456789abcdef/events"}})"
          "\n");
}

TEST_CASE("session json: why a session failed is its error, and no other's") {
    auto session = sample_session();
    session.note = "The server says 404.";
    CHECK(session_json(session, session_start).find(R"("error":null)") != std::string::npos);
    session.phase = Phase::failed;
    CHECK(session_json(session, session_start).find(R"("error":"The server says 404.")") !=
          std::string::npos);
}

TEST_CASE("session json: what is not UTF-8 does not break it") {
    auto session = sample_session();
    session.tracks.front().title = "\xff";
    CHECK(session_json(session, session_start).find("\uFFFD") != std::string::npos);
}

TEST_CASE("position: goes on with the clock, within what there is of the film") {
    auto session = sample_session();
    CHECK(position_at(session, session_start + 6s) == 10s);
    CHECK(position_at(session, session_start + 26s) == 30s);
    CHECK(position_at(session, session_start) == 4s); // of what was played before a jump
    CHECK(position_at(session, session_start - 60s) == 0s);
    CHECK(position_at(session, session_start + 100s) == 50s);
    session.buffered = 200s;
    CHECK(position_at(session, session_start + 200s) == 90s);
    session.duration.reset();
    CHECK(position_at(session, session_start + 200s) == 200s);
    session.standing_at = session_start + 5s;
    CHECK(position_at(session, session_start + 200s) == 15s);
    session.anchor.reset();
    CHECK(position_at(session, session_start + 200s) == 10s);
}

TEST_CASE("events: the whole session first, then what has changed of it") {
    auto const before = sample_session();
    CHECK(event_names(nullptr, before) == "state ");
    CHECK(event_names(&before, before) == "");
    auto after = before;
    after.viewers = 3;
    CHECK(event_names(&before, after) == "viewers ");
    after.buffered += 4s;
    CHECK(event_names(&before, after) == "position viewers ");
    after.note = "a word";
    CHECK(event_names(&before, after) == "state viewers ");
    after = before;
    after.jumps = 1;
    CHECK(event_names(&before, after) == "position ");
    after.phase = Phase::failed;
    CHECK(event_names(&before, after) == "state error ");
    CHECK(event_names(&after, after) == "");
    CHECK(event_names(nullptr, after) == "state error ");
}

TEST_CASE("events: each is lines that end with an empty one") {
    auto session = sample_session();
    auto const before = session;
    session.viewers = 7;
    CHECK(events_between(&before, session, session_start) ==
          "event: viewers\ndata: {\"viewers\":7}\n\n");
    session = before;
    session.standing_at = session_start + 2s;
    CHECK(events_between(&before, session, session_start + 8s) ==
          "event: position\ndata: {\"now_ms\":1795262408000.0,\"position\":12.0,\"buffered\":50.0,"
          "\"speed\":1.5,\"delay_ms\":6000,\"anchor_ms\":1795262400000.0,\"anchor_position\":10.0,"
          "\"standing_at_ms\":1795262402000.0,\"jumps\":0}\n\n");
    session.note = "two\nlines";
    auto const text = events_between(&before, session, session_start);
    CHECK(text.find('\n', text.find("data:")) == text.size() - 2);
}

TEST_CASE("sessions: the newest first, with what a page has to know") {
    SessionList list;
    auto session = sample_session();
    list.put(std::make_shared<contract::WatchState const>(session));
    session.id[0] = 'f';
    session.since += 1s;
    list.put(std::make_shared<contract::WatchState const>(session));
    config::Watch settings;
    settings.torrent_gateway = "http://gateway/{magnet}";
    auto const text = sessions_json(list, settings, session_start);
    CHECK(text.starts_with(
        R"({"now_ms":1795262400000.0,"settings":{"heartbeat_s":15,"session_timeout_s":45,)"
        R"("start_segments":3,"segment_time_s":4.0,"max_sessions":4,"needs_token":false,)"
        R"("takes_magnets":true},"sessions":[{"id":"f123)"));
    CHECK(text.find(R"({"id":"0123)") != std::string::npos);
}

TEST_CASE("session list: an alias is the running session's, or else the newest's") {
    SessionList list;
    auto session = sample_session();
    session.phase = Phase::ended;
    list.put(std::make_shared<contract::WatchState const>(session));
    CHECK(list.find("friday")->id == session.id);
    auto const first = session.id;
    session.id[0] = 'e';
    session.since += 1s;
    list.put(std::make_shared<contract::WatchState const>(session));
    CHECK(list.find("friday")->id == session.id);
    session.id[0] = 'f';
    session.since -= 10s;
    session.phase = Phase::paused;
    list.put(std::make_shared<contract::WatchState const>(session));
    CHECK(list.find("friday")->id == session.id);
    CHECK(list.find(first)->id == first);
    CHECK(list.find("saturday") == nullptr);
    list.remove(first);
    CHECK(list.find(first) == nullptr);
    CHECK(list.ids().size() == 2);
}
