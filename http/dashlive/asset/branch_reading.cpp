#include "http/dashlive/asset/branch_reading.hpp"

#include "core/os/file.hpp"
#include "http/dashlive/asset/folders.hpp"
#include "http/storage/state_file_name.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace continuo::dashlive {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t largest_index = std::uint64_t{256} << 20; // bytes

} // namespace

std::optional<BranchReport> BranchReading::next(storage::Duty& duty) {
    BranchReport report;
    if (!std::exchange(has_walked_, true)) {
        if (!walk(duty)) return std::nullopt;
        auto& names = report.names.emplace();
        for (auto const& folder : folders_)
            names.push_back(folder.name);
    } else {
        auto const& folder = folders_[read_++];
        auto reading = read_asset(folder, recall(folder.name), duty);
        if (has_to_stop(duty)) return std::nullopt;
        if (reading.has_news) remember(folder.name, reading.index);
        url_spaces_.claim(reading.assembled);
        auto view = std::make_shared<AssetView>();
        view->folder = folder.folder;
        view->is_read = true;
        view->manifests = folder.manifests;
        view->asset = std::move(reading.assembled.asset);
        view->refused = std::move(reading.assembled.refused);
        view->notes = std::move(reading.assembled.notes);
        report.name = folder.name;
        report.view = std::move(view);
    }
    report.trouble = std::exchange(trouble_, {});
    return report;
}

bool BranchReading::walk(storage::Duty& duty) {
    // Watched before they are read: what changes meanwhile is told.
    auto tree =
        folders_below(options_.folder, options_.name, options_.root, [&](fs::path const& folder) {
            duty.go_on();
            watch(folder);
            return !has_to_stop(duty);
        });
    if (tree.has_more)
        trouble_ = fmt::format("has more than {} folders; not all are served", most_folders);
    folders_ = std::move(tree.assets);
    return !tree.is_cancelled;
}

void BranchReading::watch(fs::path const& folder) {
    auto const number = options_.watcher.watch(folder, server::Interest::files);
    if (number)
        watches_.push_back(*number);
    else if (trouble_.empty())
        trouble_ =
            fmt::format("{}; changes in it are seen at a reload only", to_text(number.error()));
}

AssetIndex BranchReading::recall(std::string const& name) const {
    auto const text =
        os::read_file(options_.index_folder / storage::state_file_name(name), largest_index);
    if (!text) return {}; // measured anew
    auto index = parse_asset_index(*text);
    return index ? *std::move(index) : AssetIndex{};
}

void BranchReading::remember(std::string const& name, AssetIndex const& index) {
    std::error_code code;
    fs::create_directories(options_.index_folder, code);
    auto const kept =
        os::replace_file(options_.index_folder / storage::state_file_name(name), to_text(index));
    if (!kept && trouble_.empty())
        trouble_ =
            fmt::format("{}; it will be measured again after a restart", to_text(kept.error()));
}

} // namespace continuo::dashlive
