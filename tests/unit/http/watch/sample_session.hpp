// A session that plays, as tests of this room need one.
#pragma once

#include "core/contract/watch.hpp"

#include <chrono>
#include <string>

namespace continuo::test {

inline std::string const session_id = "0123456789abcdef0123456789abcdef";
inline contract::WatchState::WallTime const session_start{std::chrono::seconds{1'795'262'400}};

/// Its first picture, at 10 s of the film, has the date `session_start`; 40 s have been made.
inline contract::WatchState sample_session() {
    using namespace std::chrono_literals;
    contract::WatchState session;
    session.id = session_id;
    session.aliases = {"friday"};
    session.channel = contract::watch_channel(session_id);
    session.url = "https://host/film.mkv";
    session.phase = contract::WatchState::Phase::playing;
    session.tracks = {{.kind = contract::WatchTrack::Kind::subtitle,
                       .number = 2,
                       .language = "ger",
                       .title = "Signs",
                       .codec = "ass",
                       .is_default = false,
                       .is_text = true,
                       .is_shown = true}};
    session.duration = 90s;
    session.delay = 6s;
    session.anchor = session_start;
    session.position = 10s;
    session.buffered = 50s;
    session.speed = 1.5;
    session.viewers = 2;
    session.since = session_start - 3s;
    return session;
}

} // namespace continuo::test
