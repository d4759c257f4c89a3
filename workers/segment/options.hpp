// The command line of continuo-segment.
#pragma once

#include "core/base/ticks.hpp"
#include "core/timeline/grid.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace continuo::segment {

/// What `--from` calls it.
inline constexpr std::string_view standard_input = "-";

struct Options {
    std::filesystem::path directory; ///< the run directory
    Ticks90k segment_time{};         ///< 0 where the grid is given
    Ticks90k target_duration{};
    bool is_source{false}; ///< finds the grid, writes run.json and cuts
    bool writes_files{true};
    std::optional<std::filesystem::path> listen; ///< the socket for consumers
    std::optional<timeline::Grid> grid;
    std::optional<std::filesystem::path> cuts; ///< the source's, followed
    std::vector<std::filesystem::path> cues;   ///< files of cues, followed (with is_source)
    /// Decided (a source) or followed (else): where segments of others begin that read the same.
    std::optional<std::filesystem::path> boundaries;
    std::uint64_t begin_with{}; ///< of those segments the first wanted, counted from 0
    std::optional<std::filesystem::path> loop; ///< instead of standard input
    /// The same: a playlist's URL or path, a transport stream's, udp://, `standard_input`.
    std::optional<std::string> from;
    bool from_start{false}; ///< every segment of `from`, from the first listed one on
    bool replay{false};     ///< `from` begins again behind its end
    std::optional<std::chrono::milliseconds> idle{}; ///< without news for so long `from` has ended
    std::optional<std::chrono::sys_time<std::chrono::microseconds>>
        at;                       ///< date of the first picture wanted of `from`
    bool raise_target{false};     ///< the target duration grows to the first GOP's length
    bool by_indicator{false};     ///< keyframes are where the random access indicator says so
    bool short_first{false};      ///< the first segment ends with the first GOP
    std::optional<Ticks90k> lead; ///< how far ahead of the clock input is read
};

/// What to print, and the exit code to end with.
struct Message {
    std::string text;
    int exit_code{};
};

/// `arguments`: without the program's name.
std::variant<Options, Message> parse_options(std::span<char const* const> arguments);

/// "4s", "4000ms", "2.5s", "2min", "1h"; a plain number counts seconds. Nothing for anything else,
/// and for what is not positive.
std::optional<Ticks90k> parse_duration(std::string_view text);

/// "ORIGIN:PERIOD" in ticks; the origin may be negative.
std::optional<timeline::Grid> parse_grid(std::string_view text);

} // namespace continuo::segment
