// Any text as a sidecar: each line is a cue, nothing or an error, and a cue is written and read
// again as the same.
#include "core/scte35/sidecar.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace continuo::scte35;

struct CheckWhen {
    void operator()(SidecarLine::At at) const {
        if (at.time <= continuo::Ticks90k::zero() || at.time >= continuo::clock_turn) std::abort();
    }
    void operator()(SidecarLine::Now) const {}
    void operator()(SidecarLine::After after) const {
        if (after.delay < continuo::Ticks90k::zero()) std::abort();
    }
};

void check(std::string_view text) {
    auto const line = parse_sidecar_line(text);
    if (!line) {
        if (line.error().context.empty()) std::abort();
        return;
    }
    if (!*line) return;
    std::visit(CheckWhen{}, (*line)->when);
    auto const again = parse_sidecar_line(to_text(**line));
    if (!again || *again != *line) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view text(reinterpret_cast<char const*>(data), size);
    while (!text.empty()) {
        auto const line = text.substr(0, text.find('\n'));
        check(line);
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return 0;
}
