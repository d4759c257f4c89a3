// A command as a golden text: one argument a line.
#pragma once

#include "workers/command.hpp"

#include <string>

namespace continuo::test {

inline std::string command_text(workers::Command const& command) {
    auto text = command.executable + '\n';
    for (auto const& argument : command.arguments)
        text += argument + '\n';
    return text;
}

} // namespace continuo::test
