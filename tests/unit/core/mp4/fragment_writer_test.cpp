#include "core/mp4/fragment_writer.hpp"
#include "core/mp4/sample_location.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string_view>

namespace fragment_writer_test {

using namespace continuo;
using Bytes = std::vector<std::uint8_t>;
using test::fmp4::other_flags;
using test::fmp4::sync_flags;

/// The fragment, with media that say which sample they are of.
Bytes whole(std::vector<mp4::TrackSamples> const& tracks) {
    auto bytes = mp4::fragment_of(7, tracks);
    for (std::size_t track = 0; track < tracks.size(); ++track)
        for (std::size_t i = 0; i < tracks[track].samples.size(); ++i)
            bytes.insert(bytes.end(), tracks[track].samples[i].size,
                         static_cast<std::uint8_t>(track * 100 + i));
    return bytes;
}

bool same(mp4::Sample const& a, mp4::Sample const& b) {
    return a.duration == b.duration && a.size == b.size && a.flags == b.flags &&
           a.composition_offset == b.composition_offset;
}

TEST_CASE("samples that are written in a fragment are read back, with the bytes that are theirs") {
    std::mt19937 random(7);
    auto const any = [&](auto const& choices) {
        return choices[std::uniform_int_distribution<std::size_t>(0,
                                                                  std::size(choices) - 1)(random)];
    };
    constexpr bool yes_or_no[]{false, true};
    constexpr std::uint32_t kinds[]{sync_flags, other_flags};
    constexpr std::uint64_t times[]{0, 90'000, 0xFFFF'FFFF, 0x1'0000'0000, 1ULL << 40};
    for (int round = 0; round < 500; ++round) {
        CAPTURE(round);
        std::vector<std::vector<mp4::Sample>> samples(
            static_cast<std::size_t>(std::uniform_int_distribution(1, 2)(random)));
        std::vector<mp4::TrackSamples> tracks;
        // Any of the fields may be the same in all samples.
        std::array<bool, 4> own{};
        for (auto& field : own)
            field = any(yes_or_no);
        std::uniform_int_distribution number(0, 50);
        for (auto& list : samples) {
            auto const count = std::uniform_int_distribution(1, 20)(random);
            for (int i = 0; i < count; ++i)
                list.push_back(
                    {.duration = own[0] ? static_cast<std::uint32_t>(number(random)) : 512U,
                     .size = own[1] ? static_cast<std::uint32_t>(number(random)) : 9U,
                     .flags = i == 0   ? sync_flags
                              : own[2] ? any(kinds)
                                       : other_flags,
                     .composition_offset = own[3] ? number(random) - 25 : 0});
            tracks.push_back({.track_id = static_cast<std::uint32_t>(tracks.size() + 1),
                              .decode_time = any(times),
                              .samples = list});
        }
        auto const bytes = whole(tracks);
        for (std::size_t track = 0; track < tracks.size(); ++track) {
            auto const found = mp4::locate_samples(bytes, tracks[track].track_id, {});
            REQUIRE(found.has_value());
            CHECK(found->decode_time == tracks[track].decode_time);
            REQUIRE(found->samples.size() == samples[track].size());
            for (std::size_t i = 0; i < samples[track].size(); ++i) {
                CHECK(same(found->samples[i].sample, samples[track][i]));
                for (std::uint32_t k = 0; k < samples[track][i].size; ++k)
                    CHECK(bytes.at(found->samples[i].offset + k) == track * 100 + i);
            }
        }
        auto const cursor = mp4::BoxCursor(bytes).next();
        CHECK(mp4::parse_movie_fragment(**cursor)->sequence_number == 7);
    }
}

TEST_CASE("what all samples have in common takes no bytes of each") {
    std::vector<mp4::Sample> const few(1, {.duration = 1'024, .size = 300, .flags = sync_flags});
    std::vector<mp4::Sample> const many(90, few.front());
    auto const size_of = [](std::vector<mp4::Sample> const& samples) {
        std::vector<mp4::TrackSamples> const tracks{{.track_id = 1, .samples = samples}};
        return mp4::fragment_of(1, tracks).size();
    };
    CHECK(size_of(few) == size_of(many));
}

TEST_CASE("an mdat of more than 4 GiB has a size of 64 bits, and offsets know of it") {
    std::vector<mp4::Sample> const samples(3, {.duration = 1, .size = 0x6000'0000, .flags = 0});
    std::vector<mp4::TrackSamples> const tracks{{.track_id = 1, .samples = samples}};
    auto const bytes = mp4::fragment_of(1, tracks);
    std::string_view const text(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    auto const mdat = text.find("mdat");
    REQUIRE(mdat != std::string_view::npos);
    CHECK(bytes.size() == mdat + 4 + 8);
    CHECK(Bytes(bytes.end() - 8, bytes.end()) ==
          test::fmp4::number(3 * std::uint64_t{0x6000'0000} + 16, 8));
    auto const moof =
        mp4::parse_movie_fragment(**mp4::BoxCursor(std::span(bytes).first(mdat - 4)).next());
    REQUIRE(moof.has_value());
    CHECK(moof->tracks.at(0).runs.at(0).data_offset == static_cast<std::int32_t>(bytes.size()));
}

TEST_CASE("senc, saiz and saio say the same of each sample") {
    std::vector<mp4::Sample> const samples(2, {.duration = 1, .size = 200, .flags = 0});
    std::vector<mp4::SampleProtection> protection(2);
    protection[0].initialisation_vector = {1, 2, 3, 4, 5, 6, 7, 8};
    protection[1].initialisation_vector = {9, 9, 9, 9, 9, 9, 9, 9};
    protection[0].subsamples = {{.clear = 100, .protected_bytes = 96}, {.clear = 4}};
    protection[1].subsamples = {{.clear = 200}};
    std::vector<mp4::TrackSamples> const tracks{
        {.track_id = 1, .samples = samples, .protection = protection, .vector_size = 8}};
    auto const bytes = mp4::fragment_of(1, tracks);
    namespace f = test::fmp4;
    auto const information = f::joined({Bytes{1, 2, 3, 4, 5, 6, 7, 8}, f::number(2, 2),
                                        f::number(100, 2), f::number(96, 4), f::number(4, 2),
                                        f::number(0, 4), Bytes{9, 9, 9, 9, 9, 9, 9, 9},
                                        f::number(1, 2), f::number(200, 2), f::number(0, 4)});
    auto const senc = f::full_box("senc", 0, 2, f::joined({f::number(2, 4), information}));
    auto const saiz =
        f::full_box("saiz", 0, 0, f::joined({f::number(0, 1), f::number(2, 4), Bytes{22, 16}}));
    auto const at = std::search(bytes.begin(), bytes.end(), senc.begin(), senc.end());
    REQUIRE(at != bytes.end());
    auto const behind = at + static_cast<std::ptrdiff_t>(senc.size());
    CHECK(std::equal(saiz.begin(), saiz.end(), behind));
    auto const saio =
        f::full_box("saio", 0, 0,
                    f::joined({f::number(1, 4),
                               f::number(static_cast<std::uint64_t>(at - bytes.begin()) + 16, 4)}));
    CHECK(std::equal(saio.begin(), saio.end(), behind + static_cast<std::ptrdiff_t>(saiz.size())));
}

} // namespace fragment_writer_test
