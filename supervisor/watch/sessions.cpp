#include "supervisor/watch/sessions.hpp"

#include "core/base/redact.hpp"
#include "core/base/watch_url.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace continuo::sessions {
namespace {

using contract::TrackChoices;
using contract::WatchRequest;
using Action = WatchRequest::Action;

/// A session whose files were asked to go stays so long, for its viewers to learn of it.
constexpr std::chrono::seconds discarded_kept{60};

} // namespace

Sessions::Sessions(config::Watch config, Makers makers)
    : config_(std::move(config)), makers_(std::move(makers)) {}

Session* Sessions::find(std::string_view name) const {
    if (auto const found = sessions_.find(name); found != sessions_.end())
        return found->second.get();
    Session* best = nullptr;
    auto const rank = [](Session const& session) {
        return session.finished_at().value_or(WallTime::max());
    };
    for (auto const& [id, session] : sessions_)
        if (session->is_called(name) && (best == nullptr || rank(*session) > rank(*best)))
            best = session.get();
    return best;
}

Result<Session*> Sessions::answer(WatchRequest const& request, WallTime now) {
    if (request.action == Action::open) return open(request, now);
    auto* const session = find(request.session);
    if (session == nullptr)
        return fail(Errc::not_found, "There is no such session, or it is over for long.");
    switch (request.action) {
    case Action::beat:
        if (!session->is_running() && !session->has_files())
            return fail(Errc::not_found, "The session is over.");
        session->beat(request.viewer, now);
        return session;
    case Action::leave: session->leave(request.viewer, now); return session;
    case Action::forget: session->forget(request.session, now); return session;
    case Action::close: return close(*session, request.discards, now);
    default: break;
    }
    if (!session->is_running())
        if (auto const room = check_room(); !room) return room.error();
    if (auto const done = session->apply(request, now); !done) return done.error();
    return session;
}

Result<Session*> Sessions::open(WatchRequest const& request, WallTime now) {
    auto const url = parse_watch_url(request.url, {.torrent_gateway = config_.torrent_gateway,
                                                   .allow_private = config_.allow_private});
    if (!url) return url.error();
    auto const& alias = request.session;
    if (!alias.empty() && (!contract::is_alias(alias) || contract::is_session_id(alias)))
        return fail(Errc::malformed,
                    "A session's name has 1 to 64 letters, digits, - and _, and is no id.");
    auto const tracks = contract::changed({}, request.tracks.value_or(contract::TrackWish{}));
    auto* session = running_with(url->url, tracks);
    if (session == nullptr) {
        if (!alias.empty()) take_alias_away(alias, nullptr, now);
        if (auto const room = check_room(); !room) return room.error();
        Programme programme{.url = url->url,
                            .through_gateway = url->is_magnet,
                            .shown_url =
                                without_credentials(url->is_magnet ? request.url : url->url),
                            .tracks = tracks,
                            .position = request.position.value_or(std::chrono::milliseconds{0})};
        auto made = std::make_unique<Session>(makers_.new_id(), std::move(programme), config_, now);
        auto screen = makers_.screen(*made);
        if (!screen) return screen.error();
        made->show_on(*std::move(screen));
        session = made.get();
        sessions_.emplace(session->id(), std::move(made));
    } else if (!alias.empty()) {
        take_alias_away(alias, session, now);
    }
    session->sign(now);
    if (!alias.empty() && session->aliases().size() < most_aliases) session->call(alias);
    return session;
}

Session* Sessions::running_with(std::string const& url, TrackChoices const& tracks) const {
    for (auto const& [id, session] : sessions_)
        if (session->is_running() && session->programme().url == url &&
            session->programme().tracks == tracks)
            return session.get();
    return nullptr;
}

Result<> Sessions::check_room() const {
    auto const running = std::ranges::count_if(
        sessions_, [](auto const& entry) { return entry.second->is_running(); });
    if (static_cast<std::size_t>(running) >= config_.max_sessions)
        return fail(Errc::unavailable, "Server is at full capacity");
    return {};
}

/// A client that calls something else by the name it used before has left that; what only it
/// watched is over.
void Sessions::take_alias_away(std::string const& alias, Session const* except, WallTime now) {
    for (auto const& [id, session] : sessions_) {
        if (session.get() == except || !session->is_called(alias)) continue;
        auto const only = session->is_only_for(alias);
        session->forget(alias, now);
        if (!only || !session->is_running()) continue;
        session->close("Something else is watched instead.", now);
        session->discard();
    }
}

Result<Session*> Sessions::close(Session& session, bool discards, WallTime now) {
    session.close("Somebody ended it.", now);
    if (discards) session.discard();
    return &session;
}

void Sessions::close_all(std::string const& why, WallTime now) {
    for (auto const& [id, session] : sessions_)
        session->close(why, now);
}

void Sessions::settle(WallTime now, bool is_full) {
    for (auto const& [id, session] : sessions_) {
        auto const was_running = session->is_running();
        session->settle(now, is_full);
        if (was_running && session->is_closed())
            session->discard(); // nobody is there who could want the files
    }
    forget_finished(now);
}

void Sessions::forget_finished(WallTime now) {
    std::vector<Session*> finished;
    for (auto const& [id, session] : sessions_)
        if (session->finished_at()) finished.push_back(session.get());
    std::ranges::sort(finished, std::greater<>{},
                      [](Session const* session) { return *session->finished_at(); });
    for (std::size_t rank = 0; rank < finished.size(); ++rank) {
        auto& session = *finished[rank];
        if (rank >= config_.max_sessions) session.discard();
        auto const kept = session.has_files() ? config_.finished_kept
                                              : std::min(config_.finished_kept, discarded_kept);
        if (rank >= most_finished || now >= *session.finished_at() + kept)
            sessions_.erase(session.id());
    }
}

std::optional<WallTime> Sessions::next_deadline() const {
    std::optional<WallTime> next;
    for (auto const& [id, session] : sessions_)
        if (auto const deadline = session->next_deadline();
            deadline && (!next || *deadline < *next))
            next = deadline;
    return next;
}

} // namespace continuo::sessions
