// `continuo cue CHANNEL`: a cue by hand, for the daemon.
#pragma once

#include "core/contract/cue_request.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace continuo::cli {

struct CueOrder {
    std::optional<std::filesystem::path> config; ///< as `ConfigFile` of options.hpp
    std::string channel;
    contract::CueRequest request;
};

/// Adds the channel and what is wanted of it to `continuo cue`, beside its subcommands; `chosen` is
/// called where none of these was given.
void add_cue_order(CLI::App& cue, std::function<void(CueOrder const&)> chosen);

} // namespace continuo::cli
