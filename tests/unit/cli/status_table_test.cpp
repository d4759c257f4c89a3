#include "cli/status_table.hpp"

#include <doctest/doctest.h>

namespace continuo::cli::status_table_test {

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

TEST_CASE("status table: playheads stand below, with their API and the three latest switches") {
    auto const table = status_table(R"json({"channels": [
        {"name": "live", "state": "on air", "source": "head (https://h/b.m3u8)", "playhead":
         {"head": "https://h/b.m3u8", "name": "B", "api_connected": true, "switches": 12,
          "failures": 1, "latest": [
          {"url": "https://h/c.m3u8", "name": "", "asked_us": 1700000060900000, "outcome": "pending"},
          {"url": "https://h/b.m3u8", "name": "B", "asked_us": 1700000030000000, "took_ms": 1940,
           "outcome": "done"},
          {"url": "https://h/a.m3u8", "name": "A", "asked_us": 1700000000000000, "took_ms": null,
           "outcome": "superseded"},
          {"url": "https://h/z.m3u8", "name": "Z", "asked_us": 1600000000000000, "outcome": "failed"}
         ]}},
        {"name": "news", "state": "on air"},
        {"name": "two", "state": "starting", "playhead": {"head": "", "name": "", "switches": 0,
         "api_connected": false, "failures": 0, "latest": []}}]})json");
    REQUIRE(table.has_value());
    CHECK(*table == "CHANNEL  STATE     SOURCE                   VARIANTS  NEWEST  RESTARTS  NOTE\n"
                    "live     on air    head (https://h/b.m3u8)            -       0\n"
                    "news     on air                                       -       0\n"
                    "two      starting                                     -       0\n"
                    "\n"
                    "live: head https://h/b.m3u8 \"B\"; API connected; 12 switched, 1 failed\n"
                    "    2023-11-14T22:14:20Z  pending             https://h/c.m3u8\n"
                    "    2023-11-14T22:13:50Z  done         1.9 s  https://h/b.m3u8 \"B\"\n"
                    "    2023-11-14T22:13:20Z  superseded          https://h/a.m3u8 \"A\"\n"
                    "\n"
                    "two: no head yet; API not connected; 0 switched, 0 failed\n");
}

TEST_CASE("status table: how things stand with Icecast is said below, behind the playhead") {
    auto const table = status_table(R"json({"channels": [
        {"name": "live", "state": "on air", "icecast": {"state": "retrying: connection refused"},
         "playhead": {"head": "", "name": "", "switches": 0, "api_connected": true, "failures": 0,
                      "latest": []}}]})json");
    REQUIRE(table.has_value());
    CHECK(table->ends_with("\nlive: no head yet; API connected; 0 switched, 0 failed\n"
                           "\nlive: Icecast retrying: connection refused\n"));
}

TEST_CASE("status table: the open break, the latest ones and cues on the way stand below") {
    auto const table = status_table(R"json({"channels": [
        {"name": "a", "state": "on air", "cues_waiting": 0, "breaks": []},
        {"name": "b", "state": "on air", "cues_waiting": 1, "breaks": [
            {"event_id": 8, "first_number": 130, "start_us": 1700000060000000, "planned": 2700000},
            {"event_id": 7, "first_number": 120, "start_us": 1700000000000000,
             "planned": 900000, "end_us": 1700000012400000}]},
        {"name": "c", "state": "on air", "breaks": [
            {"event_id": 1, "first_number": 3, "start_us": 1700000000000000}]},
        {"name": "d", "state": "on air", "cues_waiting": 2, "breaks": []}]})json");
    REQUIRE(table.has_value());
    CHECK(table->substr(table->find("\n\n")) ==
          "\n\nb: break 8 since 2023-11-14T22:14:20Z (30.0 s planned); 1 cue on the way\n"
          "    2023-11-14T22:13:20Z  break 7             12.4 s  from segment 120\n"
          "\nc: break 1 since 2023-11-14T22:13:20Z (until its end is told)\n"
          "\nd: no break is open; 2 cues on the way\n");
}

TEST_CASE("status table: a daemon without channels says what to do") {
    CHECK(*status_table(R"({"channels": []})") ==
          "no channels: add one to the configuration and reload\n");
}

TEST_CASE("status table: what is no status is refused") {
    for (auto const* text : {"", "null", "{}", R"({"channels": [1]})", R"({"channels": [{}]})",
                             R"({"channels": [{"name": 1, "state": ""}]})",
                             R"({"channels": [{"name": "a", "state": "", "playhead": 1}]})",
                             R"({"channels": [{"name": "a", "state": "", "playhead": {}}]})",
                             R"({"channels": [{"name": "a", "state": "", "icecast": {}}]})",
                             R"({"channels": [{"name": "a", "state": "", "breaks": [1]}]})",
                             R"({"channels": [{"name": "a", "state": "", "breaks": [{}]}]})"})
        CHECK(status_table(text).error().code == Errc::malformed);
}

} // namespace continuo::cli::status_table_test
