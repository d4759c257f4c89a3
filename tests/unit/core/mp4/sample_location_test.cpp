#include "core/mp4/sample_location.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <vector>

namespace sample_location_test {

using namespace continuo;
namespace f = test::fmp4;
using f::Bytes;

Bytes run(std::uint32_t samples, std::optional<std::uint32_t> data_offset, std::uint32_t size) {
    auto fields = f::number(samples, 4);
    if (data_offset) fields = f::joined({fields, f::number(*data_offset, 4)});
    for (std::uint32_t i = 0; i < samples; ++i)
        fields = f::joined({fields, f::number(size, 4)});
    return f::full_box("trun", 0, 0x200U | (data_offset ? 1U : 0U), fields);
}

Bytes time_box(std::uint64_t value) {
    return f::full_box("tfdt", 1, 0, f::number(value, 8));
}

Bytes segment(std::vector<Bytes> const& fragments, std::size_t media) {
    Bytes moof = f::full_box("mfhd", 0, 0, f::number(1, 4));
    for (auto const& traf : fragments)
        moof = f::joined({moof, f::box("traf", traf)});
    return f::joined({f::box("moof", moof), f::box("mdat", Bytes(media, 0))});
}

std::vector<std::size_t> offsets(Bytes const& file, std::uint32_t track = 1) {
    auto const located = mp4::locate_samples(file, track, {.duration = 5, .size = 3, .flags = 1});
    REQUIRE(located.has_value());
    std::vector<std::size_t> found;
    for (auto const& sample : located->samples)
        found.push_back(sample.offset);
    return found;
}

TEST_CASE("samples lie where tfhd and trun say, or behind those before them") {
    auto const from_moof = f::full_box("tfhd", 0, 0x2'0000, f::number(1, 4));
    CHECK(offsets(segment({f::joined({from_moof, time_box(0), run(2, 200, 4), run(2, {}, 5)})},
                          300)) == std::vector<std::size_t>{200, 204, 208, 213});
    auto const from_file =
        f::full_box("tfhd", 0, 1, f::joined({f::number(1, 4), f::number(150, 8)}));
    CHECK(offsets(segment({f::joined({from_file, time_box(0), run(2, 20, 4)})}, 300)) ==
          std::vector<std::size_t>{170, 174});
    CHECK(offsets(segment({f::joined({from_file, time_box(0), run(1, {}, 4)})}, 300)) ==
          std::vector<std::size_t>{150});
    // Without either, a second traf goes on where the first one ends.
    auto const plain = [](std::uint32_t id) { return f::full_box("tfhd", 0, 0, f::number(id, 4)); };
    auto const two = segment({f::joined({plain(2), time_box(0), run(2, 250, 4)}),
                              f::joined({plain(1), time_box(9), run(2, {}, 7)})},
                             300);
    CHECK(offsets(two) == std::vector<std::size_t>{258, 265});
    CHECK(mp4::locate_samples(two, 1, {})->decode_time == 9);
}

TEST_CASE("what a sample doesn't say comes from its track") {
    auto const file = segment(
        {f::joined({f::full_box("tfhd", 0, 0x2'0000, f::number(1, 4)), time_box(0),
                    f::full_box("trun", 0, 1, f::joined({f::number(2, 4), f::number(100, 4)}))})},
        100);
    auto const located = mp4::locate_samples(file, 1, {.duration = 5, .size = 3, .flags = 1});
    REQUIRE(located.has_value());
    REQUIRE(located->samples.size() == 2);
    CHECK(located->samples[1].sample.duration == 5);
    CHECK(located->samples[1].sample.size == 3);
    CHECK(located->samples[1].offset == 103);
}

TEST_CASE("samples outside of the segment, and more than anybody has, are refused") {
    auto const header = f::full_box("tfhd", 0, 0x2'0000, f::number(1, 4));
    auto const code = [&](Bytes const& file, std::uint32_t track = 1) {
        auto const located = mp4::locate_samples(file, track, {});
        REQUIRE(!located.has_value());
        return located.error().code;
    };
    auto const outside = segment({f::joined({header, time_box(0), run(1, 100'000, 4)})}, 10);
    CHECK(code(outside) == Errc::malformed);
    auto const in_front = segment({f::joined({header, time_box(0), run(1, 0xFFFF'FFF0, 4)})}, 10);
    CHECK(code(in_front) == Errc::malformed);
    auto const too_many = segment(
        {f::joined({header, time_box(0), f::full_box("trun", 0, 0, f::number(0xFFFF'FFFF, 4))})},
        10);
    CHECK(code(too_many) == Errc::out_of_range);
    CHECK(code(segment({f::joined({header, run(1, 100, 1)})}, 100)) == Errc::malformed);
    CHECK(code(segment({f::joined({header, time_box(0), run(1, 100, 1)})}, 100), 2) ==
          Errc::not_found);
}

} // namespace sample_location_test
