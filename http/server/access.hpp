// Who may change something: the bearer of the token, or, where none is configured, this machine
// itself.
#pragma once

#include "http/server/request.hpp"
#include "http/server/response.hpp"

#include <optional>
#include <string_view>

namespace continuo::server {

/// Whether the request has "Authorization: Bearer" with this token.
bool bears_token(Request const& request, std::string_view token);

/// The answer to somebody who may not; nothing for one who may.
/// `token`: empty when none is configured. Without one only loopback peers may, and only with a
/// request that no web page of another site can have sent (Origin, and a Host that names the
/// loopback: rebound names) and no proxy has passed on. Spec: RFC 6750 §2.1, §3.
std::optional<Response> refuse_change(Request const& request, std::string_view token);

} // namespace continuo::server
