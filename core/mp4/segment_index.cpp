#include "core/mp4/segment_index.hpp"

#include "core/mp4/field_reader.hpp"

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

} // namespace continuo::mp4
