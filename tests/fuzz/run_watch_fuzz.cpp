// Any bytes as inotify's records and as segments.jsonl: events and lines or nothing, however they
// are cut.
#include "supervisor/segment/directory_watch.hpp"
#include "supervisor/segment/run_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

namespace {

namespace segment = continuo::segment;

std::vector<continuo::contract::SegmentLine> lines_of(std::string_view text, std::size_t cut) {
    segment::LineQueue queue;
    queue.feed(text.substr(0, cut));
    queue.feed(text.substr(cut));
    return queue.take_ready([](std::string const&) { return true; });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    for (auto const& event : segment::decode_events(std::as_bytes(std::span(data, size))))
        if (event.name.size() > size) std::abort();
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    if (lines_of(text, 0) != lines_of(text, size / 2)) std::abort();
    return 0;
}
