#include "http/pseudolive/playlist_cache.hpp"

namespace continuo::pseudolive {

server::DocumentOnDemand&
PlaylistCache::find(std::string_view key, std::shared_ptr<Stream const> const& stream,
                    std::uint64_t ended, std::function<server::DocumentOnDemand()> const& render) {
    auto const known = by_key_.find(key);
    if (known == by_key_.end()) {
        if (entries_.size() >= capacity_) {
            by_key_.erase(entries_.back().key);
            entries_.pop_back();
        }
        entries_.push_front(
            {.key = std::string(key), .stream = stream, .ended = ended, .document = render()});
        by_key_.emplace(entries_.front().key, entries_.begin());
        return entries_.front().document;
    }
    entries_.splice(entries_.begin(), entries_, known->second);
    auto& entry = entries_.front();
    if (entry.stream != stream || entry.ended != ended) {
        entry.stream = stream;
        entry.ended = ended;
        entry.document = render();
    }
    return entry.document;
}

} // namespace continuo::pseudolive
