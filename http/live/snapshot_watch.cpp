#include "http/live/snapshot_watch.hpp"

#include "core/base/name.hpp"
#include "core/contract/layout.hpp"

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

void SnapshotWatch::watch_nearest(fs::path directory) {
    while (!directories_.watcher().watch(directory, server::Interest::entries) &&
           directory.has_relative_path())
        directory = directory.parent_path();
}

SnapshotWatch::Names SnapshotWatch::scan() {
    Names found;
    auto const channels = contract::channels_directory(runtime_dir_);
    watch_nearest(channels);
    std::error_code code; // a directory that is not there (yet) has no entries
    for (fs::directory_iterator entry(channels, code), end; !code && entry != end;
         entry.increment(code)) {
        auto name = entry->path().filename().string();
        if (!is_valid_name(name)) continue;
        auto const number = directories_.watcher().watch(entry->path(), server::Interest::entries);
        if (!number) continue;
        channels_[*number] = name;
        found.insert(std::move(name));
    }
    return found;
}

asio::awaitable<SnapshotWatch::Names> SnapshotWatch::next() {
    for (;;) {
        auto const changes = co_await directories_.next();
        if (changes.empty()) co_return Names{};
        auto names = apply(changes);
        if (!names.empty()) co_return names;
    }
}

SnapshotWatch::Names SnapshotWatch::apply(std::vector<server::DirectoryChange> const& changes) {
    Names names;
    bool tree_changed = false;
    for (auto const& [change, watch, name] : changes) {
        auto const channel = channels_.find(watch);
        if (change == Change::reports_lost) {
            for (auto const& [number, known] : channels_)
                names.insert(known);
            tree_changed = true;
        } else if (channel == channels_.end()) {
            tree_changed = true;
        } else if (change == Change::watch_ended) {
            names.insert(channel->second);
            channels_.erase(channel);
        } else if (name == "channel.json") {
            names.insert(channel->second);
        }
    }
    if (tree_changed) names.merge(scan());
    return names;
}

} // namespace continuo::live
