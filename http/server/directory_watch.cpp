#include "http/server/directory_watch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <sys/inotify.h>

#include <array>
#include <cstring>
#include <utility>

namespace continuo::server {

namespace asio = boost::asio;

namespace {

constexpr std::uint32_t entries_mask = IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM |
                                       IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

Change change_of(std::uint32_t mask) {
    if (mask & IN_Q_OVERFLOW) return Change::reports_lost;
    if (mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT))
        return Change::watch_ended;
    return mask & (IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE) ? Change::appeared
                                                             : Change::disappeared;
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

DirectoryWatch::DirectoryWatch(asio::posix::stream_descriptor queue) : queue_(std::move(queue)) {}

Result<DirectoryWatch> DirectoryWatch::open(asio::io_context& context, std::string_view what) {
    int const fd = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (fd < 0) return fail_errno(fmt::format("watch {}", what));
    return DirectoryWatch(asio::posix::stream_descriptor(context, fd));
}

Result<int> Watcher::watch(std::filesystem::path const& directory, Interest interest) const {
    auto const mask = interest == Interest::files ? entries_mask | IN_CLOSE_WRITE : entries_mask;
    int const number = ::inotify_add_watch(fd_, directory.c_str(), mask);
    if (number < 0) return fail_errno(fmt::format("watch \"{}\"", directory.string()));
    return number;
}

void Watcher::unwatch(int number) const {
    ::inotify_rm_watch(fd_, number); // fails for one that has ended by itself
}

asio::awaitable<std::vector<DirectoryChange>> DirectoryWatch::next() {
    alignas(inotify_event) std::array<std::byte, 16 * 1024> records;
    for (;;) {
        auto const [failure, size] = co_await queue_.async_read_some(
            asio::buffer(records), asio::as_tuple(asio::use_awaitable));
        if (failure) co_return std::vector<DirectoryChange>{};
        auto changes = decode_changes(std::span(records).first(size));
        if (!changes.empty()) co_return changes;
    }
}

} // namespace continuo::server
