// Playlists of others: whatever is accepted must survive being written and read again.
#include "core/hls/media_playlist.hpp"
#include "core/hls/multivariant_playlist.hpp"
#include "core/hls/multivariant_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace continuo;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    if (hls::is_multivariant(text)) {
        auto const playlist = hls::parse_multivariant_playlist(text);
        if (playlist) (void)hls::to_text(*playlist);
        auto const streams = hls::listed_streams(text);
        auto const rewritten = hls::with_uris(text, [](std::size_t) { return std::string("uri"); });
        if (streams.has_value() != rewritten.has_value()) std::abort();
        if (rewritten && hls::listed_streams(*rewritten)->size() != streams->size()) std::abort();
        return 0;
    }
    auto const playlist = hls::parse_media_playlist(text);
    if (!playlist) return 0;
    auto const again = hls::parse_media_playlist(hls::to_text(*playlist));
    if (!again || again->segments.size() != playlist->segments.size()) std::abort();
    return 0;
}
