// Playlists that were asked for lately, as texts: rendered once for each change, not once for each
// viewer. One thread's, so without a lock.
#pragma once

#include "http/pseudolive/stream.hpp"
#include "http/server/representation.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace continuo::pseudolive {

class PlaylistCache {
public:
    /// `capacity`: playlists; one is some kilobytes.
    explicit PlaylistCache(std::size_t capacity = 1000) : capacity_(capacity) {}

    /// What was kept under `key` for the same stream and the same `ended`, or else what `render`
    /// makes, which is kept then.
    server::DocumentOnDemand& find(std::string_view key,
                                   std::shared_ptr<Stream const> const& stream, std::uint64_t ended,
                                   std::function<server::DocumentOnDemand()> const& render);

    std::size_t size() const noexcept { return by_key_.size(); }

private:
    struct Entry {
        std::string key;
        std::shared_ptr<Stream const> stream;
        std::uint64_t ended{};
        server::DocumentOnDemand document;
    };
    using Entries = std::list<Entry>; ///< asked for last: first

    std::size_t capacity_;
    Entries entries_;
    std::map<std::string_view, Entries::iterator> by_key_; ///< keys owned by the entries
};

} // namespace continuo::pseudolive
