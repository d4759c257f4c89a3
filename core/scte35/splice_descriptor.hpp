// What a splice_info_section tells about the splice beyond its command: ANSI/SCTE 35 §10.3, field
// by field, each under its name there.
#pragma once

#include "core/scte35/splice_command.hpp"

#include <string>

namespace continuo::scte35 {

inline constexpr std::uint32_t cuei_identifier = 0x4355'4549; ///< "CUEI": the standard's own

struct AvailDescriptor {
    std::uint32_t provider_avail_id{};
    friend bool operator==(AvailDescriptor const&, AvailDescriptor const&) = default;
};

struct DtmfDescriptor {
    std::uint8_t preroll{}; ///< tenths of a second
    std::string dtmf_chars; ///< up to seven
    friend bool operator==(DtmfDescriptor const&, DtmfDescriptor const&) = default;
};

struct DeliveryRestrictions {
    bool web_delivery_allowed_flag{};
    bool no_regional_blackout_flag{};
    bool archive_allowed_flag{};
    std::uint8_t device_restrictions{3}; ///< 0-2: a group of devices; 3: none
    friend bool operator==(DeliveryRestrictions const&, DeliveryRestrictions const&) = default;
};

/// With `segmentation_event_cancel_indicator` all but the two flags and the id is left out.
struct SegmentationDescriptor {
    struct Component {
        std::uint8_t component_tag{};
        Ticks90k pts_offset{}; ///< 33 bit, added to the command's time
        friend bool operator==(Component const&, Component const&) = default;
    };
    struct SubSegment {
        std::uint8_t sub_segment_num{};
        std::uint8_t sub_segments_expected{};
        friend bool operator==(SubSegment const&, SubSegment const&) = default;
    };
    std::uint32_t segmentation_event_id{};
    bool segmentation_event_cancel_indicator{};
    bool segmentation_event_id_compliance_indicator{true}; ///< false: the id keeps to §9.9.3
    std::optional<DeliveryRestrictions> delivery_restrictions{};
    std::optional<std::vector<Component>> components{}; ///< in place of program_segmentation_flag
    std::optional<Ticks90k> segmentation_duration{};    ///< 40 bit
    std::uint8_t segmentation_upid_type{};
    Bytes segmentation_upid{}; ///< upid.hpp reads it
    std::uint8_t segmentation_type_id{};
    std::uint8_t segment_num{};
    std::uint8_t segments_expected{};
    std::optional<SubSegment> sub_segment{};
    friend bool operator==(SegmentationDescriptor const&, SegmentationDescriptor const&) = default;
};

struct TimeDescriptor {
    std::uint64_t tai_seconds{}; ///< 48 bit, since 1970-01-01T00:00:00 TAI
    std::uint32_t tai_ns{};
    std::uint16_t utc_offset{}; ///< TAI - UTC, in seconds
    friend bool operator==(TimeDescriptor const&, TimeDescriptor const&) = default;
};

struct AudioDescriptor {
    struct Component {
        std::uint8_t component_tag{};
        std::uint32_t iso_code{};       ///< ISO 639-2, three letters in 24 bits
        std::uint8_t bit_stream_mode{}; ///< 3 bit
        std::uint8_t num_channels{};    ///< 4 bit
        bool full_srvc_audio{};
        friend bool operator==(Component const&, Component const&) = default;
    };
    std::vector<Component> components; ///< up to 15
    friend bool operator==(AudioDescriptor const&, AudioDescriptor const&) = default;
};

/// Somebody else's, or a tag that the standard leaves free.
struct UnknownDescriptor {
    std::uint8_t splice_descriptor_tag{};
    std::uint32_t identifier{};
    Bytes private_bytes{};
    friend bool operator==(UnknownDescriptor const&, UnknownDescriptor const&) = default;
};

struct SpliceDescriptor {
    std::variant<AvailDescriptor, DtmfDescriptor, SegmentationDescriptor, TimeDescriptor,
                 AudioDescriptor, UnknownDescriptor>
        body;
    Bytes rest{}; ///< what a later edition may have added
    friend bool operator==(SpliceDescriptor const&, SpliceDescriptor const&) = default;
};

} // namespace continuo::scte35
