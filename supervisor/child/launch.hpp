// fork and exec, with exec's failure as the caller's error. For child.cpp alone.
#pragma once

#include "core/base/result.hpp"
#include "supervisor/child/child.hpp"
#include "workers/command.hpp"

namespace continuo::child {

struct Launched {
    pid_t pid{};
    int pidfd{};         ///< readable once the child has ended; the caller closes it
    int stderr_reader{}; ///< non-blocking; the caller closes it
};

Result<Launched> launch(workers::Command const& command, Stdio const& stdio);

} // namespace continuo::child
