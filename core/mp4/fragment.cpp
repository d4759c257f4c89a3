#include "core/mp4/fragment.hpp"

#include "core/mp4/field_reader.hpp"
#include "core/mp4/fragment_flags.hpp"

#include <fmt/format.h>

#include <array>

namespace continuo::mp4 {
namespace {

constexpr std::size_t field_size = 4; // of each field of a sample

Result<TrackFragmentHeader> parse_header(Box const& box) {
    FieldReader fields(box);
    auto const flags = version_and_flags(fields).flags;
    TrackFragmentHeader header;
    header.offset = box.offset;
    header.track_id = fields.u32();
    if ((flags & track_header::has_base_data_offset) != 0) header.base_data_offset = fields.u64();
    if ((flags & track_header::has_description_index) != 0)
        header.sample_description_index = fields.u32();
    if ((flags & track_header::has_default_duration) != 0)
        header.default_sample_duration = fields.u32();
    if ((flags & track_header::has_default_size) != 0) header.default_sample_size = fields.u32();
    if ((flags & track_header::has_default_flags) != 0) header.default_sample_flags = fields.u32();
    header.default_base_is_moof = (flags & track_header::base_is_moof) != 0;
    if (fields.failed()) return fields.failure();
    return header;
}

Result<DecodeTime> parse_decode_time(Box const& box) {
    FieldReader fields(box);
    auto const version = version_and_flags(fields).version;
    DecodeTime const time{
        .offset = box.offset, .version = version, .time = fields.by_version(version)};
    if (fields.failed()) return fields.failure();
    return time;
}

Result<TrackRun> parse_run(Box const& box) {
    FieldReader fields(box);
    auto const [version, flags] = version_and_flags(fields);
    TrackRun run{.offset = box.offset,
                 .version = version,
                 .flags = flags,
                 .sample_count = fields.u32(),
                 .data_offset = {},
                 .first_sample_flags = {},
                 .entries = {}};
    if ((flags & track_run::has_data_offset) != 0) run.data_offset = fields.i32();
    if ((flags & track_run::has_first_flags) != 0) run.first_sample_flags = fields.u32();
    run.entries = fields.take(run.entry_size() * run.sample_count);
    if (fields.failed()) return fields.failure();
    return run;
}

Result<TrackFragment> parse_track_fragment(Box const& box) {
    TrackFragment fragment;
    fragment.offset = box.offset;
    bool has_header = false;
    auto const keep = [](auto parsed, auto&& store) -> Result<> {
        if (!parsed) return parsed.error();
        store(std::move(*parsed));
        return {};
    };
    auto const read = for_each_box(BoxCursor::inside(box), [&](Box const& child) -> Result<> {
        if (child.type == FourCC("tfhd")) {
            has_header = true;
            return keep(parse_header(child), [&](auto header) { fragment.header = header; });
        }
        if (child.type == FourCC("tfdt"))
            return keep(parse_decode_time(child), [&](auto time) { fragment.decode_time = time; });
        if (child.type == FourCC("trun"))
            return keep(parse_run(child), [&](auto run) { fragment.runs.push_back(run); });
        return {};
    });
    if (!read) return read.error();
    if (!has_header)
        return fail(Errc::malformed, fmt::format("traf without tfhd at byte {}", box.offset));
    return fragment;
}

} // namespace

std::size_t TrackRun::entry_size() const noexcept {
    std::size_t size = 0;
    for (auto const field : {track_run::has_duration, track_run::has_size, track_run::has_flags,
                             track_run::has_composition_offset})
        if ((flags & field) != 0) size += field_size;
    return size;
}

Sample TrackRun::sample(std::uint32_t index, SampleDefaults const& defaults) const noexcept {
    Sample sample{.duration = defaults.duration, .size = defaults.size, .flags = defaults.flags};
    auto entry = entries.subspan(index < listed_samples() ? index * entry_size() : 0);
    auto const take = [&](std::uint32_t field, auto& value) {
        if ((flags & field) == 0) return;
        std::uint32_t number = 0;
        for (auto const byte : entry.first(field_size))
            number = number << 8 | byte;
        value = number;
        entry = entry.subspan(field_size);
    };
    take(track_run::has_duration, sample.duration);
    take(track_run::has_size, sample.size);
    take(track_run::has_flags, sample.flags);
    if (index == 0 && first_sample_flags) sample.flags = *first_sample_flags;
    std::uint32_t offset_bits = 0;
    take(track_run::has_composition_offset, offset_bits);
    // Signed in version 1; writers who put negative offsets into version 0 are read alike.
    sample.composition_offset = static_cast<std::int32_t>(offset_bits);
    return sample;
}

SampleDefaults TrackFragment::defaults(SampleDefaults const& of_track) const noexcept {
    return {.duration = header.default_sample_duration.value_or(of_track.duration),
            .size = header.default_sample_size.value_or(of_track.size),
            .flags = header.default_sample_flags.value_or(of_track.flags)};
}

Result<MovieFragment> parse_movie_fragment(Box const& box) {
    MovieFragment fragment;
    fragment.offset = box.offset;
    fragment.size = box.bytes.size();
    auto const read = for_each_box(BoxCursor::inside(box), [&](Box const& child) -> Result<> {
        if (child.type == FourCC("mfhd")) {
            FieldReader fields(child);
            (void)version_and_flags(fields); // both are 0
            fragment.sequence_number = fields.u32();
            if (fields.failed()) return fields.failure();
        }
        if (child.type == FourCC("traf")) {
            auto track = parse_track_fragment(child);
            if (!track) return track.error();
            fragment.tracks.push_back(std::move(*track));
        }
        return {};
    });
    if (!read) return read.error();
    return fragment;
}

} // namespace continuo::mp4
