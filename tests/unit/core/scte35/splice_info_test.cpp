#include "core/base/crc32.hpp"
#include "core/scte35/splice_info.hpp"
#include "tests/unit/core/scte35/samples.hpp"

#include <doctest/doctest.h>

#include <string>

namespace splice_info_test {

using namespace continuo;
using namespace continuo::scte35;

/// The same section with other bytes, and a checksum that fits.
Bytes with_fresh_crc(Bytes section) {
    section.resize(section.size() - 4);
    auto const crc = crc32_mpeg2(section);
    for (int shift = 24; shift >= 0; shift -= 8)
        section.push_back(static_cast<std::uint8_t>(crc >> shift));
    return section;
}

std::string why_not(Bytes const& section) {
    auto const info = parse_splice_info(section);
    REQUIRE_FALSE(info.has_value());
    return to_text(info.error());
}

template <class Command>
SpliceInfo info_with(Command command) {
    SpliceInfo info;
    info.command = std::move(command);
    return info;
}

SpliceInfo info_about(decltype(SpliceDescriptor::body) body) {
    auto info = info_with(TimeSignal{.pts_time = Ticks90k{90'000}});
    info.descriptors.push_back({.body = std::move(body)});
    return info;
}

void check_round_trip(SpliceInfo const& info) {
    auto const section = encode(info);
    auto const again = parse_splice_info(section);
    REQUIRE_MESSAGE(again.has_value(), to_text(again.error()));
    CHECK((*again == info));
    CHECK(encode(*again) == section);
}

TEST_CASE("splice info: sections of other encoders are written again byte for byte") {
    for (auto const text : sample::all) {
        CAPTURE(text);
        CHECK(base64_of(encode(sample::read(text))) == text);
    }
}

TEST_CASE("splice info: a splice_insert, field by field") {
    auto const info = sample::read(sample::splice_insert);
    CHECK(info.sap_type == 3);
    CHECK(info.cw_index == 0xFF);
    CHECK(info.tier == 0xFFF);
    CHECK(info.pts_adjustment == Ticks90k::zero());
    auto const& splice = std::get<SpliceInsert>(info.command);
    CHECK(splice.splice_event_id == 0x4800008F);
    CHECK_FALSE(splice.splice_event_cancel_indicator);
    CHECK(splice.out_of_network_indicator);
    CHECK_FALSE(splice.splice_immediate_flag);
    CHECK(splice.event_id_compliance_flag);
    CHECK(splice.pts_time == Ticks90k{0x07369C02E});
    CHECK_FALSE(splice.components.has_value());
    REQUIRE(splice.break_duration.has_value());
    CHECK(splice.break_duration->auto_return);
    CHECK(splice.break_duration->duration == Ticks90k{0x52CCF5});
    CHECK(splice.unique_program_id == 0);
    REQUIRE(info.descriptors.size() == 1);
    CHECK(std::get<AvailDescriptor>(info.descriptors[0].body).provider_avail_id == 0x135);
}

TEST_CASE("splice info: a time_signal with a segmentation descriptor, field by field") {
    auto const info = sample::read(sample::placement_opportunity_start);
    CHECK(std::get<TimeSignal>(info.command).pts_time == Ticks90k{0x072BD0050});
    REQUIRE(info.descriptors.size() == 1);
    auto const& segmentation = std::get<SegmentationDescriptor>(info.descriptors[0].body);
    CHECK(segmentation.segmentation_event_id == 0x4800008E);
    REQUIRE(segmentation.delivery_restrictions.has_value());
    CHECK_FALSE(segmentation.delivery_restrictions->web_delivery_allowed_flag);
    CHECK(segmentation.delivery_restrictions->no_regional_blackout_flag);
    CHECK(segmentation.delivery_restrictions->archive_allowed_flag);
    CHECK(segmentation.delivery_restrictions->device_restrictions == 3);
    CHECK(segmentation.segmentation_duration == Ticks90k{0x1A599B0});
    CHECK(segmentation.segmentation_upid_type == 8);
    CHECK(segmentation.segmentation_upid == Bytes{0, 0, 0, 0, 0x2C, 0xA0, 0xA1, 0x8A});
    CHECK(segmentation.segmentation_type_id == 0x34);
    CHECK(segmentation.segment_num == 2);
    CHECK(segmentation.segments_expected == 0);
    CHECK_FALSE(segmentation.sub_segment.has_value());
}

TEST_CASE("splice info: component mode, also with no components") {
    auto const info = sample::read(sample::out_now);
    auto const& splice = std::get<SpliceInsert>(info.command);
    CHECK(splice.splice_immediate_flag);
    REQUIRE(splice.components.has_value());
    CHECK(splice.components->empty());
    CHECK(splice.break_duration->duration == Ticks90k{1'206'000});
    CHECK(splice.unique_program_id == 9);
}

TEST_CASE("splice info: DTMF, descriptors of others, untold lengths and stuffing") {
    auto const dtmf = sample::read(sample::with_dtmf);
    auto const& tones = std::get<DtmfDescriptor>(dtmf.descriptors.at(0).body);
    CHECK(tones.preroll == 80);
    CHECK(tones.dtmf_chars == "519*");

    auto const foreign = sample::read(sample::foreign_descriptor);
    REQUIRE(foreign.descriptors.size() == 2);
    auto const& unknown = std::get<UnknownDescriptor>(foreign.descriptors[0].body);
    CHECK(unknown.identifier == 0x53415053);
    CHECK(unknown.private_bytes == Bytes{0x0B});
    CHECK(std::get<SegmentationDescriptor>(foreign.descriptors[1].body).segment_num == 10);

    auto const untold = sample::read(sample::untold_command_length);
    CHECK(untold.legacy_command_length);
    CHECK(std::get<TimeSignal>(untold.command).pts_time == Ticks90k{3'550'479'013});

    CHECK(sample::read(sample::stuffed_without_encryption).alignment_stuffing.size() == 3);
    auto const adjusted = sample::read(sample::adjusted_and_stuffed);
    CHECK(adjusted.pts_adjustment == Ticks90k{0x52DB'E600});
    CHECK(adjusted.tier == 0x00A);
    CHECK(adjusted.alignment_stuffing.size() == 3);
}

TEST_CASE("splice info: every command survives being written and read") {
    using Insert = SpliceInsert;
    using Schedule = SpliceSchedule;
    check_round_trip(info_with(SpliceNull{}));
    check_round_trip(info_with(BandwidthReservation{}));
    check_round_trip(info_with(TimeSignal{}));
    check_round_trip(info_with(TimeSignal{.pts_time = clock_turn - Ticks90k{1}}));
    check_round_trip(info_with(PrivateCommand{.identifier = 0x41424344, .private_bytes = {1, 2}}));
    check_round_trip(info_with(UnknownCommand{.splice_command_type = 0x42, .bytes = {9, 8, 7}}));
    check_round_trip(
        info_with(Insert{.splice_event_id = 7, .splice_event_cancel_indicator = true}));
    check_round_trip(info_with(Insert{.splice_event_id = 7, .event_id_compliance_flag = false}));
    check_round_trip(info_with(Insert{
        .components = {{{.component_tag = 1, .pts_time = Ticks90k{5}}, {.component_tag = 2}}},
        .break_duration = {{.auto_return = false, .duration = Ticks90k{1}}},
        .avail_num = 2,
        .avails_expected = 3}));
    check_round_trip(
        info_with(Insert{.splice_immediate_flag = true, .components = {{{.component_tag = 1}}}}));
    check_round_trip(info_with(Schedule{}));
    check_round_trip(info_with(Schedule{
        {{.splice_event_id = 1, .splice_event_cancel_indicator = true},
         {.splice_event_id = 2,
          .event_id_compliance_flag = false,
          .out_of_network_indicator = true,
          .utc_splice_time = 1'400'000'000,
          .break_duration = {{.auto_return = true, .duration = Ticks90k{2'700'000}}},
          .unique_program_id = 77},
         {.splice_event_id = 3, .components = {{{.component_tag = 4, .utc_splice_time = 5}}}}}}));
}

TEST_CASE("splice info: every descriptor survives being written and read") {
    using Segmentation = SegmentationDescriptor;
    check_round_trip(info_about(AvailDescriptor{.provider_avail_id = 1}));
    check_round_trip(info_about(DtmfDescriptor{.preroll = 40, .dtmf_chars = "123*#00"}));
    check_round_trip(info_about(
        TimeDescriptor{.tai_seconds = 0xFFFF'FFFF'FFFF, .tai_ns = 999'999'999, .utc_offset = 37}));
    check_round_trip(info_about(AudioDescriptor{{{.component_tag = 1,
                                                  .iso_code = 0x646575,
                                                  .bit_stream_mode = 7,
                                                  .num_channels = 15,
                                                  .full_srvc_audio = true},
                                                 {.component_tag = 2}}}));
    check_round_trip(info_about(
        UnknownDescriptor{.splice_descriptor_tag = 0xF0, .identifier = cuei_identifier}));
    check_round_trip(info_about(
        Segmentation{.segmentation_event_id = 9, .segmentation_event_cancel_indicator = true}));
    check_round_trip(info_about(
        Segmentation{.segmentation_event_id_compliance_indicator = false,
                     .delivery_restrictions = {{.device_restrictions = 1}},
                     .components = {{{.component_tag = 6, .pts_offset = Ticks90k{7}}}},
                     .segmentation_duration = Ticks90k{0xFF'FFFF'FFFF},
                     .segmentation_upid_type = 0x0F,
                     .segmentation_upid = {'u', 'r', 'n'},
                     .segmentation_type_id = 0x30,
                     .segment_num = 1,
                     .segments_expected = 2,
                     .sub_segment = {{.sub_segment_num = 3, .sub_segments_expected = 4}}}));
}

TEST_CASE("splice info: what later editions add is kept") {
    auto info = info_about(AvailDescriptor{.provider_avail_id = 1});
    info.command_rest = {1, 2, 3};
    info.descriptors[0].rest = {4};
    check_round_trip(info);
}

TEST_CASE("splice info: a legacy section without room for sub-segments has none") {
    auto info = info_about(SegmentationDescriptor{.segmentation_type_id = 0x34});
    info.descriptors[0].rest = {1};
    check_round_trip(info);
}

TEST_CASE("splice info: an encrypted section is read as far as it is clear") {
    auto info = info_with(EncryptedCommand{.splice_command_length = 20, .bytes = Bytes(36, 0xA5)});
    info.encryption_algorithm = 2;
    info.cw_index = 1;
    info.pts_adjustment = Ticks90k{90'000};
    CHECK(info.encrypted_packet());
    check_round_trip(info);
}

TEST_CASE("splice info: a wrong checksum is told with both values") {
    CHECK(why_not(sample::section_of(sample::wrong_crc)) ==
          "CRC_32 at byte 55: the section says 0xa7983b74, its bytes give 0xa7983b73: malformed");
}

TEST_CASE("splice info: any byte that is wrong is found") {
    auto section = sample::section_of(sample::splice_insert);
    for (auto& byte : section) {
        byte ^= 0x10;
        CHECK_FALSE(parse_splice_info(section).has_value());
        byte ^= 0x10;
    }
}

TEST_CASE("splice info: every truncation is an error") {
    for (auto const text : sample::all) {
        auto const section = sample::section_of(text);
        for (std::size_t size = 0; size < section.size(); ++size) {
            auto const info = parse_splice_info(std::span(section).first(size));
            REQUIRE_FALSE(info.has_value());
            CHECK(info.error().code == Errc::truncated);
        }
    }
}

TEST_CASE("splice info: lengths that do not fit name their field and its byte") {
    auto too_short = sample::section_of(sample::splice_insert);
    too_short[12] = 0x0A; // splice_command_length
    CHECK(why_not(with_fresh_crc(too_short)) == "pts_time at byte 20: truncated");
}

TEST_CASE("splice info: bytes behind the section are not looked at") {
    auto section = sample::section_of(sample::in_now);
    auto const info = parse_splice_info(section);
    CHECK(section_size(section) == section.size());
    section.insert(section.end(), 10, 0xFF);
    CHECK((parse_splice_info(section).value() == info.value()));
}

} // namespace splice_info_test
