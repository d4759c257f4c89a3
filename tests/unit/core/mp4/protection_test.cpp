#include "core/mp4/initialisation.hpp"
#include "core/mp4/movie.hpp"
#include "core/mp4/protection.hpp"
#include "core/mp4/subsample_sizes.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace protection_test {

using namespace continuo;
namespace f = test::fmp4;
using f::Bytes;

bool holds(Bytes const& bytes, Bytes const& part) {
    return std::search(bytes.begin(), bytes.end(), part.begin(), part.end()) != bytes.end();
}

mp4::TrackProtection counter_mode() {
    mp4::TrackProtection protection{.scheme = mp4::FourCC("cenc"), .vector_size = 8};
    for (std::uint8_t i = 0; i < 16; ++i)
        protection.key_id[i] = i;
    return protection;
}

Bytes key_id() {
    return {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}

TEST_CASE("protected tracks say what they were, by which scheme and with which key") {
    auto const file = f::init_of({{.id = 1}});
    auto const result = mp4::protected_initialisation(file, counter_mode());
    REQUIRE(result.has_value());
    auto const sinf = f::box(
        "sinf", f::joined({f::box("frma", {'a', 'v', 'c', '1'}),
                           f::full_box("schm", 0, 0, {'c', 'e', 'n', 'c', 0, 1, 0, 0}),
                           f::box("schi", f::full_box("tenc", 0, 0,
                                                      f::joined({Bytes{0, 0, 1, 8}, key_id()})))}));
    CHECK(holds(*result, sinf));
    auto const movie = mp4::parse_movie(*result);
    REQUIRE(movie.has_value());
    CHECK(movie->tracks.at(0).entry.format == mp4::FourCC("encv"));
    CHECK(movie->tracks.at(0).entry.codecs == "avc1.64001f");
    CHECK(movie->tracks.at(0).entry.width == 1280);
    CHECK(result->size() == file.size() + sinf.size());
}

TEST_CASE("a pattern and a constant vector are told in tenc, in version 1 for the pattern") {
    auto protection = counter_mode();
    protection.scheme = mp4::FourCC("cbcs");
    protection.vector_size = 0;
    protection.constant_vector.emplace();
    protection.constant_vector->fill(0xAB);
    auto const sound =
        mp4::protected_initialisation(f::init_of({{.id = 1, .handler = "soun"}}), protection);
    REQUIRE(sound.has_value());
    CHECK(mp4::parse_movie(*sound)->tracks.at(0).entry.format == mp4::FourCC("enca"));
    auto const vector = f::joined({Bytes{16}, Bytes(16, 0xAB)});
    CHECK(
        holds(*sound, f::full_box("tenc", 0, 0, f::joined({Bytes{0, 0, 1, 0}, key_id(), vector}))));
    protection.crypt_blocks = 1;
    protection.skip_blocks = 9;
    auto const pictures = mp4::protected_initialisation(f::init_of({{.id = 1}}), protection);
    REQUIRE(pictures.has_value());
    CHECK(holds(*pictures,
                f::full_box("tenc", 1, 0, f::joined({Bytes{0, 0x19, 1, 0}, key_id(), vector}))));
}

TEST_CASE("text is not protected, and every truncation is told") {
    auto const text = f::init_of({{.id = 1, .handler = "subt"}});
    REQUIRE(!mp4::protected_initialisation(text, counter_mode()).has_value());
    CHECK(mp4::protected_initialisation(text, counter_mode()).error().code == Errc::unsupported);
    auto const file = f::init_of({{.id = 1}});
    for (std::size_t size = 1; size < file.size(); ++size)
        CHECK_MESSAGE(
            !mp4::protected_initialisation(std::span(file).first(size), counter_mode()).has_value(),
            size);
}

TEST_CASE("how long NAL units' lengths are stands in avcC and hvcC") {
    auto const avc = mp4::nal_layout(f::init_of({{.id = 1}}));
    REQUIRE(avc.has_value());
    CHECK(avc->codec == mp4::NalLayout::Codec::avc);
    CHECK(avc->length_bytes == 4);
    auto hvcC = Bytes(23, 0);
    hvcC[21] = 0xFC | 1;
    auto const entry = f::box("hvc1", f::joined({Bytes(78, 0), f::box("hvcC", hvcC)}));
    auto const hevc = mp4::nal_layout(f::init_of({{.id = 1, .sample_entry = entry}}));
    REQUIRE(hevc.has_value());
    CHECK(hevc->codec == mp4::NalLayout::Codec::hevc);
    CHECK(hevc->length_bytes == 2);
    auto const av1 = f::box("av01", f::joined({Bytes(78, 0), f::box("av1C", Bytes(4, 0))}));
    CHECK(!mp4::nal_layout(f::init_of({{.id = 1, .sample_entry = av1}})).has_value());
    CHECK(!mp4::nal_layout({}).has_value());
}

TEST_CASE("a second track joins a file under a number of its own") {
    auto const first = f::init_of({{.id = 1, .timescale = 90'000}});
    for (auto const version : {std::uint8_t{0}, std::uint8_t{1}}) {
        auto const second = f::init_of({{.id = 1,
                                         .timescale = 48'000,
                                         .handler = "soun",
                                         .default_duration = 1'024,
                                         .version = version}});
        auto const both = mp4::with_second_track(first, second, 5);
        REQUIRE(both.has_value());
        auto const movie = mp4::parse_movie(*both);
        REQUIRE(movie.has_value());
        REQUIRE(movie->tracks.size() == 2);
        CHECK(movie->tracks[0].id == 1);
        CHECK(movie->tracks[0].timescale == 90'000);
        CHECK(movie->tracks[1].id == 5);
        CHECK(movie->tracks[1].timescale == 48'000);
        CHECK(movie->tracks[1].defaults.duration == 1'024);
        CHECK(movie->tracks[1].entry.codecs == "mp4a.40.2");
        for (std::size_t size = 1; size < second.size(); ++size)
            CHECK(!mp4::with_second_track(first, std::span(second).first(size), 5).has_value());
    }
    CHECK(!mp4::with_second_track(first, {}, 5).has_value());
    CHECK(!mp4::with_second_track({}, first, 5).has_value());
}

TEST_CASE("the size of each sample's first part can be read and written") {
    for (auto const version : {std::uint8_t{0}, std::uint8_t{1}}) {
        auto const width = version == 1 ? 4U : 2U;
        auto const part = [&](std::uint64_t size) {
            return f::joined({f::number(size, width), f::number(0, 6)});
        };
        auto const bytes =
            f::full_box("subs", version, 0,
                        f::joined({f::number(3, 4), f::number(1, 4), f::number(2, 2), part(100),
                                   part(7), f::number(1, 4), f::number(0, 2), f::number(3, 4),
                                   f::number(1, 2), part(200)}));
        auto const box = **mp4::BoxCursor(bytes).next();
        auto sizes = mp4::parse_subsample_sizes(box);
        REQUIRE(sizes.has_value());
        CHECK(sizes->encoded() == bytes);
        CHECK(sizes->first_of(0) == 100);
        CHECK(!sizes->first_of(1).has_value());
        CHECK(!sizes->first_of(3).has_value());
        CHECK(sizes->first_of(4) == 200);
        sizes->set_first_of(4, 300);
        sizes->set_first_of(1, 300);
        CHECK(sizes->first_of(4) == 300);
        CHECK(sizes->first_of(0) == 100);
        sizes->set_first_of(0, 0x1'0000);
        CHECK(sizes->first_of(0) == (version == 1 ? 0x1'0000 : 100));

        for (std::size_t size = 12; size < bytes.size(); ++size) {
            auto const cut =
                f::box("subs",
                       Bytes(bytes.begin() + 8, bytes.begin() + static_cast<std::ptrdiff_t>(size)));
            CHECK(!mp4::parse_subsample_sizes(**mp4::BoxCursor(cut).next()).has_value());
        }
    }
    auto const twice =
        f::full_box("subs", 0, 0, f::joined({f::number(1, 4), f::number(0, 4), f::number(0, 2)}));
    CHECK(mp4::parse_subsample_sizes(**mp4::BoxCursor(twice).next()).error().code ==
          Errc::malformed);
}

} // namespace protection_test
