// The command line of `continuo` as a value.
#pragma once

#include "cli/analyze.hpp"
#include "cli/cue.hpp"
#include "cli/cue_order.hpp"
#include "cli/resegment/options.hpp"
#include "cli/verify.hpp"
#include "core/os/program.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

namespace continuo::cli {

namespace fs = std::filesystem;

/// No path: ./config.yaml where there is one, else /etc/continuo/config.yaml.
using ConfigFile = std::optional<fs::path>;

struct Check {
    ConfigFile file;
};
struct Run {
    ConfigFile config;
    bool from_env{false}; ///< the environment is the configuration
};
struct Status {
    ConfigFile config;
    bool json{false};
};
struct Restart {
    ConfigFile config;
    std::string channel;
};
struct Switch {
    ConfigFile config;
    std::string channel;
    std::string url; ///< `check_stream_url` holds
};
struct Reload {
    ConfigFile config;
};
struct Completion {
    std::string shell; ///< "bash", "zsh" or "fish"
};
/// Help, version, or what is wrong with the command line.
struct Answer {
    int exit_code{os::exit_ok};
    std::string output; ///< for stdout
    std::string errors; ///< for stderr
};

using Options =
    std::variant<Check, Run, Status, Restart, Switch, Reload, VerifyOptions, CueDecode, CueEncode,
                 CueOrder, resegment::Options, AnalyzeOptions, Completion, Answer>;

Options parse_arguments(int argc, char const* const* argv);

} // namespace continuo::cli
