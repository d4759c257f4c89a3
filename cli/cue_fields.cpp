#include "cli/cue_fields.hpp"

#include "core/base/binary_text.hpp"
#include "core/scte35/names.hpp"
#include "core/scte35/upid.hpp"

#include <string>

namespace continuo::cli {
namespace {

using nlohmann::ordered_json;

constexpr auto gps_seconds = "s since 1980-01-06T00:00:00Z, leap seconds counted";

/// "CUEI", or in hexadecimal what is no text.
std::string four_characters(std::uint32_t code) {
    scte35::Bytes bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>(code >> shift));
    return scte35::printable(bytes).value_or("0x" + hex_of(bytes));
}

ordered_json splice_time(std::optional<Ticks90k> time) {
    ordered_json fields{{"time_specified_flag", time.has_value()}};
    if (time) add_ticks(fields, "pts_time", *time);
    return fields;
}

void add_break_duration(ordered_json& fields, std::optional<scte35::BreakDuration> const& value) {
    if (!value) return;
    ordered_json entry{{"auto_return", value->auto_return}};
    add_ticks(entry, "duration", value->duration);
    fields["break_duration"] = std::move(entry);
}

/// What splices end with, whether they are at hand or scheduled.
template <class Splice>
void add_programme(ordered_json& fields, Splice const& splice) {
    add_break_duration(fields, splice.break_duration);
    fields["unique_program_id"] = splice.unique_program_id;
    fields["avail_num"] = splice.avail_num;
    fields["avails_expected"] = splice.avails_expected;
}

ordered_json component_fields(scte35::SpliceInsert::Component const& component, bool is_timed) {
    ordered_json fields{{"component_tag", component.component_tag}};
    if (is_timed) fields["splice_time"] = splice_time(component.pts_time);
    return fields;
}

ordered_json splice_fields(scte35::SpliceSchedule::Splice const& splice) {
    ordered_json fields{{"splice_event_id", splice.splice_event_id},
                        {"splice_event_cancel_indicator", splice.splice_event_cancel_indicator},
                        {"event_id_compliance_flag", splice.event_id_compliance_flag}};
    if (splice.splice_event_cancel_indicator) return fields;
    fields["out_of_network_indicator"] = splice.out_of_network_indicator;
    fields["program_splice_flag"] = !splice.components;
    fields["duration_flag"] = splice.break_duration.has_value();
    if (splice.components) {
        fields["component_count"] = splice.components->size();
        fields["components"] = ordered_json::array();
        for (auto const& component : *splice.components)
            fields["components"].push_back({{"component_tag", component.component_tag},
                                            {"utc_splice_time", component.utc_splice_time},
                                            {"utc_splice_time_unit", gps_seconds}});
    } else {
        fields["utc_splice_time"] = splice.utc_splice_time;
        fields["utc_splice_time_unit"] = gps_seconds;
    }
    add_programme(fields, splice);
    return fields;
}

struct AddCommand {
    ordered_json& fields;

    void operator()(scte35::SpliceNull const&) const {}
    void operator()(scte35::BandwidthReservation const&) const {}
    void operator()(scte35::EncryptedCommand const&) const {}
    void operator()(scte35::TimeSignal const& command) const {
        fields["splice_time"] = splice_time(command.pts_time);
    }
    void operator()(scte35::PrivateCommand const& command) const {
        fields["identifier"] = four_characters(command.identifier);
        fields["private_bytes"] = hex_of(command.private_bytes);
    }
    void operator()(scte35::UnknownCommand const& command) const {
        fields["bytes"] = hex_of(command.bytes);
    }
    void operator()(scte35::SpliceSchedule const& command) const {
        fields["splice_count"] = command.splices.size();
        fields["splices"] = ordered_json::array();
        for (auto const& splice : command.splices)
            fields["splices"].push_back(splice_fields(splice));
    }
    void operator()(scte35::SpliceInsert const& splice) const {
        fields["splice_event_id"] = splice.splice_event_id;
        fields["splice_event_cancel_indicator"] = splice.splice_event_cancel_indicator;
        if (splice.splice_event_cancel_indicator) return;
        fields["out_of_network_indicator"] = splice.out_of_network_indicator;
        fields["program_splice_flag"] = !splice.components;
        fields["duration_flag"] = splice.break_duration.has_value();
        fields["splice_immediate_flag"] = splice.splice_immediate_flag;
        fields["event_id_compliance_flag"] = splice.event_id_compliance_flag;
        auto const is_timed = !splice.splice_immediate_flag;
        if (splice.components) {
            fields["component_count"] = splice.components->size();
            fields["components"] = ordered_json::array();
            for (auto const& component : *splice.components)
                fields["components"].push_back(component_fields(component, is_timed));
        } else if (is_timed) {
            fields["splice_time"] = splice_time(splice.pts_time);
        }
        add_programme(fields, splice);
    }
};

ordered_json upid_fields(scte35::Upid const& upid) {
    ordered_json fields{{"segmentation_upid_type", upid.type},
                        {"segmentation_upid_type_name", scte35::upid_type_name(upid.type)},
                        {"segmentation_upid_length", upid.bytes.size()}};
    if (upid.bytes.empty()) return fields;
    fields["segmentation_upid"] = "0x" + hex_of(upid.bytes);
    if (auto const text = to_text(upid)) fields["segmentation_upid_text"] = *text;
    return fields;
}

void add_upids(ordered_json& fields, scte35::SegmentationDescriptor const& value) {
    scte35::Upid const whole{.type = value.segmentation_upid_type,
                             .bytes = value.segmentation_upid};
    fields.update(upid_fields(whole));
    auto const parts = upids_of(value);
    if (parts.empty() || parts.front() == whole) return;
    fields["segmentation_upids"] = ordered_json::array();
    for (auto const& part : parts)
        fields["segmentation_upids"].push_back(upid_fields(part));
}

void add_restrictions(ordered_json& fields,
                      std::optional<scte35::DeliveryRestrictions> const& value) {
    fields["delivery_not_restricted_flag"] = !value;
    if (!value) return;
    fields["web_delivery_allowed_flag"] = value->web_delivery_allowed_flag;
    fields["no_regional_blackout_flag"] = value->no_regional_blackout_flag;
    fields["archive_allowed_flag"] = value->archive_allowed_flag;
    fields["device_restrictions"] = value->device_restrictions;
    fields["device_restrictions_name"] =
        scte35::device_restrictions_name(value->device_restrictions);
}

struct AddDescriptor {
    ordered_json& fields;

    void operator()(scte35::AvailDescriptor const& value) const {
        fields["provider_avail_id"] = value.provider_avail_id;
    }
    void operator()(scte35::DtmfDescriptor const& value) const {
        scte35::Bytes const characters(value.dtmf_chars.begin(), value.dtmf_chars.end());
        fields["preroll"] = value.preroll;
        fields["preroll_unit"] = "tenths of a second";
        fields["dtmf_count"] = characters.size();
        fields["DTMF_char"] = scte35::printable(characters).value_or("0x" + hex_of(characters));
    }
    void operator()(scte35::SegmentationDescriptor const& value) const;
    void operator()(scte35::TimeDescriptor const& value) const {
        fields["TAI_seconds"] = value.tai_seconds;
        fields["TAI_ns"] = value.tai_ns;
        fields["UTC_offset"] = value.utc_offset;
    }
    void operator()(scte35::AudioDescriptor const& value) const {
        fields["audio_count"] = value.components.size();
        fields["components"] = ordered_json::array();
        for (auto const& component : value.components) {
            fields["components"].push_back({{"component_tag", component.component_tag},
                                            {"ISO_code", four_characters(component.iso_code)},
                                            {"Bit_Stream_Mode", component.bit_stream_mode},
                                            {"Num_Channels", component.num_channels},
                                            {"Full_Srvc_Audio", component.full_srvc_audio}});
        }
    }
    void operator()(scte35::UnknownDescriptor const& value) const {
        fields["private_bytes"] = hex_of(value.private_bytes);
    }
};

void AddDescriptor::operator()(scte35::SegmentationDescriptor const& value) const {
    fields["segmentation_event_id"] = value.segmentation_event_id;
    fields["segmentation_event_cancel_indicator"] = value.segmentation_event_cancel_indicator;
    fields["segmentation_event_id_compliance_indicator"] =
        value.segmentation_event_id_compliance_indicator;
    if (value.segmentation_event_cancel_indicator) return;
    fields["program_segmentation_flag"] = !value.components;
    fields["segmentation_duration_flag"] = value.segmentation_duration.has_value();
    add_restrictions(fields, value.delivery_restrictions);
    if (value.components) {
        fields["component_count"] = value.components->size();
        fields["components"] = ordered_json::array();
        for (auto const& component : *value.components) {
            ordered_json entry{{"component_tag", component.component_tag}};
            add_ticks(entry, "pts_offset", component.pts_offset);
            fields["components"].push_back(std::move(entry));
        }
    }
    if (value.segmentation_duration)
        add_ticks(fields, "segmentation_duration", *value.segmentation_duration);
    add_upids(fields, value);
    fields["segmentation_type_id"] = value.segmentation_type_id;
    fields["segmentation_type_id_name"] =
        scte35::segmentation_type_name(value.segmentation_type_id);
    fields["segment_num"] = value.segment_num;
    fields["segments_expected"] = value.segments_expected;
    if (!value.sub_segment) return;
    fields["sub_segment_num"] = value.sub_segment->sub_segment_num;
    fields["sub_segments_expected"] = value.sub_segment->sub_segments_expected;
}

} // namespace

void add_fields(ordered_json& fields, scte35::SpliceCommand const& command) {
    std::visit(AddCommand{fields}, command);
}

void add_fields(ordered_json& fields, scte35::SpliceDescriptor const& descriptor) {
    auto const* const unknown = std::get_if<scte35::UnknownDescriptor>(&descriptor.body);
    fields["identifier"] =
        four_characters(unknown != nullptr ? unknown->identifier : scte35::cuei_identifier);
    std::visit(AddDescriptor{fields}, descriptor.body);
    if (!descriptor.rest.empty()) fields["rest"] = hex_of(descriptor.rest);
}

} // namespace continuo::cli
