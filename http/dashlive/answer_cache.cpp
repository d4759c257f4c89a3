#include "http/dashlive/answer_cache.hpp"

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

} // namespace

server::Document const* AnswerCache::find(std::string_view key, dash::DateTime now) {
    auto const known = by_key_.find(key);
    if (known == by_key_.end()) return nullptr;
    auto const entry = known->second;
    if (now < entry->validity.since || now >= entry->validity.until) return nullptr;
    entries_.splice(entries_.begin(), entries_, entry);
    return &entry->document;
}

void AnswerCache::hold(std::string_view key, Validity validity, server::Document document) {
    if (auto const known = by_key_.find(key); known != by_key_.end()) drop(known->second);
    auto const size =
        memory_in(document.identity) + memory_in(document.gzip) + 2 * key.size() + overhead_bytes;
    if (size > capacity_bytes_ / largest_share) return;
    while (size_bytes_ + size > capacity_bytes_)
        drop(std::prev(entries_.end()));
    entries_.push_front({.key = std::string(key),
                         .validity = validity,
                         .document = std::move(document),
                         .size_bytes = size});
    by_key_.emplace(entries_.front().key, entries_.begin());
    size_bytes_ += size;
}

void AnswerCache::drop(Entries::iterator entry) {
    size_bytes_ -= entry->size_bytes;
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

void AnswerCache::clear() noexcept {
    by_key_.clear();
    entries_.clear();
    size_bytes_ = 0;
}

} // namespace continuo::dashlive
