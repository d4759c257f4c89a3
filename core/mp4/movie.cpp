#include "core/mp4/movie.hpp"

#include "core/mp4/field_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace continuo::mp4 {
namespace {

using Defaults = std::map<std::uint32_t, SampleDefaults>; // by track

Result<std::uint32_t> parse_track_id(Box const& tkhd) {
    FieldReader fields(tkhd);
    auto const version = version_and_flags(fields).version;
    (void)fields.by_version(version); // creation_time
    (void)fields.by_version(version); // modification_time
    auto const id = fields.u32();
    if (fields.failed()) return fields.failure();
    return id;
}

/// mvhd and mdhd begin alike.
Result<std::uint32_t> parse_timescale(Box const& header) {
    FieldReader fields(header);
    auto const version = version_and_flags(fields).version;
    (void)fields.by_version(version); // creation_time
    (void)fields.by_version(version); // modification_time
    auto const timescale = fields.u32();
    if (fields.failed()) return fields.failure();
    if (timescale == 0)
        return fail(Errc::malformed, fmt::format("timescale of {} at byte {} is 0",
                                                 to_text(header.type), header.offset));
    return timescale;
}

Result<FourCC> parse_handler(Box const& hdlr) {
    FieldReader fields(hdlr);
    (void)version_and_flags(fields); // both are 0
    fields.skip(4);                  // pre_defined
    auto const type = fields.four_cc();
    if (fields.failed()) return fields.failure();
    return type;
}

Result<std::vector<Edit>> parse_edits(Box const& elst) {
    FieldReader fields(elst);
    auto const version = version_and_flags(fields).version;
    auto const count = fields.u32();
    std::vector<Edit> edits;
    for (std::uint32_t i = 0; i < count && !fields.failed(); ++i) {
        Edit edit;
        edit.duration = fields.by_version(version);
        edit.media_time = version == 1 ? fields.i64() : fields.i32();
        fields.skip(4); // media_rate
        edits.push_back(edit);
    }
    if (fields.failed()) return fields.failure();
    return edits;
}

Result<> take_defaults(Box const& trex, Defaults& defaults) {
    FieldReader fields(trex);
    (void)version_and_flags(fields); // both are 0
    auto const track = fields.u32();
    fields.skip(4); // default_sample_description_index
    SampleDefaults of_track;
    of_track.duration = fields.u32();
    of_track.size = fields.u32();
    of_track.flags = fields.u32();
    if (fields.failed()) return fields.failure();
    defaults[track] = of_track;
    return {};
}

/// Puts what was read in its place, or hands on why it couldn't be.
template <class T>
Result<> store(Result<T> read, T& place) {
    if (!read) return read.error();
    place = std::move(*read);
    return {};
}

bool holds_boxes(FourCC type) noexcept {
    return type == FourCC("mdia") || type == FourCC("minf") || type == FourCC("stbl") ||
           type == FourCC("edts");
}

/// Boxes of trak at any level: each of those that are read stands once.
Result<> read_track(BoxCursor boxes, Track& track, unsigned level = 0) {
    constexpr unsigned deepest = 3; // mdia, minf, stbl
    return for_each_box(boxes, [&](Box const& box) -> Result<> {
        if (holds_boxes(box.type) && level < deepest)
            return read_track(BoxCursor::inside(box), track, level + 1);
        if (box.type == FourCC("tkhd")) return store(parse_track_id(box), track.id);
        if (box.type == FourCC("mdhd")) return store(parse_timescale(box), track.timescale);
        // minf of a QuickTime file has a handler of its own, of the data
        if (box.type == FourCC("hdlr") && track.handler == FourCC())
            return store(parse_handler(box), track.handler);
        if (box.type == FourCC("elst")) return store(parse_edits(box), track.edits);
        if (box.type == FourCC("stsd")) return store(parse_sample_entry(box), track.entry);
        return {};
    });
}

} // namespace

Track const* Movie::find(std::uint32_t track_id) const noexcept {
    auto const found = std::ranges::find(tracks, track_id, &Track::id);
    return found == tracks.end() ? nullptr : &*found;
}

std::int64_t presentation_shift(Movie const& movie, Track const& track) noexcept {
    constexpr std::uint64_t longest = std::uint64_t{1} << 60; // units; no file is that long
    std::uint64_t empty = 0;
    for (auto const& edit : track.edits) {
        if (edit.media_time >= 0) {
            auto const begin = static_cast<std::uint64_t>(edit.media_time);
            if (begin > longest) return 0;
            return static_cast<std::int64_t>(empty) - edit.media_time;
        }
        auto const seconds = edit.duration / movie.timescale;
        auto const rest = edit.duration % movie.timescale;
        if (seconds > (longest - empty) / track.timescale) return 0;
        empty += seconds * track.timescale + rest * track.timescale / movie.timescale;
        if (empty > longest) return 0;
    }
    return static_cast<std::int64_t>(empty);
}

Result<Movie> parse_movie(Box const& box) {
    Movie movie;
    Defaults defaults;
    auto const read = for_each_box(BoxCursor::inside(box), [&](Box const& child) -> Result<> {
        if (child.type == FourCC("mvhd")) return store(parse_timescale(child), movie.timescale);
        if (child.type == FourCC("mvex"))
            return for_each_box(BoxCursor::inside(child), [&](Box const& trex) -> Result<> {
                return trex.type == FourCC("trex") ? take_defaults(trex, defaults) : Result<>{};
            });
        if (child.type != FourCC("trak")) return {};
        auto& track = movie.tracks.emplace_back();
        if (auto const done = read_track(BoxCursor::inside(child), track); !done) return done;
        if (track.id == 0 || track.timescale == 0)
            return fail(Errc::malformed,
                        fmt::format("trak without {} at byte {}", track.id == 0 ? "tkhd" : "mdhd",
                                    child.offset));
        return {};
    });
    if (!read) return read.error();
    if (movie.timescale == 0)
        return fail(Errc::malformed, fmt::format("moov without mvhd at byte {}", box.offset));
    for (auto& track : movie.tracks)
        if (auto const found = defaults.find(track.id); found != defaults.end())
            track.defaults = found->second;
    return movie;
}

Result<Movie> parse_movie(std::span<std::uint8_t const> file) {
    BoxCursor boxes(file);
    for (;;) {
        auto const box = boxes.next();
        if (!box) return box.error();
        if (!*box) return fail(Errc::not_found, "moov");
        if ((*box)->type == FourCC("moov")) return parse_movie(**box);
    }
}

} // namespace continuo::mp4
