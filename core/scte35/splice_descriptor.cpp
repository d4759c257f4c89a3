#include "core/scte35/splice_descriptor.hpp"

#include "core/scte35/section_parts.hpp"

#include <algorithm>
#include <array>

namespace continuo::scte35 {
namespace {

enum DescriptorTag : std::uint8_t { // §10.1, table 16
    tag_avail = 0x00,
    tag_dtmf = 0x01,
    tag_segmentation = 0x02,
    tag_time = 0x03,
    tag_audio = 0x04,
};

constexpr unsigned segmentation_duration_bits = 40;

/// Types whose descriptor may end with the numbers of a sub-segment; whether it does, its length
/// tells (§10.3.3.1).
bool may_have_sub_segments(std::uint8_t segmentation_type_id) {
    constexpr std::array<std::uint8_t, 8> types{0x30, 0x32, 0x34, 0x36, 0x38, 0x3A, 0x44, 0x46};
    return std::ranges::find(types, segmentation_type_id) != types.end();
}

DtmfDescriptor read_dtmf(FieldReader& reader) {
    DtmfDescriptor value{.preroll = reader.byte("preroll"), .dtmf_chars = {}};
    auto const dtmf_count = reader.bits(3, "dtmf_count");
    reader.reserved(5);
    for (auto const character : reader.bytes(dtmf_count, "DTMF_char"))
        value.dtmf_chars.push_back(static_cast<char>(character));
    return value;
}

DeliveryRestrictions read_restrictions(FieldReader& reader) {
    DeliveryRestrictions value;
    value.web_delivery_allowed_flag = reader.flag("web_delivery_allowed_flag");
    value.no_regional_blackout_flag = reader.flag("no_regional_blackout_flag");
    value.archive_allowed_flag = reader.flag("archive_allowed_flag");
    value.device_restrictions = static_cast<std::uint8_t>(reader.bits(2, "device_restrictions"));
    return value;
}

std::vector<SegmentationDescriptor::Component> read_offsets(FieldReader& reader) {
    std::vector<SegmentationDescriptor::Component> components(reader.byte("component_count"));
    for (auto& component : components) {
        component.component_tag = reader.byte("component_tag");
        reader.reserved(7);
        component.pts_offset = reader.ticks(pts_bits, "pts_offset");
    }
    return components;
}

SegmentationDescriptor read_segmentation(FieldReader& reader) {
    SegmentationDescriptor value;
    value.segmentation_event_id = reader.double_word("segmentation_event_id");
    value.segmentation_event_cancel_indicator = reader.flag("segmentation_event_cancel_indicator");
    value.segmentation_event_id_compliance_indicator =
        reader.flag("segmentation_event_id_compliance_indicator");
    reader.reserved(6);
    if (value.segmentation_event_cancel_indicator) return value;
    auto const program_segmentation_flag = reader.flag("program_segmentation_flag");
    auto const segmentation_duration_flag = reader.flag("segmentation_duration_flag");
    auto const delivery_not_restricted_flag = reader.flag("delivery_not_restricted_flag");
    if (delivery_not_restricted_flag)
        reader.reserved(5);
    else
        value.delivery_restrictions = read_restrictions(reader);
    if (!program_segmentation_flag) value.components = read_offsets(reader);
    if (segmentation_duration_flag) {
        value.segmentation_duration =
            reader.ticks(segmentation_duration_bits, "segmentation_duration");
    }
    value.segmentation_upid_type = reader.byte("segmentation_upid_type");
    auto const segmentation_upid_length = reader.byte("segmentation_upid_length");
    value.segmentation_upid = reader.bytes(segmentation_upid_length, "segmentation_upid");
    value.segmentation_type_id = reader.byte("segmentation_type_id");
    value.segment_num = reader.byte("segment_num");
    value.segments_expected = reader.byte("segments_expected");
    if (may_have_sub_segments(value.segmentation_type_id) && reader.left_bytes() >= 2) {
        auto const sub_segment_num = reader.byte("sub_segment_num");
        value.sub_segment = {sub_segment_num, reader.byte("sub_segments_expected")};
    }
    return value;
}

TimeDescriptor read_time(FieldReader& reader) {
    TimeDescriptor value;
    value.tai_seconds = reader.bits(48, "TAI_seconds");
    value.tai_ns = reader.double_word("TAI_ns");
    value.utc_offset = reader.word("UTC_offset");
    return value;
}

AudioDescriptor read_audio(FieldReader& reader) {
    AudioDescriptor value;
    value.components.resize(reader.bits(4, "audio_count"));
    reader.reserved(4);
    for (auto& component : value.components) {
        component.component_tag = reader.byte("component_tag");
        component.iso_code = static_cast<std::uint32_t>(reader.bits(24, "ISO_code"));
        component.bit_stream_mode = static_cast<std::uint8_t>(reader.bits(3, "Bit_Stream_Mode"));
        component.num_channels = static_cast<std::uint8_t>(reader.bits(4, "Num_Channels"));
        component.full_srvc_audio = reader.flag("Full_Srvc_Audio");
    }
    return value;
}

decltype(SpliceDescriptor::body) read_body(std::uint8_t tag, FieldReader& reader) {
    auto const identifier = reader.double_word("identifier");
    if (identifier == cuei_identifier) {
        switch (tag) {
        case tag_avail:
            return AvailDescriptor{.provider_avail_id = reader.double_word("provider_avail_id")};
        case tag_dtmf: return read_dtmf(reader);
        case tag_segmentation: return read_segmentation(reader);
        case tag_time: return read_time(reader);
        case tag_audio: return read_audio(reader);
        default: break;
        }
    }
    return UnknownDescriptor{
        .splice_descriptor_tag = tag, .identifier = identifier, .private_bytes = reader.rest()};
}

struct TagOf {
    std::uint8_t operator()(AvailDescriptor const&) const { return tag_avail; }
    std::uint8_t operator()(DtmfDescriptor const&) const { return tag_dtmf; }
    std::uint8_t operator()(SegmentationDescriptor const&) const { return tag_segmentation; }
    std::uint8_t operator()(TimeDescriptor const&) const { return tag_time; }
    std::uint8_t operator()(AudioDescriptor const&) const { return tag_audio; }
    std::uint8_t operator()(UnknownDescriptor const& value) const {
        return value.splice_descriptor_tag;
    }
};

void write_restrictions(std::optional<DeliveryRestrictions> const& value, FieldWriter& writer) {
    if (!value) return writer.reserved(5);
    writer.flag(value->web_delivery_allowed_flag);
    writer.flag(value->no_regional_blackout_flag);
    writer.flag(value->archive_allowed_flag);
    writer.bits(2, value->device_restrictions);
}

struct WriteBody {
    FieldWriter& writer;

    void operator()(AvailDescriptor const& value) const {
        writer.double_word(cuei_identifier);
        writer.double_word(value.provider_avail_id);
    }
    void operator()(DtmfDescriptor const& value) const {
        writer.double_word(cuei_identifier);
        writer.byte(value.preroll);
        writer.bits(3, value.dtmf_chars.size());
        writer.reserved(5);
        for (auto const character : value.dtmf_chars)
            writer.byte(static_cast<std::uint8_t>(character));
    }
    void operator()(SegmentationDescriptor const& value) const;
    void operator()(TimeDescriptor const& value) const {
        writer.double_word(cuei_identifier);
        writer.bits(48, value.tai_seconds);
        writer.double_word(value.tai_ns);
        writer.word(value.utc_offset);
    }
    void operator()(AudioDescriptor const& value) const {
        writer.double_word(cuei_identifier);
        writer.bits(4, value.components.size());
        writer.reserved(4);
        for (auto const& component : value.components) {
            writer.byte(component.component_tag);
            writer.bits(24, component.iso_code);
            writer.bits(3, component.bit_stream_mode);
            writer.bits(4, component.num_channels);
            writer.flag(component.full_srvc_audio);
        }
    }
    void operator()(UnknownDescriptor const& value) const {
        writer.double_word(value.identifier);
        writer.bytes(value.private_bytes);
    }
};

void WriteBody::operator()(SegmentationDescriptor const& value) const {
    writer.double_word(cuei_identifier);
    writer.double_word(value.segmentation_event_id);
    writer.flag(value.segmentation_event_cancel_indicator);
    writer.flag(value.segmentation_event_id_compliance_indicator);
    writer.reserved(6);
    if (value.segmentation_event_cancel_indicator) return;
    writer.flag(!value.components);
    writer.flag(value.segmentation_duration.has_value());
    writer.flag(!value.delivery_restrictions);
    write_restrictions(value.delivery_restrictions, writer);
    if (value.components) {
        writer.byte(value.components->size());
        for (auto const& component : *value.components) {
            writer.byte(component.component_tag);
            writer.reserved(7);
            writer.ticks(pts_bits, component.pts_offset);
        }
    }
    if (value.segmentation_duration)
        writer.ticks(segmentation_duration_bits, *value.segmentation_duration);
    writer.byte(value.segmentation_upid_type);
    writer.byte(value.segmentation_upid.size());
    writer.bytes(value.segmentation_upid);
    writer.byte(value.segmentation_type_id);
    writer.byte(value.segment_num);
    writer.byte(value.segments_expected);
    if (!value.sub_segment) return;
    writer.byte(value.sub_segment->sub_segment_num);
    writer.byte(value.sub_segment->sub_segments_expected);
}

} // namespace

SpliceDescriptor read_descriptor(FieldReader& reader) {
    auto const tag = reader.byte("splice_descriptor_tag");
    auto const length = reader.byte("descriptor_length");
    auto part = reader.part(length, "splice_descriptor");
    SpliceDescriptor descriptor{.body = read_body(tag, part)};
    descriptor.rest = part.rest();
    return descriptor;
}

std::uint8_t splice_descriptor_tag_of(SpliceDescriptor const& descriptor) noexcept {
    return std::visit(TagOf{}, descriptor.body);
}

void write(SpliceDescriptor const& descriptor, FieldWriter& writer) {
    FieldWriter body;
    std::visit(WriteBody{body}, descriptor.body);
    body.bytes(descriptor.rest);
    writer.byte(splice_descriptor_tag_of(descriptor));
    writer.byte(body.written().size());
    writer.bytes(body.written());
}

Bytes encode(SpliceDescriptor const& descriptor) {
    FieldWriter writer;
    write(descriptor, writer);
    return writer.written();
}

} // namespace continuo::scte35
