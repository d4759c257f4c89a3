#include "core/mp4/file_type.hpp"
#include "core/mp4/segment_index.hpp"
#include "http/dashlive/media/compose.hpp"
#include "tests/support/stored_asset.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <string>

namespace compose_test {

using namespace continuo;
using namespace continuo::dashlive;
using test::seen;
using test::served;

std::string number(std::int64_t value) {
    return std::to_string(value);
}

/// Pictures of 2 s at 29.97 Hz and sound whose loop is shorter: 8.008 s and 375 frames.
test::StoredAsset uneven() {
    return test::stored_asset(
        {{.id = "v", .timescale = 30'000, .sample = 1'001, .samples = {60, 60, 60, 60}},
         {.id = "a",
          .content = Content::audio,
          .timescale = 48'000,
          .sample = 1'024,
          .samples = {94, 94, 94, 93}}});
}

/// What the `index`th box of that type says.
template <class Parse>
auto first_box(test::Bytes const& segment, mp4::FourCC type, Parse parse) {
    decltype(parse(std::declval<mp4::Box>())) found;
    bool is_found = false;
    auto const walked =
        mp4::for_each_box(mp4::BoxCursor(segment), [&](mp4::Box const& box) -> Result<> {
            if (box.type == type && !is_found) {
                found = parse(box);
                is_found = true;
            }
            return {};
        });
    REQUIRE(walked.has_value());
    REQUIRE(is_found);
    return found;
}

TEST_CASE("a moved segment has the loop's time, the number in each fragment and the file's bytes") {
    auto const stored = test::stored_asset({{.id = "v",
                                             .timescale = 90'000,
                                             .sample = 3'000,
                                             .samples = {60, 60, 60, 60},
                                             .first_time = 123'000,
                                             .fragments = 6}});
    auto const session = test::session_of(stored, "", 100'000);
    auto const segment = seen(served(stored, session, "v/41.m4s"));
    CHECK(segment.time == 41 * 180'000);
    CHECK(segment.duration == 180'000);
    CHECK(segment.numbers == std::vector<std::uint32_t>(6, 41));
    REQUIRE(segment.payloads.size() == 60);
    for (std::size_t i = 0; i < 60; ++i)
        CHECK(segment.payloads[i] == stored.payload("v", 60 + i));
    CHECK(segment.boxes.front() == "styp");

    // But for times and numbers it is the file.
    auto file = stored.files.at("v/2.m4s");
    auto const composed = test::composed(stored, session, "v/41.m4s");
    REQUIRE(composed.has_value());
    CHECK(bytes_of(stored, *composed).size() == file.size());
    CHECK(composed->chunks.size() == 1);
    CHECK(composed->chunks[0].due <= session.now);
}

TEST_CASE("sound is cut on the grid of the pictures, its last frame repeated at the wrap") {
    auto const stored = uneven();
    auto const session = test::session_of(stored, "", 50'000);
    auto const segment = seen(served(stored, session, "a/3.m4s"));
    CHECK(segment.time == 288'768);
    CHECK(segment.numbers == std::vector<std::uint32_t>{3});
    REQUIRE(segment.payloads.size() == 94);
    for (std::size_t i = 0; i < 93; ++i)
        CHECK(segment.payloads[i] == stored.payload("a", 282 + i));
    CHECK(segment.payloads[93] == stored.payload("a", 374));
    CHECK(seen(served(stored, session, "a/4.m4s")).time == 385'024);
    CHECK(segment.boxes == std::vector<std::string>{"styp", "moof", "mdat"});
}

TEST_CASE("concatenated segments are gapless over the wrap, with the bytes of the source") {
    std::mt19937 random(20260101);
    auto const pick = [&](auto const& choices) {
        return choices[std::uniform_int_distribution<std::size_t>(0,
                                                                  std::size(choices) - 1)(random)];
    };
    struct Pictures {
        std::uint32_t timescale, sample;
    };
    constexpr Pictures pictures[]{{30'000, 1'001}, {12'800, 512}, {90'000, 3'600}, {50, 1}};
    struct Frames {
        std::uint32_t timescale, sample;
    };
    constexpr Frames frames[]{{48'000, 1'024}, {44'100, 1'024}, {48'000, 1'536}, {96'000, 2'048}};
    constexpr char const* options[]{"", "chunkdur_0.3/", "sidx_1/", "scte35_3/",
                                    "segtimelinenr_1/"};
    for (int round = 0; round < 40; ++round) {
        auto const video = pick(pictures);
        auto const audio = pick(frames);
        test::StoredTrack v{.id = "v", .timescale = video.timescale, .sample = video.sample};
        v.fragments = std::uniform_int_distribution(1U, 4U)(random);
        v.has_type = round % 2 == 0;
        std::uint64_t total = 0;
        auto const count = std::uniform_int_distribution(1, 5)(random);
        for (int i = 0; i < count; ++i) {
            v.samples.push_back(std::uniform_int_distribution(3U, 60U)(random));
            total += v.samples.back() * video.sample;
        }
        test::StoredTrack a{.id = "a",
                            .content = Content::audio,
                            .timescale = audio.timescale,
                            .sample = audio.sample,
                            .samples = {},
                            .track_id = 2};
        auto const needed = total * audio.timescale / video.timescale / audio.sample;
        a.samples.push_back(static_cast<std::uint32_t>(needed / 2 + 1));
        a.samples.push_back(static_cast<std::uint32_t>(
            std::max<std::int64_t>(1, static_cast<std::int64_t>(needed / 2) +
                                          std::uniform_int_distribution(-2, 4)(random))));
        auto const stored = test::stored_asset({v, a});
        auto const option = pick(options);
        INFO(round, " ", option);
        auto const session =
            test::session_of(stored, std::string("tsbd_172800/") + option, 100'000'000);

        for (auto const& entry : stored.asset->tracks) {
            auto const& id = entry.first;
            auto const& track = entry.second;
            CAPTURE(id);
            std::optional<std::int64_t> expected;
            auto const lap = static_cast<std::int64_t>(v.samples.size());
            for (auto index = 5 * lap - 1; index < 7 * lap + 1; ++index) {
                auto const interval = interval_of(*stored.asset, *track, index);
                auto const segment = seen(
                    served(stored, session, id + "/" + number(index) + ".m4s"), track->track_id);
                CHECK(static_cast<std::int64_t>(segment.time) == interval.start);
                CHECK(segment.duration == interval.end - interval.start);
                if (expected) CHECK(static_cast<std::int64_t>(segment.time) == *expected);
                expected = interval.end;
                for (auto const written : segment.numbers)
                    CHECK(written == static_cast<std::uint32_t>(index));
                auto const& payloads = stored.payloads.at(id);
                for (auto const& payload : segment.payloads)
                    CHECK(std::ranges::find(payloads, payload) != payloads.end());
                if (id != "v") continue;
                auto const place = stored.asset->pictures().place_of(index).segment;
                std::size_t first = 0;
                for (std::size_t i = 0; i < place; ++i)
                    first += v.samples[i];
                REQUIRE(segment.payloads.size() == v.samples[place]);
                for (std::size_t i = 0; i < segment.payloads.size(); ++i)
                    CHECK(segment.payloads[i] == stored.payload("v", first + i));
            }
        }
    }
}

TEST_CASE("a time takes 64 bits exactly where it needs them, in moved and in written fragments") {
    auto const stored = test::stored_asset(
        {{.id = "v", .timescale = 90'000, .sample = 3'000, .samples = {60, 60, 60, 60}},
         {.id = "a",
          .content = Content::audio,
          .timescale = 48'000,
          .sample = 1'024,
          .samples = {94, 94, 94, 93}}});
    auto const session = test::session_of(stored, "ato_inf/", 1'000'000);
    auto const version_in = [&](std::string const& path) {
        auto const bytes = served(stored, session, path);
        std::string_view const text(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        return text.at(text.find("tfdt") + 4) == 1;
    };
    CHECK(!version_in("v/23860.m4s"));
    CHECK(version_in("v/23861.m4s"));
    CHECK(!version_in("a/44739.m4s"));
    CHECK(version_in("a/44740.m4s"));
    CHECK(seen(served(stored, session, "v/23861.m4s")).time == 4'294'980'000);
    CHECK(seen(served(stored, session, "a/44740.m4s")).time == 4'295'040'000);
}

TEST_CASE("sidx_1 puts an index of 52 bytes over the whole segment in front of its moof") {
    auto const stored = uneven();
    for (auto const* const options : {"sidx_1/", "sidx_1/chunkdur_0.5/", "sidx_1/scte35_3/"})
        for (auto const* const id : {"v", "a"})
            for (int index = 0; index < 30; ++index) {
                INFO(options, " ", id, " ", index);
                auto const session = test::session_of(stored, options, 70'000);
                auto const bytes =
                    served(stored, session, std::string(id) + "/" + number(index) + ".m4s");
                struct Found {
                    mp4::SegmentIndex index;
                    std::size_t size{};
                };
                auto const found = first_box(bytes, mp4::FourCC("sidx"), [](mp4::Box const& box) {
                    return Found{mp4::parse_segment_index(box).value(), box.bytes.size()};
                });
                auto const segment = seen(bytes);
                CHECK(found.size == 52);
                CHECK(found.index.version == 1);
                CHECK(found.index.earliest_presentation_time == segment.time);
                REQUIRE(found.index.references.size() == 1);
                auto const& reference = found.index.references[0];
                CHECK(found.index.offset + found.size + reference.size == bytes.size());
                CHECK(reference.duration == segment.duration);
                CHECK(reference.starts_with_sap);
                CHECK(reference.sap_type == 1);
                auto const place = std::ranges::find(segment.boxes, "sidx");
                CHECK(*(place + 1) == "moof");
            }
}

TEST_CASE("the last segment of a presentation says so") {
    auto const stored =
        test::stored_asset({{.id = "v", .timescale = 90'000, .sample = 3'000, .samples = {60, 60}},
                            {.id = "a",
                             .content = Content::audio,
                             .timescale = 48'000,
                             .sample = 1'024,
                             .samples = {94, 94}}});
    auto const session = test::session_of(stored, "/livesim/start_0/dur_20/", 15'000);
    auto const type_of = [&](std::string const& path) {
        return first_box(served(stored, session, path), mp4::FourCC("styp"),
                         [](mp4::Box const& box) { return mp4::parse_file_type(box).value(); });
    };
    for (int index = 0; index < 10; ++index)
        for (auto const* const id : {"v/", "a/"}) {
            INFO(id, " ", index);
            auto const type = type_of(id + number(index) + ".m4s");
            CHECK(type.is_compatible_with(mp4::FourCC("msdh")));
            CHECK(type.is_compatible_with(mp4::FourCC("lmsg")) == (index == 9));
        }
}

TEST_CASE("an image is the file itself, under any number") {
    auto const stored =
        test::stored_asset({{.id = "v", .timescale = 90'000, .sample = 3'000, .samples = {60, 60}},
                            {.id = "thumbs",
                             .content = Content::image,
                             .timescale = 90'000,
                             .sample = 180'000,
                             .samples = {1, 1}}});
    for (auto const* const options : {"", "segtimeline_1/", "ato_1/chunkdur_1/", "eccp_cbcs/"}) {
        auto const session = test::session_of(stored, options, 100'000);
        CHECK(served(stored, session, "thumbs/43.jpg") == stored.payload("thumbs", 1));
        CHECK(!test::composed(stored, session, "thumbs/43_0.jpg").has_value());
    }
}

TEST_CASE("two tracks come in one file, with numbers of their own") {
    auto const stored = uneven(); // both have 1 on disk
    for (auto const* const options : {"", "chunkdur_0.5/", "sidx_1/"}) {
        CAPTURE(options);
        ;
        auto const session = test::session_of(stored, options, 50'000);
        auto const header = mp4::parse_movie(served(stored, session, "v__a/init.mp4"));
        REQUIRE(header.has_value());
        REQUIRE(header->tracks.size() == 2);
        CHECK(header->tracks[0].id == 1);
        CHECK(header->tracks[0].handler == mp4::video_handler);
        CHECK(header->tracks[1].id == 2);
        CHECK(header->tracks[1].handler == mp4::audio_handler);
        auto const both = served(stored, session, "v__a/3.m4s");
        auto const pictures = seen(both, 1);
        auto const sound = seen(both, 2);
        CHECK(pictures.payloads == seen(served(stored, session, "v/3.m4s")).payloads);
        CHECK(sound.payloads == seen(served(stored, session, "a/3.m4s")).payloads);
        CHECK(sound.time == 288'768);
        CHECK(sound.duration == 94 * 1'024);
    }
}

} // namespace compose_test
