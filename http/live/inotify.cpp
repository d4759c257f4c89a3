#include "core/base/name.hpp"
#include "core/contract/layout.hpp"
#include "http/live/directory_changes.hpp"
#include "http/live/snapshot_watch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/inotify.h>

#include <array>
#include <cstring>
#include <utility>

namespace continuo::live {

namespace asio = boost::asio;

namespace {

constexpr std::uint32_t interest = IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM |
                                   IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

Change change_of(std::uint32_t mask) {
    if (mask & IN_Q_OVERFLOW) return Change::reports_lost;
    if (mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT))
        return Change::watch_ended;
    return mask & (IN_CREATE | IN_MOVED_TO) ? Change::appeared : Change::disappeared;
}

} // namespace

std::vector<DirectoryChange> decode_changes(std::span<std::byte const> records) {
    std::vector<DirectoryChange> changes;
    while (records.size() >= sizeof(inotify_event)) {
        inotify_event event;
        std::memcpy(&event, records.data(), sizeof event);
        auto const rest = records.subspan(sizeof event);
        if (event.len > rest.size()) break;
        auto const* const name = reinterpret_cast<char const*>(rest.data());
        // The kernel pads names with zeros.
        changes.push_back({.change = change_of(event.mask),
                           .watch = event.wd,
                           .name = std::string(name, ::strnlen(name, event.len))});
        records = rest.subspan(event.len);
    }
    return changes;
}

SnapshotWatch::SnapshotWatch(asio::posix::stream_descriptor queue, fs::path runtime_dir)
    : queue_(std::move(queue)), runtime_dir_(std::move(runtime_dir)) {}

Result<SnapshotWatch> SnapshotWatch::open(asio::io_context& context, fs::path runtime_dir) {
    int const fd = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (fd < 0) return fail_errno("watch \"" + runtime_dir.string() + "\"");
    return SnapshotWatch(asio::posix::stream_descriptor(context, fd), std::move(runtime_dir));
}

int SnapshotWatch::watch(fs::path const& directory) {
    return ::inotify_add_watch(queue_.native_handle(), directory.c_str(), interest);
}

void SnapshotWatch::watch_nearest(fs::path directory) {
    while (watch(directory) < 0 && directory.has_relative_path())
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
        int const number = watch(entry->path());
        if (number < 0) continue;
        channels_[number] = name;
        found.insert(std::move(name));
    }
    return found;
}

asio::awaitable<SnapshotWatch::Names> SnapshotWatch::next() {
    alignas(inotify_event) std::array<std::byte, 16 * 1024> records;
    for (;;) {
        auto const [failure, size] = co_await queue_.async_read_some(
            asio::buffer(records), asio::as_tuple(asio::use_awaitable));
        if (failure) co_return Names{};
        auto names = apply(decode_changes(std::span(records).first(size)));
        if (!names.empty()) co_return names;
    }
}

SnapshotWatch::Names SnapshotWatch::apply(std::vector<DirectoryChange> const& changes) {
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
