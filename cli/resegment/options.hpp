// The command line of `continuo resegment` as a value. The letters are those of the system that it
// takes the place of.
#pragma once

#include "core/base/ticks.hpp"
#include "core/hls/cue_style.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace continuo::cli::resegment {

namespace fs = std::filesystem;

struct Options {
    std::string input{"-"}; ///< playlist or TS: path, URL, udp://; "-" is standard input
    fs::path output{"."};   ///< as it was typed: what is printed begins with it
    fs::path sidecar{"sidecar.txt"};
    std::chrono::milliseconds segment_time{2000};
    std::vector<hls::CueStyle> styles{hls::CueStyle::x_cue};
    std::size_t window{5}; ///< segments that are listed (live)
    bool remove{false};    ///< unlink segments that no player can want any more
    bool live{false};      ///< pace, and list a window only
    bool replay{false};
    bool random_access_indicator{
        false};                   ///< cut where the packets say so, not where the pictures do
    bool dates{false};            ///< EXT-X-PROGRAM-DATE-TIME on every segment
    bool cue_discontinuity{true}; ///< EXT-X-DISCONTINUITY where a break begins and ends
    bool throttle{true};          ///< live: as fast as it plays
    bool byte_ranges{false};      ///< one file a variant
    bool append{false};           ///< go on behind what the output lists
    std::optional<std::chrono::milliseconds> idle; ///< input without a new segment for so long ends
};

/// Exit codes of `resegment`, beside those of core/os/program.hpp.
enum ResegmentExit : int {
    exit_io = 74, ///< the output could not be written
};

/// Adds the subcommand `resegment`; `chosen` is called with its options once they are parsed and
/// fit together.
void add_command(CLI::App& app, std::function<void(Options const&)> chosen);

} // namespace continuo::cli::resegment
