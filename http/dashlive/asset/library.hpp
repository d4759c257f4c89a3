// Keeps the shelf: which assets there are below the root, as it changes.
#pragma once

#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "http/dashlive/asset/branch_reading.hpp"
#include "http/dashlive/asset/shelf.hpp"
#include "http/server/shared.hpp"
#include "http/storage/crew.hpp"
#include "http/storage/openers.hpp"
#include "http/storage/watched_root.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace continuo::dashlive {

/// Owned by main, on the main loop, which outlives it; handlers use it no longer than it lives.
class AssetLibrary {
public:
    /// `state_dir`: as it really is.
    explicit AssetLibrary(std::filesystem::path state_dir);
    ~AssetLibrary();
    AssetLibrary(AssetLibrary&&) = delete;

    /// Begins to read what `config` names. Errors: errno of inotify.
    Result<> start(boost::asio::io_context& loop, config::Config const& config);
    /// Takes over another configuration, and looks at the root again.
    Result<> apply(config::Config const& config);

    server::Shared<AssetShelf> const& shelf() const noexcept { return shelf_; }
    /// For the handlers of all threads.
    storage::Openers& openers() noexcept { return openers_; }

private:
    /// A folder of the root, with the assets below it.
    struct Branch {
        std::filesystem::path folder;           ///< canonical
        std::shared_ptr<BranchReading> reading; ///< null when nobody reads
        bool is_read{false};
        std::map<std::string, AssetViewPtr, std::less<>> assets{};
    };

    Result<> open_root();
    void take_entries(std::filesystem::path root, storage::WatchedRoot::Entries entries);
    void take_stray(std::vector<std::string> manifests);
    void read(std::string const& name, Branch& branch);
    void give_out(storage::Urgency urgency, std::string const& name,
                  std::shared_ptr<BranchReading> const& reading);
    void take_report(std::string const& name, std::shared_ptr<BranchReading> const& reading,
                     std::optional<BranchReport> report);
    void take_names(Branch& branch, std::vector<std::string> const& names);
    void take_view(Branch& branch, std::string const& name, AssetViewPtr view);
    void publish_soon();
    void publish();

    std::filesystem::path index_folder_;
    boost::asio::io_context* loop_{};
    std::optional<config::Livesim> settings_;
    std::filesystem::path root_; ///< canonical, once it was looked at
    bool has_looked_{false};
    std::map<std::string, Branch> branches_; ///< by the names of folders
    server::Shared<AssetShelf> shelf_;
    std::optional<boost::asio::steady_timer> publication_;
    bool is_publishing_{false};
    storage::Crew crew_;
    storage::Openers openers_;
    std::unique_ptr<storage::WatchedRoot> watched_;
};

} // namespace continuo::dashlive
