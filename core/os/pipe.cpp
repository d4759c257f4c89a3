#include "core/os/pipe.hpp"

#include <fcntl.h>

#include <array>

namespace continuo::os {

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("make a pipe");
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

} // namespace continuo::os
