// Who may change something: the bearer of the token, or, where none is configured, this machine
// itself; and whose page it is that asks.
#pragma once

#include "http/server/request.hpp"
#include "http/server/response.hpp"

#include <optional>
#include <string_view>

namespace continuo::server {

/// Whether the request has "Authorization: Bearer" with this token.
bool bears_token(Request const& request, std::string_view token);

/// Whether this machine itself asks: by a name of the loopback, and not for somebody else. The
/// clients of a proxy that passes such a name on and does not say that it is one look like it.
bool is_this_machine(Request const& request);

/// Whether a page of another site asks, as browsers tell: by Sec-Fetch-Site where the page came by
/// https or from the loopback, else by Origin, which has to name the host that was asked. Spec: W3C
/// Fetch Metadata §2.3, RFC 6454 §7.
bool is_of_another_site(Request const& request);

/// Whether this machine is asked by a name that somebody else may have made lead to its loopback:
/// neither an address nor a name without a dot. A page of that name is of the same site to its
/// browser.
bool may_be_rebound(Request const& request);

/// The answer to somebody who may not; nothing for one who may.
/// `token`: empty when none is configured. Without one only loopback peers may, and only with a
/// request that no web page of another site can have sent (Origin, and a Host that names the
/// loopback: rebound names) and no proxy has passed on. Spec: RFC 6750 §2.1, §3.
std::optional<Response> refuse_change(Request const& request, std::string_view token);

} // namespace continuo::server
