// Any bytes as what a playhead's API says: a stream that may stand in a command line, or words.
#include "core/base/stream_url.hpp"
#include "supervisor/source/head.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

namespace source = continuo::source;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7F';
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), is_control);
}

void check(source::Head const& head) {
    if (!continuo::check_stream_url(head.url) || has_control(head.url)) std::abort();
    if (head.name.size() > source::max_name || has_control(head.name)) std::abort();
    continuo::config::Playhead playhead;
    if (source::rewritten(head.url, playhead) != head.url) std::abort();
    playhead.core_api_hostname = "core.example";
    auto const fetched = source::rewritten(head.url, playhead);
    if (fetched != head.url && !fetched.starts_with("http://restreamer:8080/")) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string const text(reinterpret_cast<char const*>(data), size);
    for (auto const* const type : {"playhead", "message", "other"}) {
        auto const head = source::parse_head({.type = type, .data = text, .id = {}});
        if (!head && has_control(head.error().context)) std::abort();
        if (head && *head) check(**head);
    }
    return 0;
}
