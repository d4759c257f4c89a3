#include "core/mp4/segment_index.hpp"

#include "core/mp4/box_writer.hpp"
#include "core/mp4/field_reader.hpp"

#include <utility>

namespace continuo::mp4 {

Result<SegmentIndex> parse_segment_index(Box const& box) {
    FieldReader fields(box);
    SegmentIndex index;
    index.offset = box.offset;
    index.version = version_and_flags(fields).version;
    index.reference_id = fields.u32();
    index.timescale = fields.u32();
    index.earliest_presentation_time = fields.by_version(index.version);
    index.first_offset = fields.by_version(index.version);
    fields.skip(2); // reserved
    auto const count = fields.u16();
    for (unsigned i = 0; i < count && !fields.failed(); ++i) {
        auto const type_and_size = fields.u32();
        auto const duration = fields.u32();
        auto const sap = fields.u32();
        index.references.push_back({.is_index = type_and_size >> 31 != 0,
                                    .size = type_and_size & 0x7FFF'FFFF,
                                    .duration = duration,
                                    .starts_with_sap = sap >> 31 != 0,
                                    .sap_type = static_cast<std::uint8_t>(sap >> 28 & 7),
                                    .sap_delta_time = sap & 0x0FFF'FFFF});
    }
    if (fields.failed()) return fields.failure();
    return index;
}

std::vector<std::uint8_t> encode(SegmentIndex const& index) {
    auto const width = index.version == 0 ? std::size_t{4} : std::size_t{8};
    BoxWriter box(FourCC("sidx"), index.version);
    box.number(index.reference_id, 4);
    box.number(index.timescale, 4);
    box.number(index.earliest_presentation_time, width);
    box.number(index.first_offset, width);
    box.number(index.references.size(), 4); // behind 16 reserved bits
    for (auto const& reference : index.references) {
        box.number((reference.is_index ? 0x8000'0000U : 0U) | reference.size, 4);
        box.number(reference.duration, 4);
        auto const sap = (reference.starts_with_sap ? 8U : 0U) | reference.sap_type;
        box.number(sap << 28 | reference.sap_delta_time, 4);
    }
    return std::move(box).finished();
}

} // namespace continuo::mp4
