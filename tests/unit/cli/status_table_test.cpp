#include "cli/status_table.hpp"

#include <doctest/doctest.h>

namespace continuo::cli {
namespace {

TEST_CASE("status table: one aligned line per channel") {
    auto const table = status_table(R"({"channels": [
        {"name": "demo", "state": "on air", "source": "clip.mp4", "note": "", "next_number": 43,
         "bytes": 1000, "sources": [{"restarts": 1}, {"restarts": 0}],
         "variants": [{"name": "source", "restarts": 2}, {"name": "720p"}]},
        {"name": "news-24", "state": "starting", "source": "", "note": "waiting for a keyframe",
         "next_number": 441234, "bytes": 0, "sources": [], "variants": [{"name": "source"}]}]})");
    REQUIRE(table.has_value());
    CHECK(*table == "CHANNEL  STATE     SOURCE    VARIANTS     NEWEST  RESTARTS  NOTE\n"
                    "demo     on air    clip.mp4  source 720p  42      3\n"
                    "news-24  starting            source       -       0         waiting for a "
                    "keyframe\n");
}

TEST_CASE("status table: a daemon without channels says what to do") {
    CHECK(*status_table(R"({"channels": []})") ==
          "no channels: add one to the configuration and reload\n");
}

TEST_CASE("status table: what is no status is refused") {
    for (auto const* text : {"", "null", "{}", R"({"channels": [1]})", R"({"channels": [{}]})",
                             R"({"channels": [{"name": 1, "state": ""}]})"})
        CHECK(status_table(text).error().code == Errc::malformed);
}

} // namespace
} // namespace continuo::cli
