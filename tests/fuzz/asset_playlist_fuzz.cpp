// Any playlist of an asset: its segments stand for themselves, within the asset's folder; and once
// they do, nothing changes any more.
#include "core/hls/media_playlist.hpp"
#include "http/pseudolive/normalised.hpp"
#include "http/storage/file_reference.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace continuo;

void check_file(std::string const& uri) {
    auto const path = storage::path_of({}, uri);
    if (!path || storage::uri_of(*path) != uri) std::abort();
}

void check_range(std::optional<hls::ByteRange> const& range) {
    if (!range) return;
    if (!range->offset_bytes) std::abort();
    if (*range->offset_bytes + range->length_bytes < range->length_bytes) std::abort();
}

void check(hls::MediaSegment const& segment) {
    check_file(segment.uri);
    check_range(segment.byte_range);
    if (segment.map) {
        check_file(segment.map->uri);
        check_range(segment.map->byte_range);
    }
    for (auto const& key : segment.keys) {
        auto const uri = pseudolive::key_uri(key);
        if (!uri.empty() && !storage::has_scheme(uri)) check_file(uri);
        if (key.format == "identity" && key.attributes.find("IV=") == std::string::npos)
            std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const playlist = hls::parse_media_playlist(text);
    if (!playlist) return 0;
    auto const segments = pseudolive::normalised(*playlist, "hi/index.m3u8");
    if (!segments) {
        if (segments.error().reason.empty()) std::abort();
        return 0;
    }
    for (auto const& segment : *segments)
        check(segment);

    auto done = *playlist;
    done.segments = *segments;
    auto const again = pseudolive::normalised(done, {});
    if (!again || *again != *segments) std::abort();
    return 0;
}
