// The root and what lies in it: which folders are assets, and what each of them has; follows every
// change.
#pragma once

#include "core/base/result.hpp"
#include "http/pseudolive/reading.hpp"
#include "http/server/directory_watch.hpp"
#include "http/storage/crew.hpp"
#include "http/storage/mailbox.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace continuo::pseudolive {

/// A folder, which may have several names: links to it in the root.
struct Folder {
    std::set<std::string, std::less<>> names;
    Report report;                    ///< the newest; nothing in it until `generation`
    std::uint64_t generation{};       ///< how often it has been read; 0: not yet
    std::shared_ptr<Reading> reading; ///< null when nobody reads
};

/// Owned by the catalogue, on the main loop; blocks on nothing: the crew reads.
class Library {
public:
    using SteadyTime = std::chrono::steady_clock::time_point;

    struct Options {
        fs::path root;         ///< as configured; need not be there yet
        fs::path index_folder; ///< for what was measured
        /// By which the segments that are listed now are found.
        std::function<StreamOptions(std::string const& name)> stream_options;
        /// All streams of the root have been told.
        std::function<void()> on_complete;
        /// These streams came, changed or went.
        std::function<void(std::set<std::string, std::less<>> const& names)> on_change;
    };

    /// `crew` outlives it.
    Library(boost::asio::io_context& loop, server::DirectoryWatch directories, storage::Crew& crew,
            Options options);
    ~Library();
    Library(Library&&) = delete;

    void begin();
    /// At everything, for changes that nobody told.
    void look_again();

    /// Whether the root has been looked at.
    bool is_complete() const noexcept { return is_complete_; }
    fs::path const& root() const noexcept { return root_; } ///< canonical, when it is complete
    struct Found {
        fs::path path; ///< canonical
        Folder const* folder{};
    };
    /// `folder` is null for a name that is not there.
    Found find(std::string const& name) const;

private:
    using Names = std::set<std::string, std::less<>>;
    using Entries = std::map<std::string, fs::path>; ///< name -> canonical folder

    /// Changes that were not looked at yet: it is waited until they are over.
    struct Unrest {
        SteadyTime first, last;
    };

    static boost::asio::awaitable<void> follow(Library* own,
                                               std::shared_ptr<storage::Mailbox> mailbox);
    void note_changes(std::vector<server::DirectoryChange> const& changes);
    void note_unrest(fs::path const& folder);
    void look_when_quiet();
    void look_at_quiet();

    void look_at_root();
    void take_entries(fs::path root, Entries entries, std::optional<int> watch);
    void read(fs::path const& path, Folder& folder);
    void give_out(storage::Urgency urgency, fs::path const& path, std::string const& name,
                  std::shared_ptr<Reading> const& reading);
    void take_report(fs::path const& path, std::shared_ptr<Reading> const& reading, Report report);
    void claim(std::vector<int> const& watches, fs::path const& path);
    AssetPtr shared_with_equals(AssetPtr asset);
    void watch_over_crew();

    template <class Action>
    void after(boost::asio::steady_timer& timer, std::chrono::milliseconds delay, Action action) {
        timer.expires_after(delay);
        timer.async_wait([mailbox = mailbox_, action](boost::system::error_code code) {
            if (!code && mailbox->is_open()) action();
        });
    }

    std::shared_ptr<storage::Mailbox> mailbox_;
    server::DirectoryWatch directories_;
    storage::Crew& crew_;
    Options options_;
    boost::asio::steady_timer quiet_, root_retry_, supervision_;
    bool is_waiting_for_quiet_{false};
    bool is_supervising_{false};

    bool is_complete_{false};
    fs::path root_;
    Entries entries_;
    std::map<fs::path, Folder> folders_;
    std::map<fs::path, Unrest> restless_; ///< an empty path is the root
    std::map<int, fs::path> watched_;     ///< whose watch it is
    std::set<int> unclaimed_;             ///< changed before we knew whose they are
    std::map<std::string, std::weak_ptr<Asset const>> equals_; ///< by fingerprint
    std::size_t being_read_{0};
};

} // namespace continuo::pseudolive
