// What to run, as a value: a floor below whoever runs it.
#pragma once

#include <string>
#include <vector>

namespace continuo::workers {

/// A program with its arguments, never a shell line. Beside `environment` ("NAME=value") a child
/// gets PATH and LANG=C only.
struct Command {
    std::string name;       ///< for logs: "ffmpeg", "continuo-segment"
    std::string executable; ///< a path, or a name looked up in PATH
    std::vector<std::string> arguments;
    std::vector<std::string> environment{};
    int nice{0}; ///< added to ours

    friend bool operator==(Command const&, Command const&) = default;
};

} // namespace continuo::workers
