// Errors as a client reads them: problem details.
#pragma once

#include "http/server/response.hpp"

#include <string_view>

namespace continuo::server {

/// application/problem+json with status, title and `detail` (one sentence for a person); never
/// cached for longer than a second. `fields`: further header lines, each with its CRLF. Spec: RFC
/// 9457.
Response problem(unsigned status, std::string_view detail, std::string fields = {});

/// 503 for what will be there soon: says when to come again.
Response not_ready_yet(std::string_view detail);

} // namespace continuo::server
