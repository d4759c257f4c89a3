// A line for the supervisor, who reads along on stderr.
#pragma once

#include <unistd.h>

#include <string>
#include <string_view>

namespace continuo::icecast {

inline void report(std::string_view text) {
    auto const line = std::string(text) + '\n';
    (void)!::write(STDERR_FILENO, line.data(), line.size()); // nobody left to tell
}

} // namespace continuo::icecast
