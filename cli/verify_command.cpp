#include "cli/verify.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace continuo::cli {

void add_verify(CLI::App& app, std::function<void(VerifyOptions const&)> chosen) {
    auto const options = std::make_shared<VerifyOptions>();
    auto const seconds = std::make_shared<double>(options->watched.count());
    auto* const command =
        app.add_subcommand("verify", "Watch an HLS or DASH stream and say which rules it breaks");
    command->add_option("URL", options->url, "Multivariant or media playlist, or MPD")->required();
    command->add_option("--seconds", *seconds, "How long to watch")
        ->check(CLI::Range(1.0, 86'400.0))
        ->capture_default_str();
    command->add_flag("--json", options->json, "One JSON object at the end instead of lines");
    command->add_flag("--strict", options->strict, "Advice counts as broken");
    command->footer(
        "Exit: 0 clean, 1 broken, 64 usage, 69 the URL never answered with a playlist or MPD.");
    command->callback([options, seconds, chosen = std::move(chosen)] {
        options->watched = std::chrono::duration<double>{*seconds};
        chosen(*options);
    });
}

} // namespace continuo::cli
