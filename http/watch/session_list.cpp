#include "http/watch/session_list.hpp"

#include <algorithm>
#include <utility>

namespace continuo::watch {

using Phase = contract::WatchState::Phase;

void SessionList::put(SessionPtr session) {
    auto id = session->id;
    sessions_.insert_or_assign(std::move(id), std::move(session));
}

void SessionList::remove(std::string_view id) {
    auto const found = sessions_.find(id);
    if (found != sessions_.end()) sessions_.erase(found);
}

SessionPtr SessionList::find(std::string_view name) const {
    if (auto const found = sessions_.find(name); found != sessions_.end()) return found->second;
    SessionPtr best;
    for (auto const& session : newest_first()) {
        if (std::ranges::find(session->aliases, name) == session->aliases.end()) continue;
        if (is_running(*session)) return session;
        if (!best) best = session;
    }
    return best;
}

std::vector<SessionPtr> SessionList::newest_first() const {
    std::vector<SessionPtr> sessions;
    for (auto const& [id, session] : sessions_)
        sessions.push_back(session);
    std::ranges::stable_sort(sessions,
                             [](auto const& a, auto const& b) { return a->since > b->since; });
    return sessions;
}

std::vector<std::string> SessionList::ids() const {
    std::vector<std::string> ids;
    for (auto const& [id, session] : sessions_)
        ids.push_back(id);
    return ids;
}

bool is_running(contract::WatchState const& session) noexcept {
    return session.phase == Phase::opening || session.phase == Phase::playing ||
           session.phase == Phase::paused;
}

} // namespace continuo::watch
