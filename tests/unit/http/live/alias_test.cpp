#include "http/live/alias.hpp"
#include "tests/support/sample_snapshot.hpp"

#include <doctest/doctest.h>

namespace alias_test {

using namespace continuo;
using test::sample_snapshot;
using namespace std::chrono_literals;

TEST_CASE("alias: a stream's number has one spelling") {
    CHECK(live::stream_number("stream_0") == 0);
    CHECK(live::stream_number("stream_7") == 7);
    CHECK(live::stream_number("stream_120") == 120);
    for (auto const* text : {"", "stream", "stream_", "stream_x", "stream_1x", "stream_-1",
                             "stream_+1", "stream_ 1", "stream_00", "stream_01", "stream_1.0",
                             "Stream_1", "stream-1", "stream_99999999999999999999", "xstream_1"})
        CHECK_MESSAGE(!live::stream_number(text), text);
}

TEST_CASE("alias: a copy's stream lists the first variant's segments beside it, as its own does") {
    auto snapshot = sample_snapshot(8);
    snapshot.segments[5].discontinuity = true;
    auto const playlist = live::copy_stream(snapshot).value();
    CHECK(playlist.media_sequence == 103);
    CHECK(playlist.discontinuity_sequence == 7);
    CHECK(playlist.target_duration == 6s);
    REQUIRE(playlist.segments.size() == 5);
    CHECK(playlist.segments[0].uri == "18c2f3a9b01-000003.ts");
    CHECK(playlist.segments[2].discontinuity);
    CHECK(playlist.segments[4].program_date_time == snapshot.segments[7].date);
}

TEST_CASE("alias: what a sibling stands in for keeps the sibling's own URL") {
    auto snapshot = sample_snapshot(8);
    snapshot.segments[6].files[0] = snapshot.segments[6].files[1];
    CHECK(live::copy_stream(snapshot)->segments[3].uri == "live/360p/18c2f3a9b01-000006.ts");
    CHECK(live::numbered_stream(snapshot, 0)->segments[3].uri ==
          "../live/360p/18c2f3a9b01-000006.ts");
}

TEST_CASE("alias: a ladder's stream names its variants by number") {
    auto snapshot = sample_snapshot(8);
    auto const whole = live::ladder_stream(snapshot).value();
    REQUIRE(whole.variants.size() == 2);
    CHECK(whole.variants[0].uri == "stream_0/playlist.m3u8");
    CHECK(whole.variants[1].uri == "stream_1/playlist.m3u8");
    CHECK(whole.variants[1].height == 360);
    CHECK(whole.independent_segments);

    snapshot.variants[0].bandwidth_bps = 0; // not measured: left out, the other keeps its number
    auto const part = live::ladder_stream(snapshot).value();
    REQUIRE(part.variants.size() == 1);
    CHECK(part.variants[0].uri == "stream_1/playlist.m3u8");
}

TEST_CASE("alias: a numbered stream lists the same segments under the channel's own URLs") {
    auto const playlist = live::numbered_stream(sample_snapshot(8), 1).value();
    CHECK(playlist.media_sequence == 103);
    REQUIRE(playlist.segments.size() == 5);
    CHECK(playlist.segments[0].uri == "../live/360p/18c2f3a9b01-000003.ts");
    CHECK(playlist.segments[4].uri == "../live/360p/18c2f3a9b01-000007.ts");
}

TEST_CASE("alias: nothing to list is nothing, and is then said by an empty playlist") {
    CHECK(!live::copy_stream({}));
    CHECK(!live::copy_stream(sample_snapshot(0)));
    CHECK(!live::ladder_stream({}));
    CHECK(!live::numbered_stream(sample_snapshot(0), 1));
    auto const text = hls::to_text(live::empty_stream(6s));
    auto const read = hls::parse_media_playlist(text);
    REQUIRE(read.has_value());
    CHECK(*read == live::empty_stream(6s));
    CHECK(read->target_duration == 6s);
    CHECK(read->segments.empty());
    CHECK(!read->ended);
}

} // namespace alias_test
