// A multivariant playlist as a text that is passed on with other URIs: what a ladder that was cut
// again tells its players. Attributes that we know nothing of stay as they are.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::hls {

/// A media playlist that a multivariant one names.
struct ListedStream {
    enum class Kind : std::uint8_t {
        variant,  ///< EXT-X-STREAM-INF
        rendition ///< EXT-X-MEDIA with a URI
    };
    Kind kind{Kind::variant};
    std::string uri; ///< as written
    std::vector<std::pair<std::string, std::string>>
        attributes; ///< name and value without quotes, in their order; not URI

    /// The value of an attribute; empty where it is absent.
    std::string_view attribute(std::string_view name) const noexcept;

    friend bool operator==(ListedStream const&, ListedStream const&) = default;
};

/// In the order of their tags. Errors: as `parse_multivariant_playlist`.
Result<std::vector<ListedStream>> listed_streams(std::string_view text);

/// The same text, line by line, with the URI of the `index`-th listed stream replaced by
/// `uri_of(index)`. I-frame playlists and session keys are left out: they belong to the segments
/// that were there before. Errors: as `listed_streams`.
Result<std::string> with_uris(std::string_view text,
                              std::function<std::string(std::size_t index)> const& uri_of);

} // namespace continuo::hls
