#include "core/mp4/segment_index.hpp"
#include "http/dashlive/asset/segment_meter.hpp"
#include "tests/support/dash_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace continuo::dashlive::segment_meter_test {

using test::dash_header;
using test::dash_segment;

/// A file of these bytes, open.
class Fixture {
public:
    explicit Fixture(std::string const& bytes) : size_(bytes.size()) {
        folder_.write("f", bytes);
        auto file = server::OpenFile::open(folder_.path() / "f");
        REQUIRE(file.has_value());
        reader_.emplace(std::move(*file));
    }

    PartReader& reader() { return *reader_; }
    FilePart all() const { return {.path = "f", .offset = 0, .bytes = size_}; }

private:
    test::TemporaryDirectory folder_;
    std::size_t size_;
    std::optional<PartReader> reader_;
};

mp4::Track track(std::uint32_t id = 1) {
    mp4::Track result;
    result.id = id;
    result.timescale = 48'000;
    return result;
}

storage::Accepted<SampleFacts> measured(std::string const& bytes, bool keeps_frames = false) {
    Fixture fixture(bytes);
    return samples_of(fixture.reader(), fixture.all(), track(), keeps_frames);
}
std::string refusal(std::string const& bytes, bool keeps_frames = false) {
    auto const samples = measured(bytes, keeps_frames);
    return samples ? "accepted" : samples.error().reason;
}

std::string styp() {
    auto const bytes = test::fmp4::box("styp", test::fmp4::Bytes(8, 'x'));
    return {bytes.begin(), bytes.end()};
}

TEST_CASE("segment meter: a segment of any number of fragments is one sum") {
    auto const samples =
        measured(styp() + dash_segment({.time = 5000, .count = 3, .duration = 1024}) +
                 dash_segment({.time = 8072, .count = 2, .duration = 1024, .last = 900}));
    REQUIRE(samples.has_value());
    CHECK(*samples ==
          SampleFacts{
              .time = 5000, .duration = 4 * 1024 + 900, .frame = 1024, .last = 900, .frames = {}});
}

TEST_CASE("segment meter: samples of several durations have no common one") {
    auto const samples = measured(dash_segment({.count = 3, .duration = 1024, .last = 900}) +
                                  dash_segment({.time = 2948, .count = 2, .duration = 1024}));
    REQUIRE(samples.has_value());
    CHECK(samples->frame == 0);
    CHECK(samples->last == 1024);
}

TEST_CASE("segment meter: frames are kept as they lie, parted where their flags differ") {
    auto const first = dash_segment({.count = 3, .duration = 1024, .first_flags = 0});
    auto const samples =
        measured(first + dash_segment({.time = 3072, .count = 1, .duration = 1024}), true);
    REQUIRE(samples.has_value());
    REQUIRE(samples->frames.size() == 3);
    CHECK(samples->frames[0] ==
          FrameStretch{.offset = first.size() - 12, .flags = 0, .sizes = {4}});
    CHECK(samples->frames[1] == FrameStretch{.offset = first.size() - 8,
                                             .flags = test::fmp4::sync_flags,
                                             .sizes = {4, 4}});
    CHECK(samples->frames[2].sizes == std::vector<std::uint32_t>{4});
}

TEST_CASE("segment meter: what is no segment is refused, with the reason") {
    CHECK(refusal("") == "has no samples");
    CHECK(refusal(styp()) == "has no samples");
    CHECK(refusal("<html>") == "has 6 bytes at its end that are no box");
    CHECK(refusal("<html></html>").starts_with("is cut off: its box"));
    CHECK(refusal(dash_segment({.count = 1, .duration = 1, .track = 2})) ==
          "has samples of track 2, its header is of track 1");
    CHECK(refusal(dash_segment({.time = 1ull << 62, .count = 1, .duration = 1})) ==
          "begins at 4611686018427387904, which can't be");
    auto const whole = dash_segment({.count = 2, .duration = 1});
    CHECK(refusal(whole.substr(0, whole.size() - 8), true).starts_with("is cut off: its box mdat"));
    // Frames that the mdat doesn't have.
    auto const moof_only = whole.substr(0, whole.size() - 16);
    CHECK(refusal(moof_only, true) == "has samples that lie outside of it");
    CHECK(refusal(moof_only) == "accepted");
}

TEST_CASE("segment meter: no beginning of a segment is taken for the whole") {
    auto const whole = styp() + dash_segment({.count = 5, .duration = 1024});
    for (std::size_t size = 0; size < whole.size(); ++size)
        if (size != whole.size() - 28) // without the mdat
            CHECK_FALSE(measured(whole.substr(0, size)).has_value());
    CHECK(measured(whole).has_value());
}

TEST_CASE("segment meter: a part of a file is measured by itself") {
    auto const one = dash_segment({.time = 0, .count = 2, .duration = 1024});
    auto const two = dash_segment({.time = 2048, .count = 2, .duration = 1024});
    Fixture fixture(one + two);
    auto const samples = samples_of(
        fixture.reader(), {.path = "f", .offset = one.size(), .bytes = two.size()}, track(), true);
    REQUIRE(samples.has_value());
    CHECK(samples->time == 2048);
    CHECK(samples->frames.at(0).offset == one.size() + two.size() - 8);
}

std::string sidx(std::vector<std::uint32_t> const& sizes, std::uint64_t first_offset = 0,
                 bool is_index = false) {
    mp4::SegmentIndex index{.offset = 0,
                            .version = 0,
                            .reference_id = 1,
                            .timescale = 48'000,
                            .earliest_presentation_time = 0,
                            .first_offset = first_offset,
                            .references = {}};
    for (auto const size : sizes)
        index.references.push_back({.is_index = is_index, .size = size, .duration = 1024});
    auto const bytes = mp4::encode(index);
    return {bytes.begin(), bytes.end()};
}

TEST_CASE("segment meter: a single file's parts are those that its sidx tells") {
    auto const header = dash_header(test::dash_sound());
    auto const index = sidx({30, 40}, 8);
    Fixture fixture(header + index + std::string(8, 'x') + std::string(70, 'y'));
    auto const begin = header.size() + index.size() + 8;
    auto const parts = indexed_parts(fixture.reader(), "f");
    REQUIRE(parts.has_value());
    CHECK(*parts == std::vector<FilePart>{{.path = "f", .offset = begin, .bytes = 30},
                                          {.path = "f", .offset = begin + 30, .bytes = 40}});
    auto const read = header_of(fixture.reader(), 0);
    REQUIRE(read.has_value());
    CHECK(std::string(read->begin(), read->end()) == header);
}

TEST_CASE("segment meter: an index that can't be used is refused, with the reason") {
    auto const header = dash_header(test::dash_sound());
    auto const refused = [&](std::string const& rest) {
        Fixture fixture(header + rest);
        auto const parts = indexed_parts(fixture.reader(), "f");
        return parts ? "accepted" : parts.error().reason;
    };
    CHECK(refused("").starts_with("has no index (sidx) in front of its media"));
    CHECK(refused(dash_segment({.count = 1, .duration = 1}) + sidx({1}))
              .starts_with("has no index (sidx) in front of its media"));
    CHECK(refused(sidx({})) == "has an empty index (sidx)");
    CHECK(refused(sidx({8}, 0, true) + std::string(8, 'x')) ==
          "has an index of indexes (sidx), which is not supported");
    CHECK(refused(sidx({100}) + std::string(99, 'x')).find("its index leads beyond") !=
          std::string::npos);
    CHECK(refused(sidx({1}, 1000)) == "has an index that leads out of it");
}

} // namespace continuo::dashlive::segment_meter_test
