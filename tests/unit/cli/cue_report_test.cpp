#include "cli/cue_report.hpp"
#include "core/scte35/names.hpp"
#include "tests/unit/core/scte35/samples.hpp"

#include <doctest/doctest.h>

namespace cue_report_test {

using namespace continuo;
using namespace continuo::cli;
namespace sample = continuo::scte35::sample;

scte35::CueText cue_of(scte35::SpliceInfo const& info) {
    auto const text = base64_of(encode(info));
    auto cue = scte35::parse_cue_text(text);
    REQUIRE(cue.has_value());
    return *std::move(cue);
}

scte35::CueText cue_of(std::string_view text) {
    auto cue = scte35::parse_cue_text(text);
    REQUIRE(cue.has_value());
    return *std::move(cue);
}

bool holds(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("cue report: every field under the standard's name, times in ticks and seconds") {
    CHECK(cue_report(cue_of(sample::out_at)) == R"(splice_info_section:
  table_id: 252
  section_syntax_indicator: false
  private_indicator: false
  sap_type: 3
  section_length: 37
  protocol_version: 0
  encrypted_packet: false
  encryption_algorithm: 0
  pts_adjustment: 0 ticks (0.000000 s)
  cw_index: 0
  tier: 4095
  splice_command_length: 20
  splice_command_type: 0x05 (splice_insert)
  splice_insert:
    splice_event_id: 1
    splice_event_cancel_indicator: false
    out_of_network_indicator: true
    program_splice_flag: true
    duration_flag: true
    splice_immediate_flag: false
    event_id_compliance_flag: true
    splice_time:
      time_specified_flag: true
      pts_time: 111111110 ticks (1234.567889 s)
    break_duration:
      auto_return: true
      duration: 2700000 ticks (30.000000 s)
    unique_program_id: 1
    avail_num: 0
    avails_expected: 0
  descriptor_loop_length: 0
  CRC_32: 0x873BE6BD
events[0]:
  kind: out
  event_id: 1
  by_segmentation: false
  time: 111111110 ticks (1234.567889 s)
  planned: 2700000 ticks (30.000000 s)
  auto_return: true
base64: /DAlAAAAAAAAAP/wFAUAAAABf+/+Bp9rxv4AKTLgAAEAAAAAhzvmvQ==
)");
}

TEST_CASE("cue report: descriptors with what their codes mean") {
    auto const report = cue_report(cue_of(sample::placement_opportunity_start));
    CHECK(holds(report, R"(
  descriptor_loop_length: 30
  splice_descriptors[0]:
    splice_descriptor_tag: 0x02 (segmentation_descriptor)
    descriptor_length: 28
    identifier: CUEI
    segmentation_event_id: 1207959694
    segmentation_event_cancel_indicator: false
    segmentation_event_id_compliance_indicator: true
    program_segmentation_flag: true
    segmentation_duration_flag: true
    delivery_not_restricted_flag: false
    web_delivery_allowed_flag: false
    no_regional_blackout_flag: true
    archive_allowed_flag: true
    device_restrictions: 0x03 (None)
    segmentation_duration: 27630000 ticks (307.000000 s)
    segmentation_upid_type: 0x08 (TI)
    segmentation_upid_length: 8
    segmentation_upid: 0x000000002CA0A18A
    segmentation_upid_text: 748724618
    segmentation_type_id: 0x34 (Provider Placement Opportunity Start)
    segment_num: 2
    segments_expected: 0
)"));
}

TEST_CASE("cue report: tones, several UPIDs and descriptors of others") {
    auto const tones = cue_report(cue_of(sample::with_dtmf));
    CHECK(holds(tones,
                "    preroll: 80 tenths of a second\n    dtmf_count: 4\n    DTMF_char: 519*\n"));
    auto const upids = cue_report(cue_of(sample::several_upids));
    CHECK(holds(upids, "segmentation_upids[2]:\n      segmentation_upid_type: 0x09 (ADI)\n"));
    auto const foreign = cue_report(cue_of(sample::foreign_descriptor));
    CHECK(holds(foreign, "identifier: SAPS\n    private_bytes: 0B\n"));
}

TEST_CASE("cue report: JSON is one line with numbers") {
    CHECK(cue_json(cue_of(sample::heartbeat)) ==
          R"({"splice_info_section":{"table_id":252,"section_syntax_indicator":false,)"
          R"("private_indicator":false,"sap_type":3,"section_length":17,"protocol_version":0,)"
          R"("encrypted_packet":false,"encryption_algorithm":0,"pts_adjustment":0,)"
          R"("pts_adjustment_seconds":0.0,"cw_index":0,"tier":4095,"splice_command_length":0,)"
          R"("splice_command_type":0,"splice_command_type_name":"splice_null",)"
          R"("descriptor_loop_length":0,"CRC_32":"0x7A4FBFFF"},"events":[],)"
          R"("base64":"/DARAAAAAAAAAP/wAAAAAHpPv/8="})");
    CHECK(holds(cue_json(cue_of(sample::out_at)),
                R"("pts_time":111111110,"pts_time_seconds":1234.567889)"));
}

TEST_CASE("cue report: bytes that are no text never reach the JSON as such") {
    scte35::SpliceInfo info;
    info.command = scte35::PrivateCommand{.identifier = 0xFF00'0001, .private_bytes = {0xFE}};
    info.descriptors = {
        {.body = scte35::DtmfDescriptor{.preroll = 1, .dtmf_chars = "\xC3\x28"}},
        {.body = scte35::AudioDescriptor{{{.component_tag = 1, .iso_code = 0xFFFFFF}}}},
        {.body = scte35::SegmentationDescriptor{.segmentation_upid_type = 0x0F,
                                                .segmentation_upid = {0xC3, 0x28}}},
        {.body = scte35::UnknownDescriptor{.identifier = 0x8080'8080}}};
    auto const json = cue_json(cue_of(info));
    CHECK(holds(json, R"("identifier":"0xFF000001","private_bytes":"FE")"));
    CHECK(holds(json, R"("DTMF_char":"0xC328")"));
    CHECK(holds(json, R"("ISO_code":"0x00FFFFFF")"));
    CHECK_FALSE(holds(json, "segmentation_upid_text"));
    CHECK(holds(json, R"("identifier":"0x80808080")"));
}

TEST_CASE("cue report: every command has its fields") {
    auto const report_of = [](scte35::SpliceCommand command) {
        scte35::SpliceInfo info;
        info.command = std::move(command);
        return cue_report(cue_of(info));
    };
    CHECK(holds(report_of(scte35::TimeSignal{}), "  time_signal:\n    splice_time:\n"
                                                 "      time_specified_flag: false\n"));
    CHECK(holds(report_of(scte35::BandwidthReservation{}),
                "splice_command_type: 0x07 (bandwidth_reservation)\n"));
    CHECK(holds(report_of(scte35::UnknownCommand{.splice_command_type = 0x42, .bytes = {1}}),
                "splice_command_type: 0x42 (unknown)\n  unknown:\n    bytes: 01\n"));
    CHECK(holds(report_of(scte35::SpliceSchedule{{{.splice_event_id = 5, .utc_splice_time = 9}}}),
                "utc_splice_time: 9 s since 1980-01-06T00:00:00Z, leap seconds counted\n"));
    CHECK(holds(report_of(scte35::SpliceInsert{
                    .components = {{{.component_tag = 3, .pts_time = Ticks90k{90}}}}}),
                "    component_count: 1\n    components[0]:\n      component_tag: 3\n"
                "      splice_time:\n        time_specified_flag: true\n"
                "        pts_time: 90 ticks (0.001000 s)\n"));
    auto const hidden =
        report_of(scte35::EncryptedCommand{.splice_command_length = 4, .bytes = {0xDE, 0xAD}});
    CHECK(holds(hidden, "encrypted_packet: true\n"));
    CHECK(holds(hidden, "  splice_command_length: 4\n  encrypted: DEAD\n  CRC_32: "));
}

} // namespace cue_report_test
