#include "core/scte35/names.hpp"
#include "core/scte35/upid.hpp"
#include "tests/unit/core/scte35/samples.hpp"

#include <doctest/doctest.h>

namespace upid_test {

using namespace continuo;
using namespace continuo::scte35;

SegmentationDescriptor segmentation_of(std::string_view base64) {
    auto const info = sample::read(base64);
    for (auto const& descriptor : info.descriptors)
        if (auto const* const found = std::get_if<SegmentationDescriptor>(&descriptor.body))
            return *found;
    FAIL("no segmentation descriptor");
    return {};
}

std::string text_of(std::uint8_t type, Bytes bytes) {
    return to_text(Upid{.type = type, .bytes = std::move(bytes)}).value_or("nothing");
}

TEST_CASE("upid: several in one, each as its registry writes it") {
    auto const upids = upids_of(segmentation_of(sample::several_upids));
    REQUIRE(upids.size() == 3);
    CHECK(to_text(upids[0]) == "10.5239/8BE5-E3F6-0000-0000-0000");
    CHECK(upids[1] == upids[0]);
    CHECK(to_text(upids[2]) == "SIGNAL:Ly9EMGxKR0hFZUtpMHdCUVZnRUFnZz1");
}

TEST_CASE("upid: numbers, URIs, UUIDs and text") {
    CHECK(to_text(upids_of(segmentation_of(sample::placement_opportunity_start)).at(0)) ==
          "748724618");
    CHECK(to_text(upids_of(segmentation_of(sample::foreign_descriptor)).at(0)) ==
          "urn:nbcuni.com:brc:499866434");
    CHECK(to_text(upids_of(segmentation_of(sample::untold_command_length)).at(0)) ==
          "DISCYMWF0452000H");
    CHECK(text_of(0x10, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}) ==
          "00010203-0405-0607-0809-0A0B0C0D0E0F");
}

TEST_CASE("upid: none of it is invented") {
    CHECK(upids_of({}).empty());
    CHECK(text_of(0x0A, {1, 2, 3}) == "nothing");
    CHECK(text_of(0x10, {1}) == "nothing");
    CHECK(text_of(0x08, Bytes(9)) == "nothing");
    CHECK(text_of(0x06, Bytes(12)) == "nothing");
    CHECK(text_of(0x0F, {'u', 0xFC}) == "nothing");
    CHECK(text_of(0x0F, {'u', 0x0A}) == "nothing");
}

TEST_CASE("upid: a MID() that its parts do not fill stands for itself") {
    for (Bytes const& broken : {Bytes{0x08}, Bytes{0x0F, 2, 'a'}, Bytes{0x0F, 1, 'a', 0x0F}}) {
        SegmentationDescriptor const segmentation{.segmentation_upid_type = 0x0D,
                                                  .segmentation_upid = broken};
        CHECK((upids_of(segmentation) == std::vector{Upid{.type = 0x0D, .bytes = broken}}));
    }
}

TEST_CASE("names: commands, descriptors and codes have the standard's") {
    CHECK(name_of(sample::read(sample::out_at).command) == "splice_insert");
    CHECK(name_of(sample::read(sample::program_end).command) == "time_signal");
    CHECK(name_of(SpliceCommand{EncryptedCommand{}}) == "encrypted");
    CHECK(name_of(sample::read(sample::with_dtmf).descriptors.at(0)) == "DTMF_descriptor");
    CHECK(name_of(sample::read(sample::foreign_descriptor).descriptors.at(0)) == "unknown");
    CHECK(segmentation_type_name(0x47) == "Distributor Ad Block End");
    CHECK(segmentation_type_name(0x52) == "unknown");
    CHECK(upid_type_name(0x11) == "SCR");
    CHECK(upid_type_name(0x12) == "unknown");
    CHECK(device_restrictions_name(3) == "None");
}

} // namespace upid_test
