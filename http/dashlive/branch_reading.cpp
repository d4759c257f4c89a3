#include "http/dashlive/branch_reading.hpp"

#include "core/os/file.hpp"
#include "http/storage/state_file_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace continuo::dashlive {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t deepest = 16;
constexpr std::size_t most_directories = 100'000;
constexpr std::uint64_t largest_index = std::uint64_t{256} << 20; // bytes

} // namespace

std::optional<BranchReport> BranchReading::next(storage::Duty& duty) {
    BranchReport report;
    if (!std::exchange(has_walked_, true)) {
        if (!walk(options_.folder, options_.name, 0, duty)) return std::nullopt;
        auto& names = report.names.emplace();
        for (auto const& folder : folders_)
            names.push_back(folder.name);
    } else {
        auto const& folder = folders_[read_++];
        auto reading = read_asset(folder, recall(folder.name), duty);
        if (has_to_stop(duty)) return std::nullopt;
        if (reading.has_news) remember(folder.name, reading.index);
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

/// Folders are watched before they are read: what changes meanwhile is told. Links to folders are
/// followed as long as they don't lead back to one that is above them.
bool BranchReading::walk(fs::path const& folder, std::string const& name, std::size_t depth,
                         storage::Duty& duty) {
    if (has_to_stop(duty)) return false;
    duty.go_on();
    if (++directories_ > most_directories) {
        trouble_ = fmt::format("has more than {} folders; not all are served", most_directories);
        return true;
    }
    watch(folder);
    auto manifests = manifests_in(folder);
    if (!manifests.empty())
        folders_.push_back({.name = name,
                            .folder = folder,
                            .root = options_.root,
                            .manifests = std::move(manifests)});
    if (depth == deepest) return true;
    std::vector<std::string> below;
    std::error_code code;
    for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
         entry.increment(code)) {
        std::error_code none;
        auto file = entry->path().filename().string();
        if (!file.starts_with('.') && entry->is_directory(none)) below.push_back(std::move(file));
    }
    std::ranges::sort(below);
    for (auto const& entry : below) {
        auto const path = fs::canonical(folder / entry, code);
        bool const leads_up = std::ranges::mismatch(path, folder).in1 == path.end();
        if (code || leads_up) continue;
        if (!walk(path, name + '/' + entry, depth + 1, duty)) return false;
    }
    return true;
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
