// What a request wants of a session: members of a JSON body, of a form, of the query. Pure.
#pragma once

#include "core/contract/watch.hpp"
#include "http/server/request.hpp"
#include "http/watch/trouble.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

namespace continuo::watch {

/// Numbers and truths as they are written.
using Members = std::map<std::string, std::string, std::less<>>;

/// What stands in the body wins over the query; what is null is not there. Troubles: 400 for what
/// can't be read, and for lists and objects as members; 415 for a body that is called neither JSON
/// nor a form.
Outcome<Members> members_of(server::Request const& request);

/// Whether a member says yes: "true" or "1".
bool is_set(Members const& members, std::string_view name);

/// 400 for a member that is not among these.
Outcome<> refuse_others(Members const& members, std::initializer_list<std::string_view> known);

/// Of POST /api/v1/sessions. Troubles: 400.
Outcome<contract::WatchRequest> opening_wish(Members const& members);
/// Of .../seek, without the session. Troubles: 400.
Outcome<contract::WatchRequest> seeking_wish(Members const& members);
/// Of .../tracks, likewise.
Outcome<contract::WatchRequest> tracks_wish(Members const& members);
/// Of the other service's POST /stream/{sid}: tracks are counted from 0 there. Troubles: 400.
Outcome<contract::WatchRequest> plain_opening_wish(Members const& members, std::string_view sid);

/// Of .../heartbeat and .../leave, of both dialects. A viewer that says no name of its own is
/// called by the alias that it asked for, or, since all can ask for an id, by its address.
/// Troubles: 400.
Outcome<contract::WatchRequest> presence_wish(Members const& members,
                                              contract::WatchRequest::Action action,
                                              std::string_view name, std::string_view client);

/// Whose request it is: the peer, or whom a proxy on this machine speaks for.
std::string_view client_of(server::Request const& request) noexcept;

} // namespace continuo::watch
