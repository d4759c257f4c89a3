#include "core/mp4/fragment.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

namespace fragment_test {

using namespace continuo;
using namespace test::fmp4;

Result<mp4::MovieFragment> parsed(Bytes const& moof) {
    return mp4::parse_movie_fragment(mp4::BoxCursor(moof).next().value().value());
}

/// moof with one traf of these boxes. The traf lies at 8.
Bytes moof_of(std::initializer_list<Bytes> boxes) {
    return box("moof", box("traf", joined(boxes)));
}

Bytes tfhd(std::uint32_t flags = 0, Bytes const& fields = {}) {
    return full_box("tfhd", 0, flags, joined({number(1, 4), fields}));
}

TEST_CASE("fragment: its number, tracks, times and runs, each with its place") {
    auto const bytes = fragment_of({{.track = 1, .decode_time = 5000, .runs = {pictures(2, 512)}},
                                    {.track = 2, .decode_time = 1, .runs = {}}});
    auto const fragment = parsed(bytes).value();
    CHECK(fragment.sequence_number == 7);
    CHECK(fragment.offset == 0);
    CHECK(fragment.size + 8 + 2 == bytes.size());
    REQUIRE(fragment.tracks.size() == 2);
    auto const& track = fragment.tracks[0];
    CHECK(track.offset == 24);
    CHECK(track.header.offset == 32);
    CHECK(track.header.track_id == 1);
    CHECK(track.header.default_base_is_moof);
    CHECK(track.decode_time->offset == 48);
    CHECK(track.decode_time->version == 1);
    CHECK(track.decode_time->time == 5000);
    REQUIRE(track.runs.size() == 1);
    CHECK(track.runs[0].offset == 68);
    CHECK(track.runs[0].sample_count == 2);
    CHECK(track.runs[0].data_offset == 0);
    CHECK(fragment.tracks[1].header.track_id == 2);
}

TEST_CASE("fragment: a sample takes what it doesn't say from run, fragment and track") {
    mp4::SampleDefaults const of_track{.duration = 1, .size = 2, .flags = 3};
    auto const sample = [&](std::uint32_t flags, Bytes const& fields, std::uint32_t index = 0,
                            Bytes const& header = tfhd()) {
        auto const moof =
            moof_of({header, full_box("trun", 1, flags, joined({number(2, 4), fields}))});
        auto const fragment = parsed(moof).value();
        auto const& track = fragment.tracks[0];
        return track.runs[0].sample(index, track.defaults(of_track));
    };
    CHECK(sample(0, {}).duration == 1);
    CHECK(sample(0, {}).size == 2);
    CHECK(sample(0, {}).flags == 3);
    CHECK(sample(0, {}).composition_offset == 0);

    auto const header = tfhd(
        0x3B, joined({number(9, 8), number(1, 4), number(10, 4), number(20, 4), number(30, 4)}));
    CHECK(sample(0, {}, 1, header).duration == 10);
    CHECK(sample(0, {}, 1, header).size == 20);
    CHECK(sample(0, {}, 1, header).flags == 30);

    auto const first_flags = joined({number(77, 4)});
    CHECK(sample(0x4, first_flags, 0, header).flags == 77);
    CHECK(sample(0x4, first_flags, 1, header).flags == 30);

    auto const all = joined({number(0, 4), number(100, 4), number(200, 4), number(300, 4),
                             number(0xFFFF'FFFF, 4), number(101, 4), number(201, 4), number(301, 4),
                             number(5, 4)});
    CHECK(sample(0xF01, all, 0, header).duration == 100);
    CHECK(sample(0xF01, all, 0, header).composition_offset == -1);
    CHECK(sample(0xF01, all, 1, header).duration == 101);
    CHECK(sample(0xF01, all, 1, header).size == 201);
    CHECK(sample(0xF01, all, 1, header).flags == 301);
    CHECK(sample(0xF01, all, 1, header).composition_offset == 5);

    auto const offsets_alone = joined({number(7, 4), number(8, 4)});
    CHECK(sample(0x800, offsets_alone, 1).composition_offset == 8);
    CHECK(sample(0x800, offsets_alone, 1).duration == 1);
}

TEST_CASE("fragment: decode times of both versions, or none") {
    auto const time = [](Bytes const& tfdt) {
        return parsed(moof_of({tfhd(), tfdt})).value().tracks[0].decode_time;
    };
    CHECK(time(full_box("tfdt", 0, 0, number(0xFFFF'FFFF, 4)))->time == 0xFFFF'FFFF);
    CHECK(time(full_box("tfdt", 1, 0, number(std::uint64_t{1} << 40, 8)))->time == std::uint64_t{1}
                                                                                       << 40);
    CHECK_FALSE(time({}).has_value());
}

TEST_CASE("fragment: samples that differ in nothing take no bytes, and are not listed") {
    auto const moof = moof_of({tfhd(), full_box("trun", 0, 0, number(0xFFFF'FFFF, 4))});
    auto const fragment = parsed(moof).value();
    CHECK(fragment.tracks[0].runs[0].sample_count == 0xFFFF'FFFF);
    CHECK(fragment.tracks[0].runs[0].listed_samples() == 0);
}

TEST_CASE("fragment: a run that claims more samples than it has is truncated") {
    auto const moof = moof_of({tfhd(), full_box("trun", 0, 0x100, number(0xFFFF'FFFF, 4))});
    CHECK(to_text(parsed(moof).error()) == "trun of 16 bytes at byte 32: truncated");
}

TEST_CASE("fragment: a track fragment without its header is told, unknown boxes are passed over") {
    CHECK(to_text(parsed(box("moof", box("traf", {}))).error()) ==
          "traf without tfhd at byte 8: malformed");
    auto const odd =
        box("moof",
            joined({box("free", {}), box("traf", joined({box("uuid", Bytes(16, 1)), tfhd()}))}));
    CHECK(parsed(odd).value().tracks.size() == 1);
}

TEST_CASE("fragment: flags tell where decoding can begin") {
    CHECK(mp4::is_sync_sample(sync_flags));
    CHECK(mp4::depends_on_none(sync_flags));
    CHECK_FALSE(mp4::is_sync_sample(other_flags));
    CHECK_FALSE(mp4::depends_on_none(other_flags));
    CHECK(mp4::is_sync_sample(0));
}

TEST_CASE("fragment: no truncation of a box is taken for the whole") {
    auto const moof = fragment_of({{.track = 1, .decode_time = 0, .runs = {pictures(3, 512)}}});
    // Cut inside, with sizes that fit again: as a writer leaves it that counts wrong.
    auto const inner = moof_of({tfhd(), full_box("tfdt", 1, 0, number(0, 8)),
                                full_box("trun", 1, 0xF01, Bytes(4 + 4, 0))});
    CHECK(parsed(inner).has_value());
    for (auto const& cut :
         {full_box("tfdt", 1, 0, number(0, 7)), full_box("trun", 1, 0, Bytes(3, 0)),
          full_box("tfhd", 0, 0, Bytes(3, 0)), full_box("tfhd", 0, 8, Bytes(7, 0))})
        CHECK(parsed(moof_of({cut})).error().code == Errc::truncated);
    for (std::size_t size = 8; size < moof.size() - 11; ++size) {
        auto part = Bytes(moof.begin(), moof.begin() + static_cast<std::ptrdiff_t>(size));
        auto const claimed = number(size, 4);
        std::copy(claimed.begin(), claimed.end(), part.begin());
        auto const fragment = parsed(part);
        CHECK((!fragment || fragment->tracks.empty()));
    }
}

} // namespace fragment_test
