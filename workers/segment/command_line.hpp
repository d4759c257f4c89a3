// What continuo-segment is started with; pure, the supervisor's side of its options.
#pragma once

#include "core/timeline/grid.hpp"
#include "workers/command.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace continuo::workers::segment {

namespace fs = std::filesystem;

struct SourceOptions {
    fs::path directory;
    fs::path socket;
    std::chrono::milliseconds segment_time{};
    std::chrono::seconds target_duration{};
    bool files{true};   ///< false: no variant is a copy of the source
    fs::path loop{};    ///< repeats this TS file instead of reading stdin; empty: stdin
    std::string from{}; ///< URL of an HLS playlist that is read instead of stdin; empty: stdin
    /// Where to begin in it: with what was made then; nothing: near its end.
    std::optional<std::chrono::sys_time<std::chrono::microseconds>> at{};
    bool short_first{false};                         ///< the first segment is one GOP
    std::optional<std::chrono::milliseconds> lead{}; ///< how far it may read ahead of the clock
};
Command source(std::string const& executable, SourceOptions const& options);

struct VariantOptions {
    fs::path directory;
    fs::path cuts;
    timeline::Grid grid;
    std::chrono::seconds target_duration{};
};
Command variant(std::string const& executable, VariantOptions const& options);

struct LoopOptions {
    fs::path directory;
    fs::path file;
    std::chrono::milliseconds segment_time{};
    std::chrono::seconds target_duration{};
    std::chrono::milliseconds lead{};
};
Command loop(std::string const& executable, LoopOptions const& options);

} // namespace continuo::workers::segment
