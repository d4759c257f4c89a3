// Which programs there are on this machine.
#pragma once

#include <string_view>

namespace continuo::watch {

/// Whether a shell would find it, in our own PATH.
bool is_installed(std::string_view program);
/// In the directories of `path`, between colons; an empty one is where we are, and does not count.
bool is_installed(std::string_view program, std::string_view path);

} // namespace continuo::watch
