#include "http/live/segment_files.hpp"

#include <fmt/format.h>

#include <iterator>
#include <memory>
#include <utility>

namespace continuo::live {

server::RepresentationPtr SegmentFiles::find(std::string_view key) {
    auto const found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->segment;
}

Result<server::RepresentationPtr> SegmentFiles::open(std::string key,
                                                     std::filesystem::path const& path,
                                                     std::string_view tag,
                                                     std::chrono::seconds lifetime) {
    auto file = server::OpenFile::open(path);
    if (!file) return file.error();
    auto segment = std::make_shared<server::Representation>();
    segment->content_fields = "Content-Type: video/mp2t\r\n";
    segment->etag = fmt::format("\"{}\"", tag);
    segment->cache_fields =
        fmt::format("Cache-Control: public, max-age={}, immutable\r\nETag: {}\r\n",
                    lifetime.count(), segment->etag);
    segment->file = std::move(*file);

    while (!entries_.empty() && entries_.size() >= capacity_)
        drop(std::prev(entries_.end()));
    entries_.push_front({.key = std::move(key), .segment = segment});
    by_key_.insert_or_assign(entries_.front().key, entries_.begin());
    return server::RepresentationPtr(std::move(segment));
}

void SegmentFiles::drop_removed() {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        auto const next = std::next(entry);
        if (entry->segment->file.is_removed()) drop(entry);
        entry = next;
    }
}

void SegmentFiles::drop(Entries::iterator entry) {
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

} // namespace continuo::live
