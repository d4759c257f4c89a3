#include "core/mp4/event_message.hpp"
#include "core/mp4/file_type.hpp"
#include "core/mp4/segment_index.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace small_boxes_test {

using namespace continuo;
using test::bytes_of;
using namespace test::fmp4;

mp4::Box only(Bytes const& bytes) {
    return mp4::BoxCursor(bytes).next().value().value();
}

/// Every box that ends before its fields do.
template <class Parse>
void check_truncations(Bytes const& whole, std::size_t fields, Parse parse) {
    for (std::size_t size = 8; size < fields; ++size) {
        auto part = Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        auto const claimed = number(size, 4);
        std::copy(claimed.begin(), claimed.end(), part.begin());
        CHECK(parse(only(part)).error().code == Errc::truncated);
    }
}

TEST_CASE("file type: brands of a file and of a segment") {
    auto const bytes = box("styp", bytes_of("6d736468 00000001 6d736468 6d736978"));
    auto const type = mp4::parse_file_type(only(bytes)).value();
    CHECK(type.major_brand == mp4::FourCC("msdh"));
    CHECK(type.minor_version == 1);
    CHECK(type.compatible_brands ==
          std::vector<mp4::FourCC>{mp4::FourCC("msdh"), mp4::FourCC("msix")});
    CHECK(type.is_compatible_with(mp4::FourCC("msix")));
    CHECK_FALSE(type.is_compatible_with(mp4::FourCC("cmfs")));
    check_truncations(bytes, 16, mp4::parse_file_type);
}

TEST_CASE("segment index: references, in both versions") {
    for (auto const version : {std::uint8_t{0}, std::uint8_t{1}}) {
        auto const width = version == 1 ? 8U : 4U;
        auto const bytes = full_box(
            "sidx", version, 0,
            joined({number(3, 4), number(48'000, 4), number(96'256, width), number(52, width),
                    number(0, 2), number(2, 2), bytes_of("80000123 00017700 90000000"),
                    bytes_of("00001000 00017800 2000000a")}));
        auto const index = mp4::parse_segment_index(only(bytes)).value();
        CHECK(index.version == version);
        CHECK(index.reference_id == 3);
        CHECK(index.timescale == 48'000);
        CHECK(index.earliest_presentation_time == 96'256);
        CHECK(index.first_offset == 52);
        CHECK(index.references ==
              std::vector<mp4::SegmentIndex::Reference>{{.is_index = true,
                                                         .size = 0x123,
                                                         .duration = 96'000,
                                                         .starts_with_sap = true,
                                                         .sap_type = 1,
                                                         .sap_delta_time = 0},
                                                        {.is_index = false,
                                                         .size = 0x1000,
                                                         .duration = 96'256,
                                                         .starts_with_sap = false,
                                                         .sap_type = 2,
                                                         .sap_delta_time = 10}});
        check_truncations(bytes, bytes.size(), mp4::parse_segment_index);
    }
}

TEST_CASE("event message: scheme, times and data, in both versions") {
    auto const scheme = joined({Bytes{'u', 'r', 'n', ':', 'x', 0}, Bytes{'7', 0}});
    auto const fixed = joined({number(0xFFFF'FFFF, 4), number(9, 4)}); // duration, id
    auto const data = Bytes{0xFC, 0x30};
    auto const old =
        full_box("emsg", 0, 0, joined({scheme, number(90'000, 4), number(4500, 4), fixed, data}));
    auto const event = mp4::parse_event_message(only(old)).value();
    CHECK(event.scheme_id_uri == "urn:x");
    CHECK(event.value == "7");
    CHECK(event.timescale == 90'000);
    CHECK(event.time == 4500);
    CHECK(event.duration == 0xFFFF'FFFF);
    CHECK(event.id == 9);
    CHECK(std::ranges::equal(event.data, data));
    check_truncations(old, old.size() - data.size(), mp4::parse_event_message);

    auto const recent = full_box(
        "emsg", 1, 0,
        joined({number(90'000, 4), number(std::uint64_t{1} << 33, 8), fixed, scheme, data}));
    auto const later = mp4::parse_event_message(only(recent)).value();
    CHECK(later.time == std::uint64_t{1} << 33);
    CHECK(later.scheme_id_uri == "urn:x");
    CHECK(later.data.size() == 2);
    check_truncations(recent, recent.size() - data.size(), mp4::parse_event_message);

    auto const unknown = full_box("emsg", 2, 0, Bytes(40, 0));
    CHECK(mp4::parse_event_message(only(unknown)).error().code == Errc::unsupported);
}

} // namespace small_boxes_test
