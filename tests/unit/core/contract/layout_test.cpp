#include "core/contract/layout.hpp"

#include <doctest/doctest.h>

namespace layout_test {

using namespace continuo::contract;

TEST_CASE("layout: a file's path and its URI in a playlist lead to each other") {
    SegmentPath const path{.variant = "720p", .run = "18c2f3a9b01", .file = "000012.ts"};
    CHECK(to_text(path) == "720p/18c2f3a9b01/000012.ts");
    CHECK(parse_segment_path(to_text(path)).value() == path);
    CHECK(uri_in("720p", path) == "18c2f3a9b01-000012.ts");
    CHECK(uri_in("source", path) == "../720p/18c2f3a9b01-000012.ts");
    CHECK(path_of("720p", "18c2f3a9b01-000012.ts").value() == path);
}

TEST_CASE("layout: the texts of a segment bear its number") {
    CHECK(text_file_name("000012.ts") == "000012.vtt");
    CHECK(is_text_file_name("000012.vtt"));
    for (auto const* other : {"", ".vtt", "00001.vtt", "000012.ts", "00001x.vtt", "000012.vtt.tmp"})
        CHECK_FALSE(is_text_file_name(other));
    CHECK(path_of("text1", "18c2f3a9b01-000012.vtt").has_value());
}

TEST_CASE("layout: nothing that could leave the channel's folder is a path") {
    for (auto const* text :
         {"", "a", "a/b", "a/b/c", "../b/000001.ts", "a/../000001.ts", "a/b/../000001.ts",
          "a//000001.ts", "a/b/000001.ts/", "A/b/000001.ts", "a/b/000001.ts.tmp", "a/B/000001.ts"})
        CHECK_FALSE(parse_segment_path(text));
    for (auto const* file :
         {"", "-", "b-", "-000001.ts", "..-000001.ts", "b-../000001.ts", "b/-000001.ts"})
        CHECK_FALSE(path_of("a", file));
    CHECK_FALSE(path_of("..", "b-000001.ts"));
}

} // namespace layout_test
