#include "workers/segment/command_line.hpp"

#include "core/base/redact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace continuo::workers::segment {
namespace {

using namespace std::chrono_literals;

std::string text(std::chrono::milliseconds time) {
    return fmt::format("{}ms", time.count());
}

std::string text(std::chrono::seconds time) {
    return fmt::format("{}s", time.count());
}

std::string text(timeline::Grid const& grid) {
    return fmt::format("{}:{}", grid.origin.count(), grid.period.count());
}

/// Everybody can see a process's arguments, only its user its environment.
void hide_secret(Command& made) {
    auto const option = std::ranges::find(made.arguments, "--from");
    if (option == made.arguments.end()) return;
    auto const location = std::next(option);
    if (without_credentials(*location) == *location) return;
    made.environment.push_back(fmt::format("{}={}", from_variable, *location));
    made.arguments.erase(option, std::next(location));
}

Command command(std::string const& executable, std::vector<std::string> arguments) {
    Command made{
        .name = "continuo-segment", .executable = executable, .arguments = std::move(arguments)};
    hide_secret(made);
    return made;
}

} // namespace

Command source(std::string const& executable, SourceOptions const& options) {
    std::vector<std::string> arguments{"--directory",
                                       options.directory.string(),
                                       "--source",
                                       "--segment-time",
                                       text(options.segment_time),
                                       "--target-duration",
                                       text(options.target_duration),
                                       "--listen",
                                       options.socket.string()};
    if (!options.files) arguments.push_back("--no-files");
    if (!options.loop.empty()) arguments.insert(arguments.end(), {"--loop", options.loop.string()});
    if (!options.from.empty()) arguments.insert(arguments.end(), {"--from", options.from});
    if (options.at)
        arguments.insert(arguments.end(),
                         {"--at", std::to_string(options.at->time_since_epoch().count())});
    if (options.grid) arguments.insert(arguments.end(), {"--grid", text(*options.grid)});
    if (options.short_first) arguments.push_back("--short-first");
    if (options.lead) arguments.insert(arguments.end(), {"--lead", text(*options.lead)});
    for (auto const& file : options.cues)
        arguments.insert(arguments.end(), {"--cues", file.string()});
    return command(executable, std::move(arguments));
}

Command variant(std::string const& executable, VariantOptions const& options) {
    return command(executable, {"--directory", options.directory.string(), "--grid",
                                text(options.grid), "--cuts", options.cuts.string(),
                                "--target-duration", text(options.target_duration)});
}

Command loop(std::string const& executable, LoopOptions const& options) {
    return command(executable,
                   {"--directory", options.directory.string(), "--segment-time",
                    text(options.segment_time), "--target-duration", text(options.target_duration),
                    "--loop", options.file.string(), "--lead", text(options.lead)});
}

Command resegment(std::string const& executable, ResegmentOptions const& options) {
    std::vector<std::string> arguments{"--directory",
                                       options.directory.string(),
                                       "--boundaries",
                                       options.boundaries.string(),
                                       "--from",
                                       options.from,
                                       "--target-duration",
                                       text(options.target_duration)};
    auto const add = [&](std::initializer_list<std::string> more) {
        arguments.insert(arguments.end(), more);
    };
    if (options.leads) {
        add({"--source", "--segment-time", text(options.segment_time)});
        if (options.raises_target) add({"--raise-target"});
        for (auto const& file : options.cues)
            add({"--cues", file.string()});
        if (options.paced) add({"--lead", options.catch_up > 0s ? text(options.catch_up) : "0s"});
    }
    if (options.from_start) add({"--from-start"});
    if (options.begin_with > 0) add({"--begin-with", std::to_string(options.begin_with)});
    if (options.replay) add({"--replay"});
    if (options.random_access_indicator) add({"--random-access-indicator"});
    if (options.idle) add({"--idle", text(*options.idle)});
    return command(executable, std::move(arguments));
}

} // namespace continuo::workers::segment
