#include "cli/analyze.hpp"

#include "cli/analysis_report.hpp"
#include "core/os/program.hpp"
#include "http/dashlive/asset/list.hpp"
#include "http/dashlive/asset/reader.hpp"
#include "http/storage/crew.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <system_error>
#include <utility>

namespace continuo::cli {

namespace fs = std::filesystem;

void add_analyze(CLI::App& app, std::function<void(AnalyzeOptions const&)> chosen) {
    auto const options = std::make_shared<AnalyzeOptions>();
    auto* const command = app.add_subcommand(
        "analyze", "Say what the DASH live simulator makes of an MPD and its segments");
    command
        ->add_option_function<std::string>(
            "MPD", [options](std::string const& file) { options->manifest = file; },
            "on disk, beside its segments")
        ->required()
        ->type_name("");
    command->add_flag("--json", options->json, "for programs");
    command->footer("Exit codes: 0 it can be served, 65 it can not, for the reason that is said.");
    command->callback([options, chosen = std::move(chosen)] { chosen(*options); });
}

int analyze(AnalyzeOptions const& options) {
    std::error_code code;
    auto const manifest = fs::canonical(options.manifest, code);
    if (code) {
        fmt::print(stderr, "\"{}\": {}\n", options.manifest.string(), code.message());
        return os::exit_data;
    }
    auto const folder = manifest.parent_path();
    std::atomic<bool> const is_stopping{false};
    storage::Duty duty(is_stopping);
    auto reading = dashlive::read_asset({.name = folder.filename().string(),
                                         .folder = folder,
                                         .root = folder,
                                         .manifests = {manifest.filename().string()}},
                                        {}, duty);
    dashlive::AssetView view;
    view.is_read = true;
    view.folder = folder;
    view.asset = std::move(reading.assembled.asset);
    view.refused = std::move(reading.assembled.refused);
    view.notes = std::move(reading.assembled.notes);
    fmt::print("{}", options.json ? dashlive::asset_json(folder.filename().string(), view)
                                  : analysis_report(view));
    return view.asset ? os::exit_ok : os::exit_data;
}

} // namespace continuo::cli
