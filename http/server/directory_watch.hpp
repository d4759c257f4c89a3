// Waits for what others do in directories: features learn by it that there is something new to
// serve.
#pragma once

#include "core/base/result.hpp"
#include "http/server/directory_changes.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace continuo::server {

enum class Interest : std::uint8_t {
    entries, ///< what comes and goes; enough where files are put in place by rename
    files,   ///< and files that are written where they are
};

/// Sets watches, from any thread: on slow storage that takes its time. Copies are alike; of no use,
/// but harmless, once the `DirectoryWatch` is gone.
class Watcher {
public:
    explicit Watcher(int fd) : fd_(fd) {}

    /// The number that its changes will bear; watched twice, a directory has one number. Errors:
    /// errno (ENOSPC: the user's limit).
    Result<int> watch(std::filesystem::path const& directory, Interest interest) const;
    /// Its end is reported, as if the directory itself had gone.
    void unwatch(int number) const;

private:
    int fd_;
};

/// Belongs to one feature, on the loop it was opened with.
class DirectoryWatch {
public:
    /// `what`: for the error. Errors: errno of inotify (limits of the user).
    static Result<DirectoryWatch> open(boost::asio::io_context& context, std::string_view what);

    Watcher watcher() { return Watcher(queue_.native_handle()); }

    /// At least one; none when the loop is torn down.
    boost::asio::awaitable<std::vector<DirectoryChange>> next();

private:
    explicit DirectoryWatch(boost::asio::posix::stream_descriptor queue);

    boost::asio::posix::stream_descriptor queue_;
};

} // namespace continuo::server
