#include "http/server/open_files.hpp"

#include <fmt/format.h>

#include <iterator>
#include <memory>
#include <utility>

namespace continuo::server {

RepresentationPtr OpenFiles::find(std::string_view key) {
    auto const found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->representation;
}

Result<RepresentationPtr> OpenFiles::open(std::string key, std::filesystem::path const& path,
                                          FileFacts const& facts) {
    auto opened = OpenFile::open(path);
    if (!opened) return opened.error();
    return hold(std::move(key), std::move(*opened), facts);
}

RepresentationPtr OpenFiles::hold(std::string key, OpenFile file, FileFacts const& facts) {
    auto held = std::make_shared<Representation>();
    held->content_fields = fmt::format("Content-Type: {}\r\n", facts.content_type);
    held->etag = fmt::format("\"{}\"", facts.tag);
    held->cache_fields = fmt::format("Cache-Control: public, max-age={}, immutable\r\nETag: {}\r\n",
                                     facts.lifetime.count(), held->etag);
    auto const shared = std::make_shared<OpenFile const>(std::move(file));
    held->body = Body(shared);

    // Two may have asked for it while it was opened elsewhere.
    if (auto const known = by_key_.find(key); known != by_key_.end()) drop(known->second);
    while (!entries_.empty() && entries_.size() >= capacity_)
        drop(std::prev(entries_.end()));
    entries_.push_front({.key = std::move(key), .file = shared, .representation = held});
    by_key_.insert_or_assign(entries_.front().key, entries_.begin());
    return held;
}

void OpenFiles::drop_removed() {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        auto const next = std::next(entry);
        if (entry->file->is_removed()) drop(entry);
        entry = next;
    }
}

void OpenFiles::drop(Entries::iterator entry) {
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

} // namespace continuo::server
