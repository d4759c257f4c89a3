// What to run, as a value: a floor below whoever runs it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace continuo::workers {

/// What a program may have that works on strangers' data. It gains no privileges, and where we are
/// root it runs as nobody; it has 256 open files at most.
struct Confinement {
    std::uint64_t memory_bytes{}; ///< of address space
    std::chrono::seconds cpu_time{};
    std::uint64_t file_bytes{}; ///< the longest file that it may write; pipes don't count

    friend bool operator==(Confinement const&, Confinement const&) = default;
};

/// A program with its arguments, never a shell line. Beside `environment` ("NAME=value") a child
/// gets PATH and LANG=C only.
struct Command {
    std::string name;       ///< for logs: "ffmpeg", "continuo-segment"
    std::string executable; ///< a path, or a name looked up in PATH
    std::vector<std::string> arguments;
    std::vector<std::string> environment{};
    int nice{0}; ///< added to ours
    std::optional<Confinement> confinement{};

    friend bool operator==(Command const&, Command const&) = default;
};

} // namespace continuo::workers
