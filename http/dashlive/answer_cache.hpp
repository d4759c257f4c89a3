// Answers that were given lately, by what was asked: an MPD is written once for each change, and a
// segment put together once, not once for each viewer. One thread's, so without a lock.
#pragma once

#include "core/dash/date_time.hpp"
#include "http/server/representation.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace continuo::dashlive {

/// When an answer is the right one: from `since` up to, not including, `until`.
struct Validity {
    dash::DateTime since;
    dash::DateTime until{dash::DateTime::max()};
};

class AnswerCache {
public:
    /// Of the memory that answers take; regions of files take none.
    static constexpr std::size_t most_bytes = 16 << 20;
    /// That answers keep open. A file counts in each answer that has regions of it.
    static constexpr std::size_t most_files = 128;

    explicit AnswerCache(std::size_t capacity_bytes = most_bytes)
        : capacity_bytes_(capacity_bytes) {}

    /// Null where nothing is held under `key` that is right at `now`. Good until the next call.
    server::Document const* find(std::string_view key, dash::DateTime now);

    /// Holds `document` in place of what was under `key`; those not asked for the longest go. One
    /// that would take the place of many is not held.
    void hold(std::string_view key, Validity validity, server::Document document);

    /// Drops what is not right at `now`: it would keep its files open until others took its place.
    /// To be called each second.
    void drop_outdated(dash::DateTime now);

    void clear() noexcept;
    std::size_t size() const noexcept { return by_key_.size(); }
    std::size_t size_bytes() const noexcept { return size_bytes_; }
    std::size_t files() const noexcept { return files_; }

private:
    struct Entry {
        std::string key;
        Validity validity;
        server::Document document;
        std::size_t size_bytes{};
        std::size_t files{};
    };
    using Entries = std::list<Entry>; ///< asked for last: first

    void drop(Entries::iterator entry);

    std::size_t capacity_bytes_;
    std::size_t size_bytes_{};
    std::size_t files_{};
    Entries entries_;
    std::unordered_map<std::string_view, Entries::iterator> by_key_; ///< keys owned by the entries
};

} // namespace continuo::dashlive
