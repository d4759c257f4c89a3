#include "http/live/snapshot_watch.hpp"

#include "core/base/name.hpp"
#include "core/contract/layout.hpp"
#include "core/contract/watch.hpp"
#include "core/os/runtime_dir.hpp"

#include <fmt/format.h>

#include <utility>

namespace continuo::live {

namespace asio = boost::asio;

using server::Change;

SnapshotWatch::SnapshotWatch(server::DirectoryWatch directories, fs::path runtime_dir)
    : directories_(std::move(directories)), runtime_dir_(std::move(runtime_dir)) {}

Result<SnapshotWatch> SnapshotWatch::open(asio::io_context& context, fs::path runtime_dir) {
    auto directories =
        server::DirectoryWatch::open(context, fmt::format("\"{}\"", runtime_dir.string()));
    if (!directories) return directories.error();
    return SnapshotWatch(std::move(*directories), std::move(runtime_dir));
}

std::optional<int> SnapshotWatch::watch_entries(fs::path const& directory) {
    auto const number = directories_.watcher().watch(directory, server::Interest::entries);
    if (!number) return std::nullopt;
    watched_.insert(*number);
    return *number;
}

/// Watches the last directory that is there on the way to `directory`, for the next one; its number
/// if that itself is there. From above, so that none comes unseen.
std::optional<int> SnapshotWatch::watch_way_to(fs::path const& directory) {
    std::optional<int> last;
    std::string awaited;
    fs::path on_the_way;
    for (auto const& step : directory) {
        on_the_way /= step;
        if (auto const number = watch_entries(on_the_way)) {
            last = number;
            awaited.clear();
        } else if (awaited.empty()) {
            awaited = step.string();
        }
    }
    if (last) tree_[*last].insert(awaited);
    return awaited.empty() ? last : std::nullopt;
}

/// Where snapshots are and where they may come. Of a place on /dev/shm that is not ours only the
/// name is watched: nothing that a stranger does in it matters.
void SnapshotWatch::watch_trees() {
    watch_way_to(contract::channels_directory(runtime_dir_));
    auto const other = os::other_runtime_dir(runtime_dir_, contract::channels_directory);
    if (!other) return;
    if (os::is_our_folder(*other)) {
        watch_way_to(contract::channels_directory(*other));
    } else if (auto const number = watch_entries(other->parent_path())) {
        tree_[*number].insert(other->filename().string());
    }
}

void SnapshotWatch::unwatch_the_rest() {
    std::erase_if(watched_, [this](int number) {
        if (channels_.contains(number) || tree_.contains(number)) return false;
        directories_.watcher().unwatch(number);
        return true;
    });
}

SnapshotWatch::Changes SnapshotWatch::scan() {
    Changes found;
    found.any_session_may_have = true;
    for (auto& [number, name] : std::exchange(channels_, {}))
        found.channels.insert(std::move(name));
    tree_.clear();
    watch_trees();
    auto const runtime_dir = os::readers_runtime_dir(runtime_dir_, contract::channels_directory);
    sessions_ = watch_way_to(contract::watch_directory(runtime_dir));
    auto const channels = contract::channels_directory(runtime_dir);
    std::error_code code; // a directory that is not there (yet) has no entries
    for (fs::directory_iterator entry(channels, code), end; !code && entry != end;
         entry.increment(code)) {
        auto name = entry->path().filename().string();
        if (!is_valid_name(name) && !contract::is_watch_channel(name)) continue;
        auto const number = watch_entries(entry->path());
        if (!number) continue;
        channels_[*number] = name;
        found.channels.insert(std::move(name));
    }
    unwatch_the_rest();
    return found;
}

bool SnapshotWatch::concerns_tree(server::DirectoryChange const& change) const {
    auto const found = tree_.find(change.watch);
    if (found == tree_.end()) return false;
    return change.change == Change::watch_ended || found->second.contains("") ||
           found->second.contains(change.name);
}

asio::awaitable<SnapshotWatch::Changes> SnapshotWatch::next() {
    for (;;) {
        auto const reports = co_await directories_.next();
        if (reports.empty()) co_return Changes{};
        auto changes = apply(reports);
        if (!changes.empty()) co_return changes;
    }
}

SnapshotWatch::Changes SnapshotWatch::apply(std::vector<server::DirectoryChange> const& changes) {
    Changes seen;
    bool tree_changed = false;
    for (auto const& report : changes) {
        auto const& [change, watch, name] = report;
        auto const channel = channels_.find(watch);
        if (change == Change::reports_lost) {
            for (auto const& [number, known] : channels_)
                seen.channels.insert(known);
            tree_changed = true;
        } else if (sessions_ && watch == *sessions_ && change != Change::watch_ended) {
            if (auto id = contract::session_of_file(name)) seen.sessions.insert(*std::move(id));
        } else if (channel == channels_.end()) {
            tree_changed = tree_changed || concerns_tree(report);
        } else if (change == Change::watch_ended) {
            seen.channels.insert(channel->second);
            channels_.erase(channel);
        } else if (name == "channel.json") {
            seen.channels.insert(channel->second);
        }
    }
    if (tree_changed) {
        auto found = scan();
        seen.channels.merge(found.channels);
        seen.any_session_may_have = true;
    }
    return seen;
}

} // namespace continuo::live
