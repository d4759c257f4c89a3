#include "cli/analysis_report.hpp"

#include "http/dashlive/asset/representation_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace continuo::cli {
namespace {

using dashlive::StoredSegment;
using dashlive::Track;

double in_seconds(std::int64_t units, std::uint32_t timescale) {
    return static_cast<double>(units) / timescale;
}

std::string_view plural(std::size_t count) noexcept {
    return count == 1 ? "" : "s";
}

std::string durations_of(Track const& track) {
    auto const [shortest, longest] =
        std::ranges::minmax(track.segments, {}, &StoredSegment::duration);
    auto const first = in_seconds(shortest.duration, track.timescale);
    if (shortest.duration == longest.duration) return fmt::format("{:.3f} s", first);
    return fmt::format("{:.3f} to {:.3f} s", first, in_seconds(longest.duration, track.timescale));
}

std::string peculiarities_of(Track const& track) {
    std::string text;
    if (track.is_encrypted) text += "; encrypted";
    if (track.edit != 0)
        text += fmt::format("; {:.3f} s in front of its presentation",
                            in_seconds(track.edit, track.timescale));
    if (track.sound)
        text += fmt::format("; {} frames of {}/{} s, cut again along the pictures",
                            track.sound->frames.size(), track.sound->frame, track.timescale);
    return text;
}

std::string line_of(Track const& track, std::size_t width) {
    return fmt::format("  {:{}}  {:5}  {:20}  {:>6} kbit/s  {} segment{} of {}{}\n", track.id,
                       width, dashlive::name_of(track.content), track.codecs,
                       track.bandwidth_bps / 1000, track.segments.size(),
                       plural(track.segments.size()), durations_of(track), peculiarities_of(track));
}

std::string report_of(dashlive::Asset const& asset) {
    auto const& pictures = asset.pictures();
    std::string text;
    for (auto const& [name, manifest] : asset.manifests)
        text +=
            fmt::format("{}: {}\n", name, manifest.title.empty() ? "has no title" : manifest.title);
    text +=
        fmt::format("A loop of {} segment{}, {:.3f} s ({}/{}), by \"{}\":\n", pictures.size(),
                    plural(pictures.size()), in_seconds(pictures.length(), pictures.timescale()),
                    pictures.length(), pictures.timescale(), asset.reference->id);
    std::size_t width = 0;
    for (auto const& [id, track] : asset.tracks)
        width = std::max(width, id.size());
    for (auto const& [id, track] : asset.tracks)
        text += line_of(*track, width);
    return text;
}

} // namespace

std::string analysis_report(dashlive::AssetView const& view) {
    auto text = view.asset ? report_of(*view.asset) : std::string();
    for (auto const& note : view.notes)
        text += fmt::format("Note: {}\n", note);
    for (auto const& [manifest, reason] : view.refused)
        text += fmt::format("{} can't be served: {}\n", manifest, reason);
    return text;
}

} // namespace continuo::cli
