// Captions that a stranger's film brought, as ffmpeg writes them; cut in two at the first byte's
// place.
#include "core/media/web_vtt.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace continuo::media;
    using namespace std::chrono_literals;
    if (size == 0) return 0;
    std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
    auto const found = CaptionReader{}.feed(text);
    CaptionReader in_pieces;
    auto const cut = std::min<std::size_t>(data[0], text.size());
    auto pieces = in_pieces.feed(text.substr(0, cut));
    for (auto const& more : in_pieces.feed(text.substr(cut)))
        pieces.push_back(more);
    if (pieces != found) std::abort();
    for (auto const& caption : found)
        if (caption.end <= caption.start || caption.text.empty()) std::abort();
    // what is written is read as the same
    if (CaptionReader{}.feed(web_vtt_segment(found, 0ms, 1000h, 0)) != found) std::abort();
    return 0;
}
