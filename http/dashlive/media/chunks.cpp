#include "http/dashlive/media/chunks.hpp"

#include "core/timeline/addressing.hpp"
#include "http/dashlive/session/set_ids.hpp"

#include <algorithm>
#include <string_view>

namespace continuo::dashlive {
namespace {

__extension__ using Wide = __int128; // a time of 63 bits by a timescale

constexpr std::int64_t millisecond_clock = 1000;

bool holds(dash::Element const& set, std::string_view representation) {
    return std::ranges::any_of(set.children, [&](dash::Element const& child) {
        auto const* const id = child.find_attribute("id");
        return dash::local_name(child.name) == "Representation" && id && *id == representation;
    });
}

} // namespace

std::vector<SampleRange> cut(std::span<mp4::Sample const> samples, std::uint32_t timescale,
                             std::chrono::milliseconds length) {
    if (length.count() <= 0) return {{.begin = 0, .end = samples.size()}};
    std::vector<SampleRange> chunks;
    auto const step = Wide{length.count()} * timescale; // in 1/1000 of units
    Wide reached = 0;
    auto next = step;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        reached += Wide{samples[i].duration} * millisecond_clock;
        if (reached < next && i + 1 < samples.size()) continue;
        chunks.push_back({.begin = begin, .end = i + 1});
        begin = i + 1;
        next = (reached / step + 1) * step;
    }
    return chunks;
}

std::size_t samples_before(Strand const& strand, std::size_t begin, timeline::MediaTime time) {
    auto const limit = timeline::rescaled_up(time, strand.track->timescale);
    auto start = strand.time;
    std::size_t end = 0;
    for (; end < strand.samples.size() && (end < begin || start < limit); ++end)
        start += strand.samples[end].duration;
    return end;
}

std::chrono::milliseconds chunk_length(Session const& session, MediaName const& name) {
    auto const& options = *session.options;
    auto const by_all = options.chunk_duration.value_or(std::chrono::milliseconds{0});
    auto const is_cut =
        name.first().content == Content::video || name.first().content == Content::audio;
    if (!is_cut || (!name.part && !options.chunk_duration)) return {};
    for (auto const& [file, manifest] : session.asset->manifests)
        for (auto const& set : named_sets(manifest)) {
            if (!holds(*set.element, name.first().id)) continue;
            for (auto const& wanted : options.sub_segments)
                if (is_called(set.id, wanted.adaptation_set) && wanted.part) return *wanted.part;
        }
    return by_all;
}

} // namespace continuo::dashlive
