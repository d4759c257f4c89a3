#include "http/dashlive/mpd/patterns.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace continuo::dashlive {
namespace {

using dash::Element;

constexpr std::int64_t longest_pattern = 12;
constexpr std::string_view pattern_id = "1";

/// The durations from index 0 on, as often as they don't repeat.
std::vector<std::int64_t> durations_of(Cut const& cut) {
    std::vector<std::int64_t> durations;
    for (std::int64_t index = 0; index < cut.cycle; ++index) {
        auto const [start, end] = cut.interval(index);
        durations.push_back(end - start);
    }
    for (std::size_t size = 1; size < durations.size(); ++size) {
        if (durations.size() % size != 0) continue;
        auto const shift = static_cast<std::ptrdiff_t>(size);
        if (std::equal(durations.begin() + shift, durations.end(), durations.begin()))
            durations.resize(size);
    }
    return durations;
}

Element pattern_element(std::vector<std::int64_t> const& durations) {
    Element pattern{.name = "Pattern", .attributes = {{"id", std::string(pattern_id)}}};
    for (auto at = durations.begin(); at != durations.end();) {
        auto const end =
            std::find_if(at, durations.end(), [&](auto other) { return other != *at; });
        auto& entry = pattern.children.emplace_back(Element{.name = "P"});
        entry.set_number("d", *at);
        if (end - at > 1) entry.set_number("r", end - at - 1);
        at = end;
    }
    return pattern;
}

} // namespace

std::optional<Element> pattern_timeline(Cut const& cut, timeline::IndexRange range) {
    if (cut.cycle < 2 || cut.cycle > longest_pattern || range.begin >= range.end)
        return std::nullopt;
    auto const durations = durations_of(cut);
    if (durations.size() < 2) return std::nullopt;

    Element entry{.name = "S"};
    entry.set_number("t", cut.interval(range.begin).start);
    if (range.end - range.begin > 1) entry.set_number("r", range.end - range.begin - 1);
    entry.set_attribute("p", std::string(pattern_id));
    entry.set_number("pE", range.begin % static_cast<std::int64_t>(durations.size()));
    Element timeline{.name = "SegmentTimeline"};
    timeline.children.push_back(pattern_element(durations));
    timeline.children.push_back(std::move(entry));
    return timeline;
}

} // namespace continuo::dashlive
