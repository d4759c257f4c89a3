// Refusals as a client reads them.
#pragma once

#include "http/dashlive/session/session.hpp"
#include "http/server/response.hpp"

namespace continuo::dashlive {

server::Response problem(Refusal const& why);

} // namespace continuo::dashlive
