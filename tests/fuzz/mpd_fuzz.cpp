// Any bytes as an MPD: what is accepted is written as something that reads the same, and the
// timelines in it are in order.
#include "core/dash/element.hpp"
#include "core/dash/segment_template.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

namespace dash = continuo::dash;

void check_templates(dash::Element const& element) {
    if (auto const read = dash::parse_segment_template(element, {})) {
        (void)dash::expanded(read->media, {.representation_id = "v"});
        if (read->timeline)
            if (auto const segments = dash::segments_of(*read->timeline, 1'000'000)) {
                std::uint64_t end = 0;
                for (auto const& segment : *segments) {
                    if (segment.start < end || segment.duration == 0) std::abort();
                    end = segment.start + segment.duration;
                }
            }
    }
    for (auto const& child : element.children)
        check_templates(child);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const element =
        dash::parse_element(std::string_view(reinterpret_cast<char const*>(data), size));
    if (!element) return 0;
    auto const text = dash::to_text(*element);
    auto const again = dash::parse_element(text);
    if (!again || dash::to_text(*again) != text) std::abort();
    check_templates(*element);
    return 0;
}
