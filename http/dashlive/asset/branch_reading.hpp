// One folder of the root on its way to the shelf: everything below it, asset by asset, on threads
// of the crew.
#pragma once

#include "http/dashlive/asset/reader.hpp"
#include "http/dashlive/asset/shelf.hpp"
#include "http/dashlive/asset/url_space.hpp"
#include "http/server/directory_watch.hpp"
#include "http/storage/crew.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace continuo::dashlive {

struct BranchOptions {
    std::string name;                   ///< of the folder in the root
    std::filesystem::path folder;       ///< canonical
    std::filesystem::path root;         ///< canonical
    std::filesystem::path index_folder; ///< for what was measured
    server::Watcher watcher;
};

/// Of one step: first which assets there are, then one after the other.
struct BranchReport {
    /// Of the first step.
    std::optional<std::vector<std::string>> names;
    /// Of the others.
    std::string name;
    AssetViewPtr view;
    std::string trouble; ///< worth a warning; the assets are none the worse
};

/// Used by one thread at a time.
class BranchReading {
public:
    explicit BranchReading(BranchOptions options) : options_(std::move(options)) {}

    /// Goes one step on; nothing where it was stopped.
    std::optional<BranchReport> next(storage::Duty& duty);
    /// From any thread: `next` returns soon.
    void cancel() noexcept { is_cancelled_.store(true, std::memory_order_relaxed); }
    bool is_finished() const noexcept { return has_walked_ && read_ == folders_.size(); }
    /// Of all folders, as far as they could be watched; after the first step.
    std::vector<int> const& watches() const noexcept { return watches_; }

private:
    bool has_to_stop(storage::Duty const& duty) const noexcept {
        return duty.is_stopping() || is_cancelled_.load(std::memory_order_relaxed);
    }
    bool walk(storage::Duty& duty);
    void watch(std::filesystem::path const& folder);
    AssetIndex recall(std::string const& name) const;
    void remember(std::string const& name, AssetIndex const& index);

    BranchOptions options_;
    std::vector<AssetFolder> folders_;
    UrlSpaces url_spaces_;
    std::size_t read_{};
    std::string trouble_;
    std::vector<int> watches_;
    std::atomic<bool> is_cancelled_{false};
    bool has_walked_{false};
};

} // namespace continuo::dashlive
