#include "http/dashlive/asset/library.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace continuo::dashlive {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// Thousands of assets that come one after the other are published together.
constexpr auto publication_delay = 20ms;
constexpr int reading_niceness = 10;

std::string facts_of(Asset const& asset) {
    auto const& pictures = asset.pictures();
    return fmt::format("{} MPD{}, {} track{}, a loop of {} segment{}, {:.3f} s",
                       asset.manifests.size(), asset.manifests.size() == 1 ? "" : "s",
                       asset.tracks.size(), asset.tracks.size() == 1 ? "" : "s", pictures.size(),
                       pictures.size() == 1 ? "" : "s",
                       static_cast<double>(pictures.length()) / pictures.timescale());
}

void tell(std::string const& name, AssetView const* before, AssetView const& now) {
    bool const is_new = !before || !before->is_read;
    for (auto const& refusal : now.refused)
        if (is_new || std::ranges::find(before->refused, refusal) == before->refused.end())
            spdlog::error("asset \"{}\": \"{}\" is not served: {}", name, refusal.name,
                          refusal.reason);
    for (auto const& note : now.notes)
        if (is_new || std::ranges::find(before->notes, note) == before->notes.end())
            spdlog::warn("asset \"{}\": {}", name, note);
    if (now.asset && (is_new || !before->asset))
        spdlog::info("asset \"{}\" is ready: {}", name, facts_of(*now.asset));
}

} // namespace

AssetLibrary::AssetLibrary(fs::path state_dir)
    : index_folder_(std::move(state_dir) / "dashlive" / "index")
    , shelf_(std::make_shared<AssetShelf const>())
    , crew_({.threads = 0, .niceness = reading_niceness}) {}

AssetLibrary::~AssetLibrary() {
    for (auto const& [name, branch] : branches_)
        if (branch.reading) branch.reading->cancel();
}

Result<> AssetLibrary::start(asio::io_context& loop, config::Config const& config) {
    loop_ = &loop;
    publication_.emplace(loop);
    return apply(config);
}

Result<> AssetLibrary::apply(config::Config const& config) {
    auto const old = std::exchange(settings_, config.livesim);
    if (!settings_) {
        watched_.reset();
        branches_.clear();
        root_.clear();
    } else if (!watched_ || !old || settings_->root != old->root) {
        if (auto const opened = open_root(); !opened) return opened.error();
    } else {
        watched_->look_again();
    }
    publish_soon();
    return {};
}

Result<> AssetLibrary::open_root() {
    auto directories =
        server::DirectoryWatch::open(*loop_, fmt::format("\"{}\"", settings_->root.string()));
    if (!directories) return directories.error();
    has_looked_ = false;
    watched_ = std::make_unique<storage::WatchedRoot>(
        *loop_, std::move(*directories), crew_,
        storage::WatchedRoot::Options{
            .root = settings_->root,
            .key = "livesim.root",
            .on_entries =
                [this](fs::path root, storage::WatchedRoot::Entries entries) {
                    take_entries(std::move(root), std::move(entries));
                },
            .on_change =
                [this](fs::path const& folder) {
                    for (auto& [name, branch] : branches_)
                        if (branch.folder == folder) read(name, branch);
                }});
    watched_->begin();
    return {};
}

void AssetLibrary::take_entries(fs::path root, storage::WatchedRoot::Entries entries) {
    has_looked_ = true;
    bool const is_same_root = root == root_;
    root_ = std::move(root);
    std::erase_if(branches_, [&](auto const& known) {
        auto const& [name, branch] = known;
        auto const entry = entries.find(name);
        if (is_same_root && entry != entries.end() && entry->second == branch.folder) return false;
        if (branch.reading) branch.reading->cancel();
        for (auto const& [asset, view] : branch.assets)
            spdlog::warn("asset \"{}\" is gone", asset);
        return true;
    });
    for (auto const& [name, folder] : entries) {
        auto const [branch, is_new] = branches_.try_emplace(name);
        if (!is_new) continue;
        branch->second.folder = folder;
        read(name, branch->second);
    }
    if (!root_.empty())
        watched_->give_out(
            storage::Urgency::someday, {},
            [folder = root_](storage::Duty&) { return manifests_in(folder); },
            [this](std::vector<std::string> manifests) { take_stray(std::move(manifests)); });
    publish_soon();
}

/// An asset's name is its folder's, and the root has none.
void AssetLibrary::take_stray(std::vector<std::string> manifests) {
    if (!manifests.empty())
        spdlog::warn("\"{}\" lies in livesim.root itself and is not served: put it, and its files, "
                     "into a folder of their own",
                     (root_ / manifests.front()).string());
}

void AssetLibrary::read(std::string const& name, Branch& branch) {
    if (branch.reading) branch.reading->cancel();
    branch.reading = std::make_shared<BranchReading>(BranchOptions{.name = name,
                                                                   .folder = branch.folder,
                                                                   .root = root_,
                                                                   .index_folder = index_folder_,
                                                                   .watcher = watched_->watcher()});
    give_out(storage::Urgency::needed, name, branch.reading);
}

void AssetLibrary::give_out(storage::Urgency urgency, std::string const& name,
                            std::shared_ptr<BranchReading> const& reading) {
    watched_->give_out(
        urgency, name, [reading](storage::Duty& duty) { return reading->next(duty); },
        [this, name, reading](std::optional<BranchReport> report) {
            take_report(name, reading, std::move(report));
        });
}

void AssetLibrary::take_report(std::string const& name,
                               std::shared_ptr<BranchReading> const& reading,
                               std::optional<BranchReport> report) {
    auto const found = branches_.find(name);
    if (!report || found == branches_.end() || found->second.reading != reading)
        return; // stopped, or another one reads it
    auto& branch = found->second;
    if (!report->trouble.empty()) spdlog::warn("livesim: \"{}\": {}", name, report->trouble);
    if (report->names) {
        watched_->claim(reading->watches(), branch.folder);
        take_names(branch, *report->names);
    } else {
        take_view(branch, report->name, std::move(report->view));
    }
    if (reading->is_finished()) {
        branch.is_read = true;
        branch.reading.reset();
    } else {
        give_out(storage::Urgency::needed, name, reading);
    }
    publish_soon();
}

void AssetLibrary::take_names(Branch& branch, std::vector<std::string> const& names) {
    std::erase_if(branch.assets, [&](auto const& known) {
        bool const is_gone = std::ranges::find(names, known.first) == names.end();
        if (is_gone) spdlog::warn("asset \"{}\" is gone", known.first);
        return is_gone;
    });
    for (auto const& name : names)
        branch.assets.try_emplace(name, std::make_shared<AssetView const>());
}

/// An asset that has not changed stays the same object: what others keep of it stays, too.
void AssetLibrary::take_view(Branch& branch, std::string const& name, AssetViewPtr view) {
    auto& known = branch.assets[name];
    tell(name, known.get(), *view);
    if (known && known->asset && view->asset &&
        known->asset->generation == view->asset->generation) {
        auto same = std::make_shared<AssetView>(*view);
        same->asset = known->asset;
        view = std::move(same);
    }
    known = std::move(view);
}

void AssetLibrary::publish_soon() {
    if (std::exchange(is_publishing_, true)) return;
    publication_->expires_after(publication_delay);
    publication_->async_wait([this](boost::system::error_code code) {
        if (!code) publish();
    });
}

void AssetLibrary::publish() {
    is_publishing_ = false;
    auto shelf = std::make_shared<AssetShelf>();
    if (settings_) {
        shelf->allows_clock = settings_->allow_clock;
        shelf->limits.time_shift_buffer_depth = settings_->max_time_shift_buffer;
        shelf->root = root_;
    }
    shelf->is_complete =
        !settings_ || (has_looked_ && std::ranges::all_of(branches_, [](auto const& known) {
                           return known.second.is_read;
                       }));
    for (auto const& [name, branch] : branches_)
        shelf->assets.insert(branch.assets.begin(), branch.assets.end());
    shelf_.publish(std::move(shelf));
}

} // namespace continuo::dashlive
