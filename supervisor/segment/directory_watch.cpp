#include "supervisor/segment/directory_watch.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <sys/inotify.h>

#include <array>
#include <cstring>
#include <map>
#include <utility>

namespace continuo::segment {

std::vector<FileEvent> decode_events(std::span<std::byte const> records) {
    std::vector<FileEvent> events;
    while (records.size() >= sizeof(inotify_event)) {
        inotify_event record{};
        std::memcpy(&record, records.data(), sizeof record);
        records = records.subspan(sizeof record);
        if (record.len > records.size()) break;
        auto const* const text = reinterpret_cast<char const*>(records.data());
        std::string name(text, ::strnlen(text, record.len));
        records = records.subspan(record.len);
        if ((record.mask & IN_Q_OVERFLOW) != 0)
            events.push_back({.kind = FileEvent::Kind::overflowed, .watch = -1, .name = {}});
        else if ((record.mask & IN_IGNORED) != 0)
            events.push_back({.kind = FileEvent::Kind::watch_gone, .watch = record.wd, .name = {}});
        else if ((record.mask & IN_MOVED_TO) != 0)
            events.push_back(
                {.kind = FileEvent::Kind::moved_in, .watch = record.wd, .name = std::move(name)});
    }
    return events;
}

struct DirectoryWatches::State : std::enable_shared_from_this<DirectoryWatches::State> {
    State(asio::any_io_executor const& executor, int fd) : descriptor(executor, fd) {}

    void read() {
        descriptor.async_read_some(
            asio::buffer(buffer),
            [self = shared_from_this()](boost::system::error_code code, std::size_t size) {
                if (code) return;
                for (auto const& event :
                     decode_events(std::as_bytes(std::span(self->buffer).first(size))))
                    self->handle(event);
                self->read();
            });
    }

    void handle(FileEvent const& event) {
        switch (event.kind) {
        case FileEvent::Kind::overflowed: {
            auto const all = callbacks; // a callback may add or remove watches
            for (auto const& [watch, callback] : all)
                call(watch, {});
            return;
        }
        case FileEvent::Kind::watch_gone: callbacks.erase(event.watch); return;
        case FileEvent::Kind::moved_in: call(event.watch, event.name); return;
        }
    }

    void call(int watch, std::string const& name) {
        auto const found = callbacks.find(watch);
        if (found == callbacks.end()) return;
        auto const callback = found->second;
        callback(name);
    }

    void remove(int watch) {
        if (callbacks.erase(watch) != 0 && descriptor.is_open())
            ::inotify_rm_watch(descriptor.native_handle(), watch);
    }

    asio::posix::stream_descriptor descriptor;
    std::map<int, Callback> callbacks;
    std::array<char, 16384> buffer{};
};

Result<std::unique_ptr<DirectoryWatches>> DirectoryWatches::open(asio::any_io_executor executor) {
    int const fd = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (fd < 0) return fail_errno("open inotify");
    auto state = std::make_shared<State>(executor, fd);
    state->read();
    return std::unique_ptr<DirectoryWatches>(new DirectoryWatches(std::move(state)));
}

DirectoryWatches::DirectoryWatches(std::shared_ptr<State> state) : state_(std::move(state)) {}

DirectoryWatches::~DirectoryWatches() {
    boost::system::error_code ignored;
    (void)state_->descriptor.close(ignored);
    state_->callbacks.clear();
}

Result<std::shared_ptr<void>> DirectoryWatches::add(fs::path const& directory, Callback callback) {
    int const watch = ::inotify_add_watch(state_->descriptor.native_handle(), directory.c_str(),
                                          IN_MOVED_TO | IN_ONLYDIR);
    if (watch < 0) return fail_errno("watch \"" + directory.string() + '"');
    state_->callbacks[watch] = std::move(callback);
    return std::shared_ptr<void>(nullptr, [weak = std::weak_ptr(state_), watch](void*) {
        if (auto const state = weak.lock()) state->remove(watch);
    });
}

} // namespace continuo::segment
