// What time it is for those who watch: by the daemon's clock, since films are shown by that one and
// steps of the system's do not reach it.
#pragma once

#include "http/watch/session_list.hpp"

namespace continuo::watch {

using WallTime = contract::WatchState::WallTime;

/// By the clock that `session` follows.
WallTime now_of(contract::WatchState const& session);

/// By the clock that all of them follow; the system's where there is none to be in step with.
WallTime now_of(SessionList const& sessions);

} // namespace continuo::watch
