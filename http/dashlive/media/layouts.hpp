// The layouts that were asked for lately, and how they are read: by the threads of the openers, so
// that serving never waits for a disk.
#pragma once

#include "http/dashlive/media/strand.hpp"
#include "http/storage/openers.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>

namespace continuo::dashlive {

/// Least recently used ones go once all together take more than the budget. From any thread; shared
/// by the HTTP threads with the threads that read, which may outlive it.
class LayoutCache {
public:
    explicit LayoutCache(std::size_t budget_bytes) : budget_bytes_(budget_bytes) {}

    /// Null where it is not held, or not as deep.
    LayoutPtr find(Track const& track, std::size_t segment, Depth depth);
    void hold(TrackPtr const& track, std::size_t segment, LayoutPtr layout);

    std::size_t memory_bytes() const;

private:
    using Key = std::pair<Track const*, std::size_t>;
    struct Entry {
        TrackPtr track; ///< so that its address is nobody else's
        std::size_t segment{};
        LayoutPtr layout;
    };
    using Entries = std::list<Entry>; ///< asked for last: first

    mutable std::mutex mutex_;
    std::size_t budget_bytes_;
    std::size_t memory_bytes_{};
    Entries entries_;
    std::map<Key, Entries::iterator> by_key_;
};

/// Owned by the feature, and gone before the openers are.
class Layouts {
public:
    static constexpr std::size_t default_budget = std::size_t{64} << 20;

    explicit Layouts(storage::Openers& openers, std::size_t budget_bytes = default_budget);

    /// Fills in what is in memory; whether that is all. Costs no more than that.
    bool find(std::span<Ingredient> ingredients);

    /// Reads what `find` has not found. `root`: as of `storage::FileFinder`.
    /// Errors: 503 where storage does not answer, where a file is not there any more, or has become
    /// another.
    boost::asio::awaitable<Answer<>> read(AssetPtr asset, std::filesystem::path root,
                                          std::span<Ingredient> ingredients);

private:
    storage::Openers& openers_;
    std::shared_ptr<LayoutCache> cache_;
};

} // namespace continuo::dashlive
