// URLs that strangers write: what is taken is one line of plain characters, leads to no forbidden
// address, and is taken again as the same.
#include "core/base/address_guard.hpp"
#include "core/base/watch_url.hpp"
#include "core/base/web_place.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    for (auto const allow_private : {false, true}) {
        continuo::WatchUrlRules const rules{.torrent_gateway = "http://127.0.0.1:8090/{magnet}",
                                            .allow_private = allow_private};
        auto const url = continuo::parse_watch_url(text, rules);
        if (!url) {
            if (url.error().context.empty()) std::abort();
            continue;
        }
        if (!std::ranges::all_of(url->url, [](char c) { return c > ' ' && c < '\x7f'; }))
            std::abort();
        if (url->is_magnet) {
            if (!url->url.starts_with("http://127.0.0.1:8090/") ||
                url->url.find('{') != std::string::npos)
                std::abort();
            continue;
        }
        if (!url->url.starts_with("http://") && !url->url.starts_with("https://")) std::abort();
        auto const again = continuo::parse_watch_url(url->url, rules);
        // Encoding makes it longer, perhaps too long.
        if (again ? again->url != url->url : url->url.size() <= continuo::longest_watch_url)
            std::abort();
    }
    auto const place = continuo::parse_web_place(text, 80);
    if (!place) return 0;
    auto const again = continuo::parse_web_place(continuo::to_text(*place), 1);
    if (!again || *again != *place) std::abort();
    if (place->address && !continuo::may_be_reached(*place->address, true) &&
        continuo::check_web_place(*place, true))
        std::abort();
    return 0;
}
