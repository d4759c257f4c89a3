#include "http/dashlive/asset/track_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace continuo::dashlive {
namespace {

using storage::Accepted;
using storage::refused;

std::int64_t signed_of(std::uint64_t number) noexcept {
    return static_cast<std::int64_t>(number); // times are below 2^62 (segment_meter)
}

} // namespace

std::string name_of_segment(std::size_t index, FilePart const& part) {
    if (part.offset == 0) return fmt::format("segment {} (\"{}\")", index + 1, part.path);
    return fmt::format("segment {} (\"{}\" at byte {})", index + 1, part.path, part.offset);
}

std::string seconds_text(std::int64_t units, std::uint32_t timescale) {
    return fmt::format("{:.3f} s", static_cast<double>(units) / timescale);
}

Accepted<TrackLayout> layout_of(TrackFacts const& facts) {
    auto const timescale = facts.track.timescale;
    if (timescale == 0 || timescale > timeline::max_timescale)
        return refused(fmt::format("has a timescale of {}; up to {} is possible", timescale,
                                   timeline::max_timescale));
    auto const& segments = facts.segments;
    TrackLayout layout{.first_time = signed_of(segments.front().samples.time),
                       .starts = {},
                       .length = 0,
                       .gaps = 0};
    auto const latest = timeline::max_elapsed.count() * timescale;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        auto const& samples = segments[i].samples;
        auto const name = name_of_segment(i, segments[i].part);
        auto const start = signed_of(samples.time) - layout.first_time;
        if (samples.duration == 0) return refused(fmt::format("{} lasts no time", name));
        if (std::abs(start) > latest || signed_of(samples.time) > latest ||
            signed_of(samples.duration) > latest - start)
            return refused(fmt::format("{} begins at {}, which can't be", name, samples.time));
        auto const gap = start - layout.length;
        if (gap != 0 && facts.plan.content != Content::text) {
            auto const& before = segments[i - 1].samples;
            if (std::abs(gap) >= std::max(before.frame, before.last))
                return refused(fmt::format("{} begins {} {} the end of the one before", name,
                                           seconds_text(std::abs(gap), timescale),
                                           gap > 0 ? "behind" : "before"));
            ++layout.gaps;
        }
        layout.starts.push_back(start);
        layout.length = start + signed_of(samples.duration);
    }
    return layout;
}

} // namespace continuo::dashlive
