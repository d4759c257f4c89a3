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

/// Watches what there is on the way to `directory`; its number if that itself is there.
std::optional<int> SnapshotWatch::watch_nearest(fs::path const& directory) {
    auto const watcher = directories_.watcher();
    auto const number = watcher.watch(directory, server::Interest::entries);
    if (number) return *number;
    for (auto above = directory; above.has_relative_path();) {
        above = above.parent_path();
        if (watcher.watch(above, server::Interest::entries)) break;
    }
    return std::nullopt;
}

SnapshotWatch::Changes SnapshotWatch::scan() {
    Changes found;
    auto const runtime_dir = os::readers_runtime_dir(runtime_dir_);
    sessions_ = watch_nearest(contract::watch_directory(runtime_dir));
    found.any_session_may_have = true;
    auto const channels = contract::channels_directory(runtime_dir);
    auto const is_there = watch_nearest(channels); // whatever happens there is a change of the tree
    if (auto const awaited = os::awaited_runtime_dir(runtime_dir_); awaited && !is_there)
        (void)watch_nearest(*awaited);
    std::error_code code; // a directory that is not there (yet) has no entries
    for (fs::directory_iterator entry(channels, code), end; !code && entry != end;
         entry.increment(code)) {
        auto name = entry->path().filename().string();
        if (!is_valid_name(name) && !contract::is_watch_channel(name)) continue;
        auto const number = directories_.watcher().watch(entry->path(), server::Interest::entries);
        if (!number) continue;
        channels_[*number] = name;
        found.channels.insert(std::move(name));
    }
    return found;
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
    for (auto const& [change, watch, name] : changes) {
        auto const channel = channels_.find(watch);
        if (change == Change::reports_lost) {
            for (auto const& [number, known] : channels_)
                seen.channels.insert(known);
            tree_changed = true;
        } else if (sessions_ && watch == *sessions_ && change != Change::watch_ended) {
            if (auto id = contract::session_of_file(name)) seen.sessions.insert(*std::move(id));
        } else if (channel == channels_.end()) {
            tree_changed = true;
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
