// What the API says of sessions, as JSON texts (docs/watch.md). Pure.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/watch.hpp"
#include "http/watch/clock.hpp"
#include "http/watch/session_list.hpp"

#include <chrono>
#include <string>

namespace continuo::watch {

/// Where in the film all are at `now`: not before its beginning, nor after its end, nor after what
/// has been made of it.
std::chrono::milliseconds position_at(contract::WatchState const& session, WallTime now);

std::string session_json(contract::WatchState const& session, WallTime now);
/// What a page has to know before it opens a session, and all sessions.
std::string sessions_json(SessionList const& sessions, config::Watch const& settings, WallTime now);
/// Of the other service's /progress.
std::string progress_json(contract::WatchState const& session, WallTime now);
std::string time_json(WallTime now);

/// Server-sent events that bring somebody who has seen `before`, or nothing where that is null, to
/// `after`; empty where there is nothing to tell.
std::string events_between(contract::WatchState const* before, contract::WatchState const& after,
                           WallTime now);

} // namespace continuo::watch
