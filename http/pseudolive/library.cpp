#include "http/pseudolive/library.hpp"

#include "http/storage/clock.hpp"
#include "http/storage/state_file_name.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace continuo::pseudolive {

namespace asio = boost::asio;

Library::Library(asio::io_context& loop, server::DirectoryWatch directories, storage::Crew& crew,
                 Options options)
    : options_(std::move(options))
    , watched_(loop, std::move(directories), crew,
               {.root = options_.root,
                .key = "pseudolive.root",
                .on_entries =
                    [this](fs::path root, storage::WatchedRoot::Entries entries) {
                        take_entries(std::move(root), std::move(entries));
                    },
                .on_change =
                    [this](fs::path const& path) {
                        if (auto const folder = folders_.find(path); folder != folders_.end())
                            read(path, folder->second);
                    }}) {}

Library::~Library() {
    for (auto const& [path, folder] : folders_)
        if (folder.reading) folder.reading->cancel();
}

Library::Found Library::find(std::string const& name) const {
    auto const entry = entries_.find(name);
    if (entry == entries_.end()) return {};
    auto const folder = folders_.find(entry->second);
    return {.path = entry->second, .folder = folder == folders_.end() ? nullptr : &folder->second};
}

void Library::take_entries(fs::path root, storage::WatchedRoot::Entries entries) {
    Names changed;
    for (auto const& [name, path] : entries_) {
        auto const still = entries.find(name);
        if (still != entries.end() && still->second == path) continue;
        changed.insert(name);
        auto const folder = folders_.find(path);
        folder->second.names.erase(name);
        if (!folder->second.names.empty()) continue;
        if (folder->second.reading) folder->second.reading->cancel();
        folders_.erase(folder);
    }
    for (auto const& [name, path] : entries) {
        auto& folder = folders_[path];
        if (folder.names.insert(name).second) changed.insert(name);
        if (folder.generation == 0 && !folder.reading) read(path, folder);
    }
    bool const was_complete = std::exchange(is_complete_, true);
    root_ = std::move(root);
    entries_ = std::move(entries);
    if (!changed.empty()) options_.on_change(changed);
    if (!was_complete) options_.on_complete();
}

void Library::read(fs::path const& path, Folder& folder) {
    if (folder.reading) folder.reading->cancel();
    auto const& name = *folder.names.begin();
    folder.reading = std::make_shared<Reading>(
        ReadingOptions{.folder = path,
                       .root = root_,
                       .index_file = options_.index_folder / storage::state_file_name(name),
                       .watcher = watched_.watcher(),
                       .stream = options_.stream_options(name)});
    give_out(storage::Urgency::needed, path, name, folder.reading);
}

void Library::give_out(storage::Urgency urgency, fs::path const& path, std::string const& name,
                       std::shared_ptr<Reading> const& reading) {
    watched_.give_out(
        urgency, name,
        [reading](storage::Duty& duty) { return reading->next(duty, storage::wall_now()); },
        [this, path, reading](std::optional<Report> report) {
            take_report(path, reading, std::move(report));
        });
}

/// `report`: nothing where the reading was cancelled.
void Library::take_report(fs::path const& path, std::shared_ptr<Reading> const& reading,
                          std::optional<Report> report) {
    if (!report) return;
    watched_.claim(reading->watches(), path);
    auto const found = folders_.find(path);
    if (found == folders_.end() || found->second.reading != reading) return; // another one reads it
    auto& folder = found->second;
    if (!report->trouble.empty())
        spdlog::warn("stream \"{}\": {}", *folder.names.begin(), report->trouble);
    if (report->asset) report->asset = shared_with_equals(std::move(report->asset));
    folder.report = *std::move(report);
    ++folder.generation;
    if (reading->is_finished())
        folder.reading.reset();
    else
        give_out(storage::Urgency::someday, path, *folder.names.begin(), reading);
    options_.on_change(folder.names);
}

/// The same asset under many names, or copied into many folders, is one in memory.
AssetPtr Library::shared_with_equals(AssetPtr asset) {
    auto& known = equals_[asset->fingerprint];
    if (auto const other = known.lock(); other && *other == *asset) return other;
    known = asset;
    return asset;
}

} // namespace continuo::pseudolive
