// `continuo analyze MPD`: what the DASH live simulator makes of an asset on disk, or why it can't
// be served.
#pragma once

#include <filesystem>
#include <functional>

namespace CLI {
class App;
}

namespace continuo::cli {

struct AnalyzeOptions {
    std::filesystem::path manifest;
    bool json{false};
};

/// Adds the subcommand; `chosen` is called when it was.
void add_analyze(CLI::App& app, std::function<void(AnalyzeOptions const&)> chosen);

/// The exit code: 0 it can be served, 65 it can not. Reads the segments anew; blocks.
int analyze(AnalyzeOptions const& options);

} // namespace continuo::cli
