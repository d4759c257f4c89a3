// `continuo verify`: watches an HLS or DASH stream for a while and says which rules it breaks, with
// evidence.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace continuo::cli {

struct VerifyOptions {
    std::string url; ///< of a multivariant or media playlist, or of an MPD
    std::chrono::duration<double> watched{30};
    bool json{false};
    bool strict{false}; ///< advice counts as broken
};

/// Exit codes of `verify`, beside 0 for a clean stream and those of core/os/program.hpp.
enum VerifyExit : int {
    exit_broken = 1,       ///< at least one rule is broken
    exit_unavailable = 69, ///< the URL never answered with a playlist or MPD
};

/// Runs until the time is over, or SIGINT or SIGTERM ends it early; findings go to stdout as they
/// are made, progress to a terminal on stderr. Returns the exit code.
int verify(VerifyOptions const& options);

/// Adds the subcommand `verify`; `chosen` is called with its options once they are parsed.
void add_verify(CLI::App& app, std::function<void(VerifyOptions const&)> chosen);

} // namespace continuo::cli
