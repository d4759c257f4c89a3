#include "http/dashlive/media/chunks.hpp"
#include "tests/support/stored_asset.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace chunks_test {

using namespace continuo;
using namespace continuo::dashlive;
using namespace std::chrono_literals;

std::vector<std::size_t> ends_of(std::vector<std::uint32_t> const& durations,
                                 std::uint32_t timescale, std::chrono::milliseconds length) {
    std::vector<mp4::Sample> samples;
    for (auto const duration : durations)
        samples.push_back({.duration = duration});
    std::vector<std::size_t> ends;
    std::size_t begin = 0;
    for (auto const& range : cut(samples, timescale, length)) {
        CHECK(range.begin == begin);
        begin = range.end;
        ends.push_back(range.end);
    }
    return ends;
}

/// 8 s of pictures at 30 Hz, in the set 2, which has no id, and sound in the set 1.
test::StoredAsset eight_seconds() {
    auto stored =
        test::stored_asset({{.id = "v", .timescale = 15'360, .sample = 512, .samples = {240}},
                            {.id = "a",
                             .content = Content::audio,
                             .timescale = 48'000,
                             .sample = 1'024,
                             .samples = {375}}});
    stored.asset->manifests["Manifest.mpd"] = {
        .name = "Manifest.mpd",
        .root =
            dash::parse_element(
                R"(<MPD><Period><AdaptationSet><Representation id="v"/></AdaptationSet>)"
                R"(<AdaptationSet id="1"><Representation id="a"/></AdaptationSet></Period></MPD>)")
                .value(),
        .title = {}};
    return stored;
}

TEST_CASE("a chunk ends with the first sample at which its n-th length is reached") {
    struct Row {
        std::vector<std::uint32_t> durations;
        std::chrono::milliseconds length;
        std::vector<std::size_t> ends;
    };
    std::vector<Row> const rows{
        {{500, 500, 500, 500}, 1000ms, {2, 4}},
        {{500, 500, 500, 500}, 999ms, {2, 4}},
        {{500, 500, 500, 500}, 1001ms, {3, 4}},
        {{500, 500, 500, 500}, 0ms, {4}},
        {{500, 500, 500, 500}, 10'000ms, {4}},
        {{500, 500, 500, 500}, 1ms, {1, 2, 3, 4}},
        {{400, 400, 400, 400, 400}, 1000ms, {3, 5}},
        {{3000, 100, 100}, 1000ms, {1, 3}},
        {{100, 0, 0, 100}, 100ms, {1, 4}},
        {{0, 0}, 100ms, {2}},
        {{}, 0ms, {0}},
    };
    for (auto const& row : rows) {
        CAPTURE(row.length.count());
        ;
        CHECK(ends_of(row.durations, 1000, row.length) == row.ends);
    }
}

TEST_CASE("chunks are due when their last sample has been shown, and are the segment together") {
    auto const stored = eight_seconds();
    auto const session = test::session_of(stored, "ato_7/chunkdur_1/start_1000/", 1'086'000);
    auto const composed = test::composed(stored, session, "v/10.m4s");
    REQUIRE(composed.has_value());
    REQUIRE(composed->chunks.size() == 8);
    for (std::size_t i = 0; i < 8; ++i) {
        CHECK(composed->chunks[i].due.time_since_epoch() == 1'080s + std::chrono::seconds(i + 1));
        CHECK(composed->chunks[i].is_independent == (i == 0));
        auto const chunk = test::seen(bytes_of(stored, composed->chunks[i]));
        CHECK(chunk.boxes == (i == 0 ? std::vector<std::string>{"styp", "moof", "mdat"}
                                     : std::vector<std::string>{"moof", "mdat"}));
        CHECK(chunk.numbers == std::vector<std::uint32_t>{10});
        CHECK(chunk.time == (80 + i) * 15'360);
        CHECK(chunk.duration == 15'360);
    }
    auto const whole = test::seen(bytes_of(stored, *composed));
    CHECK(whole.payloads == stored.payloads.at("v"));

    auto const sound = test::composed(stored, session, "a/10.m4s");
    REQUIRE(sound.has_value());
    CHECK(sound->chunks.size() == 8);
    CHECK(sound->chunks[0].is_independent);
    CHECK(sound->chunks[1].is_independent);
    // 1 s is 46.875 frames: the 47th ends 2.67 ms behind it
    CHECK(sound->chunks[0].due.time_since_epoch() == 1'081'003ms);
}

TEST_CASE("without chunkdur nothing has to be waited for, however early a segment is") {
    auto const stored = eight_seconds();
    auto const session = test::session_of(stored, "ato_7/", 81'500);
    for (auto const* const path : {"v/10.m4s", "a/10.m4s", "v__a/10.m4s"}) {
        auto const composed = test::composed(stored, session, path);
        REQUIRE(composed.has_value());
        CHECK(composed->chunks.size() == 1);
        CHECK(composed->chunks[0].due <= session.now);
    }
}

TEST_CASE("a part of a segment is its chunk, and has its own time") {
    auto const stored = eight_seconds();
    struct Row {
        std::string path;
        std::int64_t now_ms;
        unsigned status;
    };
    std::vector<Row> const rows{
        {"v/10_0.m4s", 88'000, 200}, {"v/10_7.m4s", 88'000, 200}, {"v/10_7.m4s", 87'999, 425},
        {"v/10_1.m4s", 82'000, 200}, {"v/10_1.m4s", 81'999, 425}, {"v/10_1.m4s", 79'000, 425},
        {"v/10_8.m4s", 88'000, 404}, {"v/10_9.m4s", 88'000, 404},
    };
    for (auto const& row : rows) {
        INFO(row.path, " ", row.now_ms);
        auto const session = test::session_of(stored, "ssras_2,1/chunkdurssr_2,1.0/", row.now_ms);
        auto const part = test::composed(stored, session, row.path);
        CHECK((part ? 200U : part.error().status) == row.status);
        if (!part) continue;
        REQUIRE(part->chunks.size() == 1);
        CHECK(test::seen(bytes_of(stored, *part)).numbers == std::vector<std::uint32_t>{10});
    }
    auto const plain = test::session_of(stored, "", 88'000);
    auto const refused = test::composed(stored, plain, "v/10_0.m4s");
    REQUIRE(!refused.has_value());
    CHECK(refused.error().status == 404);
}

TEST_CASE("each set has parts as long as it was said of it, whether it has an id or not") {
    auto const stored = eight_seconds();
    auto const session = test::session_of(stored, "ssras_1,2;2,1/chunkdurssr_1,2;2,4/", 88'000);
    auto const length = [&](char const* path) {
        return chunk_length(session, *media_name_of(session, path));
    };
    CHECK(length("v/10_0.m4s") == 4s);
    CHECK(length("a/10_0.m4s") == 2s);
}

TEST_CASE("with ato_inf nothing is too early, nor has to be waited for") {
    auto const stored = eight_seconds();
    auto const session =
        test::session_of(stored, "ato_inf/chunkdur_2/ssras_2,1/chunkdurssr_2,1/", 1'000);
    for (auto const* const path : {"v/10_0.m4s", "v/10_7.m4s", "v/10.m4s", "a/10.m4s"}) {
        auto const composed = test::composed(stored, session, path);
        REQUIRE_MESSAGE(composed.has_value(), path);
        for (auto const& chunk : composed->chunks)
            CHECK(chunk.due <= session.now);
    }
    auto const whole = test::composed(stored, session, "v/10.m4s");
    CHECK(whole->chunks.size() == 8);
}

} // namespace chunks_test
