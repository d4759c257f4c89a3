#include "http/dashlive/media/media_name.hpp"
#include "tests/support/stored_asset.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace media_name_test {

using namespace continuo;
using namespace continuo::dashlive;

constexpr std::int64_t now_ms = 100'000;

/// Pictures of 2 s, sound, images.
test::StoredAsset asset_of_three() {
    return test::stored_asset(
        {{.id = "V300", .timescale = 90'000, .sample = 3'000, .samples = {60, 60, 60, 60}},
         {.id = "A48",
          .content = Content::audio,
          .timescale = 48'000,
          .sample = 1'024,
          .samples = {94, 94, 94, 93}},
         {.id = "thumbs",
          .content = Content::image,
          .timescale = 1,
          .sample = 2,
          .samples = {1, 1, 1, 1}}});
}

TEST_CASE("a path names an initialisation, or a segment by number or time as the session has it") {
    auto const stored = asset_of_three();
    struct Row {
        std::string options;
        std::string path;
        std::optional<std::int64_t> index; ///< nothing: 404
        bool is_initialisation{false};
        std::optional<std::uint32_t> part{};
    };
    std::vector<Row> const rows{
        {"", "V300/init.mp4", 0, true},
        {"", "thumbs/init.mp4", {}},
        {"", "V300/40.m4s", 40},
        {"", "V300/0.m4s", 0},
        {"", "A48/40.m4s", 40},
        {"", "thumbs/43.jpg", 43},
        {"", "V300/40.mp4", {}},
        {"", "V300/.m4s", {}},
        {"", "V300/-1.m4s", {}},
        {"", "V300/+1.m4s", {}},
        {"", "V300/4x.m4s", {}},
        {"", "V301/40.m4s", {}},
        {"", "V300/40.m4s/", {}},
        {"", "", {}},
        {"", "V300/99999999999999999999.m4s", {}},
        {"", "V300/9223372036854775807.m4s", {}},
        {"", "V300/40_3.m4s", 40, false, 3},
        {"", "V300/40_.m4s", {}},
        {"", "V300/40_3_3.m4s", {}},
        {"", "V300/40_99999999999.m4s", {}},
        {"snr_5/", "V300/5.m4s", 0},
        {"snr_5/", "V300/4.m4s", {}},
        {"segtimeline_1/", "V300/7200000.m4s", 40},
        {"segtimeline_1/", "V300/7200001.m4s", {}},
        {"segtimeline_1/", "A48/3840000.m4s", 40},
        {"segtimeline_1/", "thumbs/43.jpg", 43},
        {"segtimelinenr_1/", "V300/40.m4s", 40},
    };
    for (auto const& row : rows) {
        INFO(row.options, " ", row.path);
        auto const session = test::session_of(stored, row.options, now_ms);
        auto const name = media_name_of(session, row.path);
        REQUIRE(name.has_value() == row.index.has_value());
        if (!name) {
            CHECK(name.error().status == 404);
            continue;
        }
        CHECK(name->index == *row.index);
        CHECK((name->kind == MediaName::Kind::initialisation) == row.is_initialisation);
        CHECK(name->part == row.part);
        CHECK(name->tracks.size() == 1);
    }
}

TEST_CASE("a path with two representations names both, pictures first") {
    auto const stored = asset_of_three();
    auto const session = test::session_of(stored, "", now_ms);
    auto const name = media_name_of(session, "V300__A48/7.m4s");
    REQUIRE(name.has_value());
    CHECK(name->index == 7);
    REQUIRE(name->tracks.size() == 2);
    CHECK(name->tracks[0]->id == "V300");
    CHECK(name->tracks[1]->id == "A48");
    CHECK(media_name_of(session, "V300__A48/init.mp4").has_value());
    for (auto const* const path : {"A48__V300/7.m4s", "V300__V300/7.m4s", "V300__/7.m4s",
                                   "__A48/7.m4s", "V300__A48", "V300__A49/7.m4s", "__"}) {
        CAPTURE(path);
        ;
        CHECK(!media_name_of(session, path).has_value());
    }
}

TEST_CASE("a template may begin with the number, be nested, and pad it") {
    auto const stored = asset_of_three();
    auto const track = std::make_shared<Track>(*stored.asset->tracks.at("V300"));
    stored.asset->tracks["V300"] = track;
    auto const session = test::session_of(stored, "", now_ms);
    struct Row {
        std::string media;
        std::string path;
    };
    std::vector<Row> const rows{{"$Number$.m4s", "40.m4s"},
                                {"video_$Number%05d$.m4s", "video_00040.m4s"},
                                {"a/b-c/$Time$.m4s", "a/b-c/40.m4s"},
                                {"v_1_$Number$", "v_1_40"}};
    for (auto const& row : rows) {
        CAPTURE(row.media);
        ;
        track->media = row.media;
        auto const name = media_name_of(session, row.path);
        REQUIRE(name.has_value());
        CHECK(name->index == 40);
    }
    track->media = "no number.m4s";
    CHECK(!media_name_of(session, "no number.m4s").has_value());
}

} // namespace media_name_test
