#include "http/dashlive/answer_cache.hpp"

#include <set>
#include <utility>

namespace continuo::dashlive {
namespace {

/// What an entry costs beside its bytes, about.
constexpr std::size_t overhead_bytes = 1024;
/// The largest that is held, as a part of everything.
constexpr std::size_t largest_share = 8;

std::size_t memory_in(server::RepresentationPtr const& representation) {
    if (!representation) return 0;
    std::size_t sum = 0;
    for (auto const& piece : representation->body.pieces())
        if (!std::holds_alternative<server::FileRegion>(piece))
            sum += server::memory_of(piece).size();
    return sum;
}

std::size_t files_in(server::Document const& document) {
    std::set<server::OpenFile const*> files;
    for (auto const& representation : {document.identity, document.gzip}) {
        if (!representation) continue;
        for (auto const& piece : representation->body.pieces())
            if (auto const* const region = std::get_if<server::FileRegion>(&piece))
                files.insert(region->file.get());
    }
    return files.size();
}

bool is_right_at(Validity const& validity, dash::DateTime now) noexcept {
    return validity.since <= now && now < validity.until;
}

} // namespace

server::Document const* AnswerCache::find(std::string_view key, dash::DateTime now) {
    auto const known = by_key_.find(key);
    if (known == by_key_.end()) return nullptr;
    auto const entry = known->second;
    if (!is_right_at(entry->validity, now)) return nullptr;
    entries_.splice(entries_.begin(), entries_, entry);
    return &entry->document;
}

void AnswerCache::hold(std::string_view key, Validity validity, server::Document document) {
    if (auto const known = by_key_.find(key); known != by_key_.end()) drop(known->second);
    auto const size =
        memory_in(document.identity) + memory_in(document.gzip) + 2 * key.size() + overhead_bytes;
    auto const files = files_in(document);
    if (size > capacity_bytes_ / largest_share || files > most_files / largest_share) return;
    while (size_bytes_ + size > capacity_bytes_ || files_ + files > most_files)
        drop(std::prev(entries_.end()));
    entries_.push_front({.key = std::string(key),
                         .validity = validity,
                         .document = std::move(document),
                         .size_bytes = size,
                         .files = files});
    by_key_.emplace(entries_.front().key, entries_.begin());
    size_bytes_ += size;
    files_ += files;
}

void AnswerCache::drop(Entries::iterator entry) {
    size_bytes_ -= entry->size_bytes;
    files_ -= entry->files;
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

void AnswerCache::drop_outdated(dash::DateTime now) {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        auto const next = std::next(entry);
        if (!is_right_at(entry->validity, now)) drop(entry);
        entry = next;
    }
}

void AnswerCache::clear() noexcept {
    by_key_.clear();
    entries_.clear();
    size_bytes_ = 0;
    files_ = 0;
}

} // namespace continuo::dashlive
