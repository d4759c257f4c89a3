// `continuo run`: daemon and HTTP together, each started again when it dies, both stopped in order.
#pragma once

#include "cli/options.hpp"

namespace continuo::cli {

/// Returns the exit code once both have ended.
int run(Run const& options);

} // namespace continuo::cli
