// When origins are down: what their answers depend on (traffic, baseurl), and which segments no
// timeline lists because of it (segtimelineloss). Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace continuo::dashlive {

/// How an origin behaves at `now`; `pattern`, longer than 0 s, repeats from 1970 on.
TrafficSpan::State state_at(TrafficPattern const& pattern, DateTime now) noexcept;

/// A path behind the asset, and by which of traffic's BaseURLs it was asked for.
struct PlacedPath {
    std::optional<std::size_t> base_url; ///< its number; nothing where the path names none
    std::string_view path;               ///< without "bu0/"
};

/// "bu12/V300/1.m4s": BaseURL 12, and "V300/1.m4s". Errors: 404 for a BaseURL that isn't there.
Answer<PlacedPath> placed_path_of(Options const& options, std::string_view path);

/// Whether segtimelineloss hides the segment at `index`: all origins of baseurl were down when it
/// would have come.
bool is_lost(Session const& session, std::int64_t index);

} // namespace continuo::dashlive
