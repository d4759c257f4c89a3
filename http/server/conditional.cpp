#include "http/server/conditional.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace continuo::server {
namespace {

/// FNV-1a, 64 bit. An operator's own playlists are no adversary, so a cryptographic hash would only
/// cost time.
std::uint64_t hash_of(std::string_view bytes) {
    std::uint64_t hash = 14695981039346656037ull;
    for (char const c : bytes) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211ull;
    }
    return hash;
}

/// Cuts the first tag off a list, weak prefix dropped; empty when the list is malformed or at its
/// end.
std::string_view take_tag(std::string_view& list) {
    list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
    if (list.starts_with("W/")) list.remove_prefix(2);
    if (!list.starts_with('"')) return {};
    auto const end = list.find('"', 1);
    if (end == std::string_view::npos) return {};
    auto const tag = list.substr(0, end + 1);
    list.remove_prefix(end + 1);
    return tag;
}

} // namespace

std::string etag_of(std::string_view bytes) {
    return fmt::format("\"{:016x}{:x}\"", hash_of(bytes), bytes.size());
}

bool none_match_hits(std::string_view field, std::string_view etag) noexcept {
    if (etag.empty()) return false;
    if (field == "*") return true;
    for (auto tag = take_tag(field); !tag.empty(); tag = take_tag(field))
        if (tag == etag) return true;
    return false;
}

bool if_range_holds(std::string_view field, std::string_view etag) noexcept {
    return field.empty() || field == etag;
}

} // namespace continuo::server
