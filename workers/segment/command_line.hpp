// What continuo-segment is started with; pure, the supervisor's side of its options.
#pragma once

#include "core/timeline/grid.hpp"
#include "workers/command.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace continuo::workers::segment {

namespace fs = std::filesystem;

/// Takes the place of --from for a URL that the process list must not show.
inline constexpr char const* from_variable = "CONTINUO_FROM";

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
    bool short_first{false};              ///< the first segment is one GOP
    std::optional<timeline::Grid> grid{}; ///< of keyframes that were put on it; else it is found
    std::optional<std::chrono::milliseconds> lead{}; ///< how far it may read ahead of the clock
    std::vector<fs::path> cues{};                    ///< files of cues that it follows
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

/// One variant of a ladder that is cut again, from its first picture to its last.
struct ResegmentOptions {
    fs::path directory;
    std::string from;    ///< playlist or TS: path or URL; "-" is standard input
    fs::path boundaries; ///< where its segments begin: written by the one that leads
    bool leads{false};
    std::uint64_t begin_with{}; ///< the first boundary wanted, counted from 0
    std::chrono::milliseconds segment_time{};
    std::chrono::seconds target_duration{};
    bool raises_target{false};    ///< the leader's becomes longer where the GOPs are: RunInfo
    std::vector<fs::path> cues{}; ///< files that the leader reads
    bool from_start{true};        ///< false: a live playlist from near its end
    bool paced{false};            ///< the leader reads as fast as it plays
    std::chrono::milliseconds catch_up{}; ///< it was restarted, and the clock is so far ahead of it
    bool replay{false};
    bool random_access_indicator{false};
    std::optional<std::chrono::milliseconds> idle{};
};
Command resegment(std::string const& executable, ResegmentOptions const& options);

} // namespace continuo::workers::segment
