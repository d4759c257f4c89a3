// Any bytes as an event stream: the same events however they are cut, whole text, nothing beyond
// the limits.
#include "core/base/utf8.hpp"
#include "core/sse/event_stream.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using continuo::well_formed_utf8;
using continuo::sse::Event;
using continuo::sse::EventStream;

struct Read {
    std::vector<Event> events;
    std::string last_event_id;
    std::optional<std::chrono::milliseconds> retry;

    bool operator==(Read const&) const = default;
};

void check(Event const& event) {
    if (event.type.empty()) std::abort();
    if (event.type.find_first_of("\r\n") != std::string::npos) std::abort();
    if (event.data.find('\r') != std::string::npos) std::abort();
    if (event.id.find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos) std::abort();
    for (auto const* const text : {&event.type, &event.data, &event.id})
        if (well_formed_utf8(*text) != *text) std::abort();
}

Read read(std::string_view text, std::size_t size_of_parts) {
    EventStream stream;
    Read result;
    while (!text.empty()) {
        for (auto& event : stream.feed(text.substr(0, size_of_parts)))
            result.events.push_back(std::move(event));
        text.remove_prefix(std::min(text.size(), size_of_parts));
    }
    for (auto const& event : result.events)
        check(event);
    result.last_event_id = stream.last_event_id();
    result.retry = stream.retry();
    if (stream.oversized() > 0) std::abort(); // no input here is that long
    stream.begin_response();
    if (stream.last_event_id() != result.last_event_id) std::abort();
    return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const whole = read(text, size + 1);
    for (std::size_t const parts : {std::size_t{1}, std::size_t{2}, size / 2 + 1})
        if (read(text, parts) != whole) std::abort();
    return 0;
}
