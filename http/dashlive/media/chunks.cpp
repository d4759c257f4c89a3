#include "http/dashlive/media/chunks.hpp"

#include "core/timeline/addressing.hpp"

#include <algorithm>
#include <string>

namespace continuo::dashlive {
namespace {

__extension__ using Wide = __int128; // a time of 63 bits by a timescale

constexpr std::int64_t millisecond_clock = 1000;

/// AdaptationSet@id, or else its place among its siblings, from 1 on.
bool holds(dash::Element const& set, std::string_view representation) {
    return std::ranges::any_of(set.children, [&](dash::Element const& child) {
        auto const* const id = child.find_attribute("id");
        return dash::local_name(child.name) == "Representation" && id && *id == representation;
    });
}

std::vector<std::uint32_t> sets_with(Manifest const& manifest, std::string_view representation) {
    std::vector<std::uint32_t> found;
    for (auto const& period : manifest.root.children) {
        if (dash::local_name(period.name) != "Period") continue;
        std::uint32_t place = 0;
        for (auto const& set : period.children) {
            if (dash::local_name(set.name) != "AdaptationSet") continue;
            ++place;
            if (!holds(set, representation)) continue;
            auto const* const id = set.find_attribute("id");
            auto const is_number = id && !id->empty() && id->size() < 9 &&
                                   id->find_first_not_of("0123456789") == std::string::npos;
            found.push_back(is_number ? static_cast<std::uint32_t>(std::stoul(*id)) : place);
        }
    }
    return found;
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
        for (auto const set : sets_with(manifest, name.first().id))
            for (auto const& wanted : options.sub_segments)
                if (wanted.adaptation_set == set && wanted.part) return *wanted.part;
    return by_all;
}

} // namespace continuo::dashlive
