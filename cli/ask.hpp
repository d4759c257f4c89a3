// The commands that ask a running daemon: status, restart, switch, cue, reload.
#pragma once

#include "cli/options.hpp"

namespace continuo::cli {

/// Each prints its answer and returns the exit code.
int status(Status const& options);
int restart(Restart const& options);
int switch_to(Switch const& options);
int order_cue(CueOrder const& options);
int reload(Reload const& options);

} // namespace continuo::cli
