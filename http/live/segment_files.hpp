// Segments that were asked for lately, kept open: one thread's, so without a lock.
#pragma once

#include "core/base/result.hpp"
#include "http/server/representation.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <list>
#include <map>
#include <string>
#include <string_view>

namespace continuo::live {

class SegmentFiles {
public:
    explicit SegmentFiles(std::size_t capacity = 128) : capacity_(capacity) {}

    /// Null when `key` is not held.
    server::RepresentationPtr find(std::string_view key);

    /// Opens a segment and holds it under `key`, dropping the one that was not asked for the
    /// longest. `tag`: identifies its bytes for ever; `lifetime`: how long others may keep it.
    /// Errors: errno of opening.
    Result<server::RepresentationPtr> open(std::string key, std::filesystem::path const& path,
                                           std::string_view tag, std::chrono::seconds lifetime);

    /// Drops what was deleted: an open descriptor would go on to hold its memory on tmpfs. Call
    /// each second.
    void drop_removed();

    std::size_t size() const noexcept { return by_key_.size(); }

private:
    struct Entry {
        std::string key;
        server::RepresentationPtr segment;
    };
    using Entries = std::list<Entry>; ///< asked for last: first

    void drop(Entries::iterator entry);

    std::size_t capacity_;
    Entries entries_;
    std::map<std::string_view, Entries::iterator> by_key_; ///< keys owned by the entries
};

} // namespace continuo::live
