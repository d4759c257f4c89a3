// A pipe between two processes.
#pragma once

#include "core/base/result.hpp"
#include "core/os/descriptor.hpp"

namespace continuo::os {

struct Pipe {
    Descriptor reader, writer;
};

/// Both ends are close-on-exec. Errors: errno.
Result<Pipe> make_pipe();

} // namespace continuo::os
