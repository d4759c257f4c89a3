// The root and what lies in it: which folders are assets, and what each of them has; follows every
// change.
#pragma once

#include "core/base/result.hpp"
#include "http/pseudolive/reading.hpp"
#include "http/server/directory_watch.hpp"
#include "http/storage/crew.hpp"
#include "http/storage/watched_root.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

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

    void begin() { watched_.begin(); }
    /// At everything, for changes that nobody told.
    void look_again() { watched_.look_again(); }

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

    void take_entries(fs::path root, storage::WatchedRoot::Entries entries);
    void read(fs::path const& path, Folder& folder);
    void give_out(storage::Urgency urgency, fs::path const& path, std::string const& name,
                  std::shared_ptr<Reading> const& reading);
    void take_report(fs::path const& path, std::shared_ptr<Reading> const& reading,
                     std::optional<Report> report);
    AssetPtr shared_with_equals(AssetPtr asset);

    Options options_;
    bool is_complete_{false};
    fs::path root_;
    storage::WatchedRoot::Entries entries_;
    std::map<fs::path, Folder> folders_;
    std::map<std::string, std::weak_ptr<Asset const>> equals_; ///< by fingerprint
    storage::WatchedRoot watched_; ///< last: what it calls uses the others
};

} // namespace continuo::pseudolive
