#include "core/mp4/movable_segment.hpp"

#include "core/mp4/field_reader.hpp"

#include <fmt/format.h>

namespace continuo::mp4 {
namespace {

constexpr std::size_t version_and_flags_size = 4;
constexpr std::uint32_t header_has_base = 0x1; // tfhd
constexpr std::uint32_t header_base_is_moof = 0x2'0000;
constexpr std::uint32_t run_has_data_offset = 0x1;   // trun
constexpr std::uint32_t offsets_have_aux_type = 0x1; // saio
constexpr std::uint64_t max_offset = std::uint64_t{1} << 61;

Error offset_too_large(Box const& box) {
    return fail(Errc::malformed,
                fmt::format("offset beyond 2^61 in {} at byte {}", to_text(box.type), box.offset));
}

} // namespace

/// Fills a `MovableSegment`, box after box.
class SegmentReader {
public:
    Result<MovableSegment> read(std::span<std::uint8_t const> file) {
        bool has_fragment = false;
        std::size_t begin = 0; // of what is kept next
        auto const keep = [&](std::size_t end, std::size_t payload) {
            auto const bytes = file.subspan(begin, end - begin);
            segment_.kept_.push_back({begin, {bytes.begin(), bytes.end()}, payload});
            begin = end + payload;
        };
        auto const done = for_each_box(BoxCursor(file), [&](Box const& box) -> Result<> {
            if (box.type == FourCC("mdat")) keep(box.body_offset(), box.body().size());
            if (box.type == FourCC("sidx")) return read_index(box);
            if (box.type != FourCC("moof")) return {};
            if (!has_fragment) segment_.first_fragment_ = box.offset;
            has_fragment = true;
            return read_fragment(box);
        });
        if (!done) return done.error();
        if (!has_fragment) return fail(Errc::not_found, "no moof in the segment");
        if (begin < file.size()) keep(file.size(), 0);
        return std::move(segment_);
    }

private:
    /// What the offsets of a traf count from.
    struct Header {
        std::uint32_t track_id{};
        std::optional<std::size_t> origin; ///< none: the end of the traf before, in the same mdat
    };

    static MovableSegment::Container container(Box const& box) {
        return {.begin = box.offset,
                .end = box.offset + box.bytes.size(),
                .has_large_size = box.header_size > 8};
    }

    Result<> read_fragment(Box const& moof) {
        segment_.containers_.push_back(container(moof));
        bool is_first = true;
        return for_each_box(BoxCursor::inside(moof), [&](Box const& box) -> Result<> {
            if (box.type == FourCC("mfhd")) {
                FieldReader fields(box);
                fields.skip(version_and_flags_size);
                (void)fields.u32();
                if (fields.failed()) return fields.failure();
                segment_.numbers_.push_back(box.body_offset() + version_and_flags_size);
            }
            if (box.type != FourCC("traf")) return {};
            auto const done = read_track(moof, box, is_first);
            is_first = false;
            return done;
        });
    }

    Result<> read_track(Box const& moof, Box const& traf, bool is_first) {
        segment_.containers_.push_back(container(traf));
        std::optional<Header> header;
        auto done = for_each_box(BoxCursor::inside(traf), [&](Box const& box) -> Result<> {
            if (box.type != FourCC("tfhd")) return {};
            auto read = read_header(moof, box, is_first);
            if (!read) return read.error();
            header = *read;
            return {};
        });
        if (!done) return done;
        if (!header)
            return fail(Errc::malformed, fmt::format("traf without tfhd at byte {}", traf.offset));
        bool has_time = false;
        done = for_each_box(BoxCursor::inside(traf), [&](Box const& box) -> Result<> {
            if (box.type == FourCC("trun")) return read_run(box, *header);
            if (box.type == FourCC("saio")) return read_offsets(box, *header);
            if (box.type != FourCC("tfdt")) return {};
            has_time = true;
            return read_time(box, *header);
        });
        if (done && !has_time)
            return fail(Errc::malformed, fmt::format("traf without tfdt at byte {}", traf.offset));
        return done;
    }

    Result<Header> read_header(Box const& moof, Box const& tfhd, bool is_first) {
        FieldReader fields(tfhd);
        auto const flags = version_and_flags(fields).flags;
        Header header{.track_id = fields.u32(), .origin = {}};
        if ((flags & header_has_base) != 0) {
            auto const base = fields.u64();
            if (base > max_offset) return offset_too_large(tfhd);
            header.origin = static_cast<std::size_t>(base);
            segment_.pointers_.push_back(
                {.place = tfhd.body_offset() + version_and_flags_size + sizeof header.track_id,
                 .width = sizeof base,
                 .origin = {},
                 .target = static_cast<std::int64_t>(base)});
        } else if ((flags & header_base_is_moof) != 0 || is_first) {
            header.origin = moof.offset;
        }
        if (fields.failed()) return fields.failure();
        return header;
    }

    void keep_pointer(std::size_t place, std::size_t width, Header const& header,
                      std::int64_t distance) {
        if (!header.origin) return;
        segment_.pointers_.push_back(
            {.place = place,
             .width = width,
             .origin = header.origin,
             .target = static_cast<std::int64_t>(*header.origin) + distance});
    }

    Result<> read_run(Box const& trun, Header const& header) {
        FieldReader fields(trun);
        auto const flags = version_and_flags(fields).flags;
        auto const samples = fields.u32();
        auto const place = trun.body_offset() + version_and_flags_size + sizeof samples;
        if ((flags & run_has_data_offset) != 0) keep_pointer(place, 4, header, fields.i32());
        if (fields.failed()) return fields.failure();
        return {};
    }

    Result<> read_offsets(Box const& saio, Header const& header) {
        FieldReader fields(saio);
        auto const [version, flags] = version_and_flags(fields);
        if ((flags & offsets_have_aux_type) != 0) fields.skip(8);
        auto const count = fields.u32();
        auto const width = version == 1 ? std::size_t{8} : std::size_t{4};
        for (std::uint32_t i = 0; i < count && !fields.failed(); ++i) {
            auto const place = saio.offset + saio.bytes.size() - fields.rest().size();
            auto const distance = fields.by_version(version);
            if (distance > max_offset) return offset_too_large(saio);
            if (!fields.failed())
                keep_pointer(place, width, header, static_cast<std::int64_t>(distance));
        }
        if (fields.failed()) return fields.failure();
        return {};
    }

    Result<> read_time(Box const& tfdt, Header const& header) {
        FieldReader fields(tfdt);
        MovableSegment::Time time{.track_id = header.track_id,
                                  .box = container(tfdt),
                                  .body = tfdt.body_offset(),
                                  .version = version_and_flags(fields).version,
                                  .value = 0};
        time.value = fields.by_version(time.version);
        if (fields.failed()) return fields.failure();
        segment_.times_.push_back(time);
        return {};
    }

    Result<> read_index(Box const& sidx) {
        FieldReader fields(sidx);
        MovableSegment::Index index;
        index.box = container(sidx);
        index.body = sidx.body_offset();
        index.version = version_and_flags(fields).version;
        index.track_id = fields.u32();
        index.timescale = fields.u32();
        index.time = fields.by_version(index.version);
        index.first_offset = fields.by_version(index.version);
        if (index.first_offset > max_offset) return offset_too_large(sidx);
        fields.skip(2); // reserved
        auto const count = fields.u16();
        for (unsigned i = 0; i < count && !fields.failed(); ++i) {
            index.references.push_back(fields.u32());
            fields.skip(8); // duration and SAP, which stay as they are
        }
        if (fields.failed()) return fields.failure();
        segment_.indexes_.push_back(std::move(index));
        return {};
    }

    MovableSegment segment_;
};

Result<MovableSegment> MovableSegment::parse(std::span<std::uint8_t const> file) {
    return SegmentReader().read(file);
}

std::size_t MovableSegment::kept_bytes() const noexcept {
    std::size_t sum = 0;
    for (auto const& kept : kept_)
        sum += kept.bytes.size();
    return sum;
}

} // namespace continuo::mp4
