#include "http/dashlive/asset/scan.hpp"

#include "core/mp4/initialisation.hpp"
#include "http/dashlive/asset/part_reader.hpp"
#include "http/dashlive/asset/segment_meter.hpp"
#include "http/dashlive/asset/track_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::dashlive {
namespace {

using storage::Accepted;
using storage::refused;

constexpr std::size_t most_segments = 100'000;
/// So far it is looked for files behind one that is missing.
constexpr std::uint64_t widest_hole = 100;

/// The only track of a header.
Accepted<mp4::Track> only_track(std::vector<std::uint8_t> const& header) {
    auto movie = mp4::parse_movie(header);
    if (!movie) return refused(to_text(movie.error()));
    if (movie->tracks.size() != 1)
        return refused(fmt::format("has {} tracks, one can be served", movie->tracks.size()));
    return std::move(movie->tracks.front());
}

bool is_of_encrypted(mp4::FourCC format) noexcept {
    return format == mp4::FourCC("encv") || format == mp4::FourCC("enca") ||
           format == mp4::FourCC("enct");
}

/// Sound that a decoder needs beforehand lies in front of the presentation by an edit list;
/// pictures have one for their B-frames, which no MPD counts.
std::int64_t edit_of(std::vector<std::uint8_t> const& header, mp4::Track const& track) {
    if (track.handler != mp4::audio_handler) return 0;
    auto const movie = mp4::parse_movie(header);
    return movie ? std::max<std::int64_t>(0, -mp4::presentation_shift(*movie, track)) : 0;
}

} // namespace

Accepted<TrackFacts> AssetScan::scan(PlannedTrack plan) {
    TrackFacts facts;
    facts.plan = std::move(plan);
    header_stamp_.clear();
    if (facts.plan.header)
        if (auto const done = read_header(facts); !done) return done.error();
    auto const parts = parts_of(facts.plan);
    if (!parts) return parts.error();
    for (std::size_t i = 0; i < parts->size(); ++i) {
        if (duty_.is_stopping()) return refused("is not read: the process ends");
        duty_.go_on();
        auto segment = measure(facts, (*parts)[i]);
        if (!segment)
            return refused(fmt::format(
                "{} {}",
                name_of_segment(
                    i, {.path = (*parts)[i].path, .offset = (*parts)[i].offset, .bytes = 0}),
                segment.error().reason));
        facts.segments.push_back(*std::move(segment));
    }
    return facts;
}

Accepted<AssetScan::File> AssetScan::find(PlannedPart const& part) {
    auto file = finder_.find(part.path);
    if (!file) return file.error();
    stamps_.emplace(part.path, file->stamp);
    return file;
}

bool AssetScan::is_there(std::string const& path) {
    duty_.go_on();
    return finder_.find(path).has_value();
}

Accepted<> AssetScan::read_header(TrackFacts& facts) {
    auto const& part = *facts.plan.header;
    auto const refuse = [&](std::string_view why) {
        return refused(fmt::format("header (\"{}\") {}", part_name(part), why));
    };
    auto const file = find(part);
    if (!file) return refuse(file.error().reason);
    auto opened = server::OpenFile::open(file->path);
    if (!opened) return refuse(opened.error().code.message());
    PartReader reader(std::move(*opened));
    auto header = header_of(reader, part.offset);
    if (!header) return refuse(header.error().reason);
    auto track = only_track(*header);
    if (!track) return refuse(track.error().reason);
    auto endless = mp4::without_fragments_duration(*header);
    if (!endless) return refuse(to_text(endless.error()));
    facts.edit = edit_of(*header, *track);
    facts.track = *std::move(track);
    facts.is_encrypted = is_of_encrypted(facts.track.entry.format);
    facts.header = *std::move(endless);
    header_stamp_ = to_text(file->stamp);
    return {};
}

Accepted<std::vector<PlannedPart>> AssetScan::parts_of(PlannedTrack const& plan) {
    if (auto const* const listed = std::get_if<ListedSegments>(&plan.segments)) return *listed;
    if (auto const* const segments = std::get_if<NumberedSegments>(&plan.segments))
        return numbered(plan, *segments);
    auto const& path = std::get<IndexedSegments>(plan.segments).path;
    auto const refuse = [&](std::string_view why) {
        return refused(fmt::format("\"{}\" {}", path, why));
    };
    auto const file = find({.path = path, .offset = 0, .bytes = {}});
    if (!file) return refuse(file.error().reason);
    auto opened = server::OpenFile::open(file->path);
    if (!opened) return refuse(opened.error().code.message());
    PartReader reader(std::move(*opened));
    auto const parts = indexed_parts(reader, path);
    if (!parts) return refuse(parts.error().reason);
    std::vector<PlannedPart> planned;
    for (auto const& part : *parts)
        planned.push_back({.path = part.path, .offset = part.offset, .bytes = part.bytes});
    return planned;
}

Accepted<std::vector<PlannedPart>> AssetScan::numbered(PlannedTrack const& plan,
                                                       NumberedSegments const& segments) {
    auto const path_at = [&](std::uint64_t index) {
        return path_of_segment(plan, segments.first + index, index * segments.duration);
    };
    std::vector<PlannedPart> parts;
    for (;;) {
        auto const index = parts.size();
        if (segments.last && segments.first + index > *segments.last) return parts;
        if (index == most_segments)
            return refused(fmt::format("has more than {} segments", most_segments));
        auto path = path_at(index);
        if (!path) return path.error();
        if (!is_there(*path)) break;
        parts.push_back({.path = *std::move(path), .offset = 0, .bytes = {}});
    }
    auto const missing = *path_at(parts.size());
    if (parts.empty()) return refused(fmt::format("has no segments: \"{}\" is missing", missing));
    for (auto index = parts.size() + 1; index <= parts.size() + widest_hole; ++index) {
        auto const path = path_at(index);
        if (path && is_there(*path))
            return refused(fmt::format("segment {} (\"{}\") is missing, though \"{}\" is there",
                                       parts.size() + 1, missing, *path));
    }
    if (segments.last)
        return refused(fmt::format("segment {} (\"{}\") is missing, though @endNumber is {}",
                                   parts.size() + 1, missing, *segments.last));
    return parts;
}

Accepted<SegmentFacts> AssetScan::measure(TrackFacts const& track, PlannedPart const& part) {
    auto const file = find(part);
    if (!file) return file.error();
    SegmentFacts facts;
    if (part.offset > file->stamp.size_bytes ||
        part.bytes.value_or(0) > file->stamp.size_bytes - part.offset)
        return refused(fmt::format("lies behind the end of its file, which has {} bytes",
                                   file->stamp.size_bytes));
    facts.part = {.path = part.path,
                  .offset = part.offset,
                  .bytes = part.bytes.value_or(file->stamp.size_bytes - part.offset)};
    if (facts.part.bytes == 0) return refused("is empty");
    if (track.plan.content == Content::image) return facts;

    auto name = part_name(part);
    auto stamp = fmt::format("{} {}", to_text(file->stamp), header_stamp_);
    auto const known = known_.find(name);
    if (known != known_.end() && known->second.stamp == stamp) {
        facts.samples = known->second.samples;
    } else {
        auto opened = server::OpenFile::open(file->path);
        if (!opened) return refused(opened.error().code.message());
        PartReader reader(std::move(*opened));
        auto samples = samples_of(reader, facts.part, track.track,
                                  track.plan.content == Content::audio && !track.is_encrypted);
        if (!samples) return samples.error();
        facts.samples = *std::move(samples);
        has_news_ = true;
    }
    found_.insert_or_assign(std::move(name),
                            MeasuredSegment{.stamp = std::move(stamp), .samples = facts.samples});
    return facts;
}

} // namespace continuo::dashlive
