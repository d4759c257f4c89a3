// Waits for channel snapshots, and the files of watch sessions, to be replaced, to appear and to
// go; also for the tree itself, which the daemon makes.
#pragma once

#include "core/base/result.hpp"
#include "http/server/directory_watch.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace continuo::live {

namespace fs = std::filesystem;

/// Owned by `Live`; used on the main loop only.
class SnapshotWatch {
public:
    using Names = std::set<std::string, std::less<>>;
    struct Changes {
        Names channels;                   ///< whose snapshot was replaced or removed
        Names sessions;                   ///< ids whose file was replaced or removed
        bool any_session_may_have{false}; ///< and others, too

        bool empty() const { return channels.empty() && sessions.empty() && !any_session_may_have; }
    };

    /// `runtime_dir`: as configured. Errors: errno of inotify (limits of the user).
    static Result<SnapshotWatch> open(boost::asio::io_context& context, fs::path runtime_dir);

    /// Sets all watches anew, down to each channel's directory, *then* names what is there: nothing
    /// falls in between.
    Changes scan();

    /// At least one. Rescans where the tree itself changed. Ends with none when the loop is torn
    /// down.
    boost::asio::awaitable<Changes> next();

private:
    SnapshotWatch(server::DirectoryWatch directories, fs::path runtime_dir);

    std::optional<int> watch_way_to(fs::path const& directory);
    std::optional<int> watch_entries(fs::path const& directory);
    void watch_trees();
    void unwatch_the_rest();
    bool concerns_tree(server::DirectoryChange const& change) const;
    Changes apply(std::vector<server::DirectoryChange> const& changes);

    server::DirectoryWatch directories_;
    fs::path runtime_dir_;
    std::map<int, std::string> channels_; ///< watch -> channel
    std::optional<int> sessions_;         ///< of the directory of sessions, once it is there
    std::map<int, Names> tree_; ///< above channels: watch -> entries that matter; "": all do
    std::set<int> watched_;     ///< all of these, and what `scan` no longer needs
};

} // namespace continuo::live
