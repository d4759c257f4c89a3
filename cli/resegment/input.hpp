// What `-i` names: looked at once, to know whether it is a ladder.
#pragma once

#include "cli/resegment/plan.hpp"
#include "core/base/result.hpp"

#include <string>

namespace continuo::cli::resegment {

/// Reads the playlist at `input` (path, file:, http: or https: URL; blocks, with deadlines) and
/// plans its jobs. Standard input, udp: and what is no playlist are one job, unread.
/// Errors: errno, or `Errc::unavailable` with what the server said, `Errc::malformed`.
Result<Plan> plan_of_input(std::string const& input);

} // namespace continuo::cli::resegment
