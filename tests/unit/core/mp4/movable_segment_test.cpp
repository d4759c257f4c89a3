#include "core/mp4/event_message.hpp"
#include "core/mp4/fragment.hpp"
#include "core/mp4/movable_segment.hpp"
#include "core/mp4/segment_index.hpp"
#include "tests/support/fragment_builder.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

namespace movable_segment_test {

using namespace continuo;
using test::Bytes;
using test::FragmentSpec;

constexpr std::uint32_t timescale = 90'000;
constexpr std::int64_t beyond_32_bits = std::int64_t{1} << 33;

/// styp, an index over two fragments, the fragments.
Bytes segment_of(FragmentSpec first, FragmentSpec second, std::uint8_t index_version = 0) {
    auto const styp = test::box("styp", {Bytes{'m', 's', 'd', 'h', 0, 0, 0, 0}});
    mp4::SegmentIndex index{.offset = 0,
                            .version = index_version,
                            .reference_id = 1,
                            .timescale = timescale,
                            .earliest_presentation_time = first.time,
                            .first_offset = 0,
                            .references = {{.size = 1}, {.size = 1}}};
    auto const begin = styp.size() + mp4::encode(index).size();
    auto const one = test::fragment(first, begin);
    auto const two = test::fragment(second, begin + one.size());
    index.references[0].size = static_cast<std::uint32_t>(one.size());
    index.references[1].size = static_cast<std::uint32_t>(two.size());
    return test::joined({styp, mp4::encode(index), one, two});
}

Bytes whole(std::vector<mp4::Stretch> const& stretches, Bytes const& file) {
    Bytes bytes;
    for (auto const& stretch : stretches) {
        bytes.insert(bytes.end(), stretch.bytes.begin(), stretch.bytes.end());
        auto const from = file.begin() + static_cast<std::ptrdiff_t>(stretch.file_offset);
        bytes.insert(bytes.end(), from, from + static_cast<std::ptrdiff_t>(stretch.file_bytes));
    }
    return bytes;
}

Bytes moved(Bytes const& file, std::int64_t shift, std::uint32_t number,
            Bytes const& inserted = {}) {
    auto const segment = mp4::MovableSegment::parse(file);
    REQUIRE(segment.has_value());
    auto const stretches = segment->moved(
        {.sequence_number = number, .shifts = {{1, timescale, shift}}, .inserted = inserted});
    REQUIRE(stretches.has_value());
    return whole(*stretches, file);
}

struct Read {
    std::vector<mp4::MovieFragment> fragments;
    std::vector<mp4::SegmentIndex> indexes;
    std::vector<std::size_t> events; ///< their offsets
};
Read read(Bytes const& file) {
    Read result;
    auto const done = mp4::for_each_box(mp4::BoxCursor(file), [&](mp4::Box const& box) -> Result<> {
        if (box.type == mp4::FourCC("moof"))
            result.fragments.push_back(mp4::parse_movie_fragment(box).value());
        if (box.type == mp4::FourCC("sidx"))
            result.indexes.push_back(mp4::parse_segment_index(box).value());
        if (box.type == mp4::FourCC("emsg")) result.events.push_back(box.offset);
        return {};
    });
    REQUIRE(done.has_value());
    return result;
}

bool stands_at(Bytes const& file, std::size_t place, std::string_view text) {
    return place + text.size() <= file.size() &&
           std::string_view(reinterpret_cast<char const*>(file.data()) + place, text.size()) ==
               text;
}

/// Where saio of the fragment at `moof` points to.
std::size_t auxiliary_place(Bytes const& file, mp4::MovieFragment const& moof) {
    auto const& traf = moof.tracks.at(0);
    std::string_view const text(reinterpret_cast<char const*>(file.data()), file.size());
    auto place = text.find("saio", moof.offset) + 4 + 4 + 4;
    std::size_t offset = 0;
    for (int i = 0; i < 4; ++i)
        offset = offset << 8 | file.at(place++);
    return offset + static_cast<std::size_t>(traf.header.base_data_offset.value_or(moof.offset));
}

Bytes splice_event() {
    static Bytes const message{0xFC, 0x30};
    mp4::EventMessage const event{.offset = 0,
                                  .version = 1,
                                  .scheme_id_uri = "urn:scte:scte35:2013:bin",
                                  .value = "",
                                  .timescale = timescale,
                                  .time = 900'000,
                                  .duration = 90'000,
                                  .id = 10,
                                  .data = message};
    return mp4::encode(event);
}

TEST_CASE("a movable segment that stays where it is comes out as it went in") {
    auto const file = segment_of({.time = 180'000, .sequence_number = 7, .payload = "first"},
                                 {.time = 183'000, .sequence_number = 7, .payload = "second"});
    CHECK(moved(file, 0, 7) == file);
}

TEST_CASE("a moved segment's tfdt is as wide as its value needs, whatever it was in the file") {
    struct Row {
        std::uint8_t version;
        std::uint64_t time;
        std::int64_t shift;
        std::uint8_t expected;
    };
    // The edge between 23860 and 23861 segments of 2 s: 4294800000 and 4294980000.
    for (auto const& row :
         {Row{0, 0, 4'294'800'000, 0}, Row{0, 0, 4'294'980'000, 1}, Row{0, 0, 4'294'967'295, 0},
          Row{0, 0, 4'294'967'296, 1}, Row{1, 180'000, 0, 0}, Row{1, 180'000, beyond_32_bits, 1},
          Row{1, std::uint64_t{1} << 40, -(std::int64_t{1} << 40), 0}}) {
        CAPTURE(row.shift);
        FragmentSpec const spec{.time_version = row.version, .time = row.time};
        auto const file = test::fragment(spec);
        auto const result = moved(file, row.shift, 23'861);
        auto const fragments = read(result).fragments;
        REQUIRE(fragments.size() == 1);
        CHECK(fragments[0].tracks.at(0).decode_time->version == row.expected);
        CHECK(fragments[0].tracks.at(0).decode_time->time ==
              row.time + static_cast<std::uint64_t>(row.shift));
        CHECK(fragments[0].sequence_number == 23'861);
        CHECK(result.size() == file.size() + 4U * row.expected - 4U * row.version);
    }
}

TEST_CASE("whatever points at a place in a segment does so after every move") {
    using Base = FragmentSpec::Base;
    for (auto const base : {Base::moof, Base::file, Base::implied})
        for (auto const version : {std::uint8_t{0}, std::uint8_t{1}})
            for (bool const auxiliary_first : {false, true})
                for (auto const shift : {std::int64_t{0}, std::int64_t{90'000}, beyond_32_bits})
                    for (bool const with_event : {false, true}) {
                        CAPTURE(static_cast<int>(base));
                        CAPTURE(version);
                        CAPTURE(shift);
                        CAPTURE(with_event);
                        FragmentSpec const first{.base = base,
                                                 .time_version = version,
                                                 .time = 1000,
                                                 .payload = "one's media",
                                                 .auxiliary_first = auxiliary_first};
                        FragmentSpec const second{.base = base,
                                                  .time_version = version,
                                                  .time = 4000,
                                                  .payload = "the other's",
                                                  .auxiliary_first = auxiliary_first};
                        auto const event = with_event ? splice_event() : Bytes{};
                        auto const file = segment_of(first, second, version);
                        auto const result = moved(file, shift, 42, event);
                        auto const [fragments, indexes, events] = read(result);
                        REQUIRE(fragments.size() == 2);
                        REQUIRE(indexes.size() == 1);
                        REQUIRE(events.size() == (with_event ? 1 : 0));
                        std::string_view const payloads[] = {first.payload, second.payload};
                        for (std::size_t i = 0; i < 2; ++i) {
                            auto const& moof = fragments[i];
                            auto const& traf = moof.tracks.at(0);
                            auto const origin = traf.header.base_data_offset.value_or(moof.offset);
                            if (base == Base::file) CHECK(origin == moof.offset);
                            CHECK(stands_at(
                                result,
                                static_cast<std::size_t>(origin) +
                                    static_cast<std::size_t>(*traf.runs.at(0).data_offset),
                                payloads[i]));
                            CHECK(stands_at(result, auxiliary_place(result, moof), "auxiliary"));
                            CHECK(moof.sequence_number == 42);
                        }
                        auto const& index = indexes[0];
                        CHECK(index.earliest_presentation_time ==
                              1000 + static_cast<std::uint64_t>(shift));
                        CHECK(index.first_offset == 0);
                        if (with_event) CHECK(events[0] + event.size() == fragments[0].offset);
                        auto const begin = with_event ? events[0] : fragments[0].offset;
                        CHECK(begin + index.references[0].size == fragments[1].offset);
                        CHECK(fragments[1].offset + index.references[1].size == result.size());
                    }
}

TEST_CASE("a segment moved there and back again is the one that never moved") {
    auto const file = segment_of({.time = 5}, {.time = 3005});
    auto const there = moved(file, beyond_32_bits, 9);
    CHECK(there != file);
    auto const back = moved(there, -beyond_32_bits, 1);
    // The index keeps its 64 bits: they do no harm, and first_offset may need them.
    CHECK(back.size() == file.size() + 8);
    CHECK(moved(test::fragment({.time = 5}), 0, 1) ==
          moved(moved(test::fragment({.time = 5}), beyond_32_bits, 3), -beyond_32_bits, 1));
}

TEST_CASE("an index that counts by another clock than its track moves by the same time") {
    mp4::SegmentIndex const index{.offset = 0,
                                  .version = 1,
                                  .reference_id = 1,
                                  .timescale = 1000,
                                  .earliest_presentation_time = 500,
                                  .first_offset = 0,
                                  .references = {}};
    auto const file = test::joined({mp4::encode(index), test::fragment({.time = 45'000})});
    CHECK(read(moved(file, 10 * 90'000, 1)).indexes.at(0).earliest_presentation_time == 10'500);
}

TEST_CASE("a segment does not move to before the beginning of time, nor beyond its end") {
    auto const file = test::fragment({.time = 100});
    auto const segment = mp4::MovableSegment::parse(file).value();
    for (auto const shift : {std::int64_t{-101}, std::numeric_limits<std::int64_t>::min(),
                             std::numeric_limits<std::int64_t>::max()}) {
        auto const result = segment.moved(
            {.sequence_number = 1, .shifts = {{1, timescale, shift}}, .inserted = {}});
        REQUIRE(result.has_error());
        CHECK(result.error().code == Errc::out_of_range);
    }
    CHECK(segment.moved({.sequence_number = 1, .shifts = {{1, timescale, -100}}, .inserted = {}})
              .has_value());
}

TEST_CASE("tracks that a move doesn't name keep their times") {
    auto const file = test::fragment({.time = 100});
    auto const segment = mp4::MovableSegment::parse(file).value();
    auto const result =
        segment.moved({.sequence_number = 1, .shifts = {{2, timescale, 1000}}, .inserted = {}});
    CHECK(whole(result.value(), file) == file);
}

TEST_CASE("a segment cut off in a box is refused, one cut between boxes is what is left of it") {
    auto const file = segment_of({.time = 1}, {.time = 2});
    std::size_t accepted = 0;
    for (std::size_t size = 0; size < file.size(); ++size) {
        auto const segment =
            mp4::MovableSegment::parse(std::span<std::uint8_t const>(file).first(size));
        if (segment.has_value()) {
            ++accepted;
            continue;
        }
        CHECK((segment.error().code == Errc::truncated || segment.error().code == Errc::not_found));
    }
    CHECK(accepted == 3); // behind the first moof, behind its mdat, behind the second moof
}

TEST_CASE("a fragment without times can't be moved") {
    mp4::BoxWriter tfhd(mp4::FourCC("tfhd"), 0);
    tfhd.number(1, 4);
    auto const header = std::move(tfhd).finished();
    for (auto const& traf : {test::box("traf", {header}), test::box("traf", {})}) {
        auto const segment = mp4::MovableSegment::parse(test::box("moof", {traf}));
        REQUIRE(segment.has_error());
        CHECK(segment.error().code == Errc::malformed);
    }
}

TEST_CASE("an event is read as it was written, in both versions") {
    Bytes const message{1, 2, 3};
    for (auto const version : {std::uint8_t{0}, std::uint8_t{1}}) {
        mp4::EventMessage const event{.offset = 0,
                                      .version = version,
                                      .scheme_id_uri = "urn:x",
                                      .value = "999",
                                      .timescale = 1000,
                                      .time = version == 1 ? std::uint64_t{1} << 40 : 4'000'000'000,
                                      .duration = 7,
                                      .id = 8,
                                      .data = message};
        auto const bytes = mp4::encode(event);
        mp4::BoxCursor cursor(bytes);
        auto const parsed = mp4::parse_event_message(**cursor.next()).value();
        CHECK(parsed.version == version);
        CHECK(parsed.scheme_id_uri == "urn:x");
        CHECK(parsed.value == "999");
        CHECK(parsed.timescale == 1000);
        CHECK(parsed.time == event.time);
        CHECK(parsed.duration == 7);
        CHECK(parsed.id == 8);
        CHECK(Bytes(parsed.data.begin(), parsed.data.end()) == message);
    }
}

TEST_CASE("a segment index is read as it was written, in both versions") {
    for (auto const version : {std::uint8_t{0}, std::uint8_t{1}}) {
        mp4::SegmentIndex const index{
            .offset = 0,
            .version = version,
            .reference_id = 1,
            .timescale = 48'000,
            .earliest_presentation_time = version == 1 ? std::uint64_t{1} << 40 : 4'000'000'000,
            .first_offset = 17,
            .references = {{.is_index = true, .size = 0x7FFF'FFFF, .duration = 3},
                           {.size = 5,
                            .duration = 0xFFFF'FFFF,
                            .starts_with_sap = true,
                            .sap_type = 7,
                            .sap_delta_time = 0x0FFF'FFFF}}};
        auto const bytes = mp4::encode(index);
        mp4::BoxCursor cursor(bytes);
        auto const parsed = mp4::parse_segment_index(**cursor.next()).value();
        CHECK(parsed.version == version);
        CHECK(parsed.timescale == 48'000);
        CHECK(parsed.earliest_presentation_time == index.earliest_presentation_time);
        CHECK(parsed.first_offset == 17);
        CHECK(parsed.references == index.references);
    }
}

} // namespace movable_segment_test
