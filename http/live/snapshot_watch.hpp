// Waits for channel snapshots to be replaced, to appear and to go; also for the tree itself, which
// the daemon makes.
#pragma once

#include "core/base/result.hpp"
#include "http/server/directory_watch.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace continuo::live {

namespace fs = std::filesystem;

/// Owned by `Live`; used on the main loop only.
class SnapshotWatch {
public:
    using Names = std::set<std::string, std::less<>>;

    /// Errors: errno of inotify (limits of the user).
    static Result<SnapshotWatch> open(boost::asio::io_context& context, fs::path runtime_dir);

    /// Sets all watches anew, down to each channel's directory, *then* names what is there: nothing
    /// falls in between.
    Names scan();

    /// Channels whose snapshot was replaced or removed; at least one. Rescans where the tree itself
    /// changed. Ends with an empty set when the loop is torn down.
    boost::asio::awaitable<Names> next();

private:
    SnapshotWatch(server::DirectoryWatch directories, fs::path runtime_dir);

    void watch_nearest(fs::path directory);
    Names apply(std::vector<server::DirectoryChange> const& changes);

    server::DirectoryWatch directories_;
    fs::path runtime_dir_;
    std::map<int, std::string>
        channels_; ///< watch -> channel; all other watches are of the tree above
};

} // namespace continuo::live
