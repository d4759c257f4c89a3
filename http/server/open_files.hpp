// Files that were asked for lately, kept open: one thread's, so without a lock.
#pragma once

#include "core/base/result.hpp"
#include "http/server/representation.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace continuo::server {

/// What clients are told of a file.
struct FileFacts {
    std::string_view content_type{"video/mp2t"};
    std::string_view tag;            ///< identifies its bytes for ever
    std::chrono::seconds lifetime{}; ///< how long others may keep it
};

class OpenFiles {
public:
    static constexpr std::size_t usual_capacity = 128;

    explicit OpenFiles(std::size_t capacity = usual_capacity) : capacity_(capacity) {}

    /// Null when `key` is not held.
    RepresentationPtr find(std::string_view key);

    /// Holds an open file under `key`, dropping the one that was not asked for the longest.
    RepresentationPtr hold(std::string key, OpenFile file, FileFacts const& facts);

    /// Opens a file and holds it. Errors: errno of opening.
    Result<RepresentationPtr> open(std::string key, std::filesystem::path const& path,
                                   FileFacts const& facts);

    /// Drops what was deleted: an open descriptor would go on to hold its memory on tmpfs. Call
    /// each second.
    void drop_removed();

    std::size_t size() const noexcept { return by_key_.size(); }

private:
    struct Entry {
        std::string key;
        std::shared_ptr<OpenFile const> file;
        RepresentationPtr representation;
    };
    using Entries = std::list<Entry>; ///< asked for last: first

    void drop(Entries::iterator entry);

    std::size_t capacity_;
    Entries entries_;
    std::map<std::string_view, Entries::iterator> by_key_; ///< keys owned by the entries
};

} // namespace continuo::server
