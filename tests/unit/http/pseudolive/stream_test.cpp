#include "http/pseudolive/stream.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace stream_test {

using namespace continuo;
using namespace continuo::pseudolive;
using namespace std::chrono_literals;

Track track(std::string id, std::vector<Ticks90k> const& durations,
            std::vector<std::size_t> const& discontinuities = {}) {
    Track made;
    made.id = std::move(id);
    for (std::size_t i = 0; i < durations.size(); ++i) {
        hls::MediaSegment segment;
        segment.uri = made.id + '/' + std::to_string(i) + ".ts";
        segment.duration = durations[i];
        made.segments.push_back(segment);
    }
    made.lap = std::make_shared<timeline::Lap const>(durations, discontinuities);
    return made;
}

/// Two variants that are cut alike, and sound in segments of half the length.
AssetPtr asset(std::string name, std::vector<Ticks90k> const& durations,
               std::vector<std::size_t> const& discontinuities = {}) {
    auto made = std::make_shared<Asset>();
    made->fingerprint = std::move(name);
    made->target_duration =
        std::chrono::ceil<std::chrono::seconds>(*std::ranges::max_element(durations));
    made->independent_segments = true;
    made->tracks = {track("hi", durations, discontinuities),
                    track("lo", durations, discontinuities)};
    std::vector<Ticks90k> halves;
    std::vector<std::size_t> begun_by;
    std::vector<std::size_t> half_discontinuities;
    for (auto const index : discontinuities)
        half_discontinuities.push_back(2 * index);
    for (auto const duration : durations) {
        begun_by.push_back(halves.size());
        halves.push_back(duration / 2);
        halves.push_back(duration - duration / 2);
    }
    made->tracks.push_back(track("sound", halves, half_discontinuities));
    made->tracks.back().begun_by = begun_by;
    return made;
}

Item played(AssetPtr of, std::uint64_t times = 1) {
    return {.asset = std::move(of), .times = times, .tracks = {0, 1, 2}};
}

std::string uri_of(Asset const& of, std::string const& uri) {
    return of.fingerprint + ':' + uri;
}

hls::MediaPlaylist list(Stream const& stream, std::size_t number, WallTime now) {
    return stream.list(number, stream.ended_by(now), uri_of).value();
}

constexpr Ticks90k second{90'000};
constexpr WallTime noon{1'800'000'000s};

Stream random_stream(std::mt19937& random, Era era = {}) {
    auto const up_to = [&](int most) { return std::uniform_int_distribution<>(1, most)(random); };
    std::vector<Item> items;
    for (int i = up_to(3); i > 0; --i) {
        std::vector<Ticks90k> durations;
        for (int j = up_to(8); j > 0; --j)
            durations.push_back(Ticks90k(90'000 + up_to(540'000)));
        std::vector<std::size_t> discontinuities;
        for (std::size_t j = 1; j < durations.size(); ++j)
            if (up_to(4) == 1) discontinuities.push_back(j);
        items.push_back(played(asset("a" + std::to_string(i), durations, discontinuities),
                               static_cast<std::uint64_t>(up_to(3))));
    }
    return Stream(std::move(items),
                  {.era = era, .window = static_cast<unsigned>(up_to(8)), .hold_back = {}});
}

/// What was on both lists is on both alike, and the newer one only lost its front.
void check_follows(hls::MediaPlaylist const& older, hls::MediaPlaylist const& newer) {
    REQUIRE(newer.target_duration == older.target_duration);
    REQUIRE(newer.media_sequence >= older.media_sequence);
    auto const gone = newer.media_sequence - older.media_sequence;
    std::uint64_t tags = 0;
    for (std::uint64_t i = 0; i < older.segments.size(); ++i) {
        if (i < gone)
            tags += older.segments[i].discontinuity ? 1 : 0;
        else
            REQUIRE(older.segments[i] == newer.segments[i - gone]);
    }
    if (gone <= older.segments.size())
        REQUIRE(newer.discontinuity_sequence == older.discontinuity_sequence + tags);
}

Ticks90k length_of(hls::MediaPlaylist const& playlist) {
    Ticks90k length{};
    for (auto const& segment : playlist.segments)
        length += segment.duration;
    return length;
}

TEST_CASE("stream: one asset over and over, number by number") {
    Stream const stream({played(asset("a", {2 * second, 3 * second, second}))},
                        {.era = {.start = noon}, .window = 4, .hold_back = {}});
    CHECK(stream.ended_by(noon + 1999ms) == 0);
    CHECK_FALSE(stream.list(0, 0, uri_of));
    CHECK(stream.next_change(0) == noon + 2s);
    // laps of 6 s: at 14 s seven segments have ended, the last one the first of the third lap
    auto const playlist = list(stream, 0, noon + 14s);
    CHECK(playlist.target_duration == 3s);
    CHECK(playlist.media_sequence == 2);
    CHECK(playlist.discontinuity_sequence == 0);
    REQUIRE(playlist.segments.size() == 5); // four are 8 s, less than three target durations
    CHECK(playlist.segments[0].uri == "a:hi/2.ts");
    CHECK(playlist.segments[1].uri == "a:hi/0.ts");
    CHECK(playlist.segments[1].discontinuity);
    CHECK(playlist.segments[1].program_date_time == noon + 6s);
    CHECK(playlist.segments[4].program_date_time == noon + 12s);
    CHECK(list(stream, 0, noon + 15s) == playlist);
}

TEST_CASE("stream: a track that is cut in another way has numbers of its own at the same times") {
    Stream const stream({played(asset("a", {2 * second, 3 * second, second}))},
                        {.era = {.start = noon}, .window = 4, .hold_back = {}});
    auto const video = list(stream, 0, noon + 14s);
    auto const sound = list(stream, 2, noon + 14s);
    CHECK(sound.media_sequence == 2 * video.media_sequence);
    CHECK(sound.discontinuity_sequence == video.discontinuity_sequence);
    CHECK(sound.segments.size() == 2 * video.segments.size());
    CHECK(sound.segments[0].program_date_time == video.segments[0].program_date_time);
    CHECK(sound.segments[2].discontinuity);
    CHECK(length_of(sound) == length_of(video));
}

TEST_CASE("stream: every list follows from the one before, in all tracks alike") {
    std::mt19937 random(7);
    for (int trial = 0; trial < 40; ++trial) {
        auto const stream = random_stream(random);
        std::optional<hls::MediaPlaylist> before[3];
        auto now = noon + std::chrono::hours(trial);
        for (int step = 0; step < 300; ++step, now += 100ms) {
            auto const ended = stream.ended_by(now);
            REQUIRE(stream.next_change(ended) > now);
            REQUIRE(stream.ended_by(stream.next_change(ended)) == ended + 1);
            for (std::size_t i = 0; i < 3; ++i) {
                auto next = stream.list(i, ended, uri_of).value();
                REQUIRE(length_of(next) >= 3 * next.target_duration);
                for (auto const& segment : next.segments)
                    REQUIRE(segment.duration <= next.target_duration);
                if (before[i]) check_follows(*before[i], next);
                before[i] = std::move(next);
            }
            REQUIRE(before[1]->media_sequence == before[0]->media_sequence);
            for (auto const i : {1, 2}) {
                REQUIRE(before[i]->discontinuity_sequence == before[0]->discontinuity_sequence);
                REQUIRE(before[i]->segments[0].program_date_time ==
                        before[0]->segments[0].program_date_time);
            }
            auto const& newest = before[0]->segments.back();
            auto const end = *newest.program_date_time + newest.duration;
            REQUIRE(now - end >= -1us);
            REQUIRE(now - end < stream.target_duration() + 1us);
        }
    }
}

TEST_CASE("stream: dates count on without drift, over a year and over the wrap of the media") {
    Stream const stream({played(asset("a", {Ticks90k(537'301), Ticks90k(537'299), Ticks90k(1)}))},
                        {.era = {}, .window = 3, .hold_back = {}});
    for (auto const later : {0h, 24h * 365, 24h * 36'500}) {
        auto const playlist = list(stream, 0, noon + later);
        auto const laps = playlist.media_sequence / 3;
        auto const& first = playlist.segments.front();
        auto const index = static_cast<int>(playlist.media_sequence % 3);
        auto const start = static_cast<std::int64_t>(laps) * Ticks90k(1'074'601) +
                           Ticks90k(index == 0   ? 0
                                    : index == 1 ? 537'301
                                                 : 1'074'600);
        CHECK(first.program_date_time ==
              WallTime{std::chrono::floor<std::chrono::microseconds>(start)});
    }
}

TEST_CASE("stream: dates of each track follow its own durations, and meet at each wrap") {
    auto made = std::make_shared<Asset>(*asset("a", {2 * second, 2 * second}));
    made->tracks[1] = track("lo", {2 * second + Ticks90k{480}, 2 * second});
    Stream const stream({played(made)}, {.era = {.start = noon}, .window = 4, .hold_back = {}});
    auto const playlist = list(stream, 1, noon + 16s);
    CHECK(playlist.segments[0].program_date_time == noon + 8s);
    CHECK(playlist.segments[1].program_date_time == noon + 10s + 5333us);
    CHECK(playlist.segments[2].program_date_time == noon + 12s);
    CHECK(playlist.segments[2].discontinuity);
}

TEST_CASE("stream: hold-back shows everything later, and nothing else") {
    auto const item = played(asset("a", {2 * second, 3 * second}));
    Stream const now_and({item}, {.era = {.start = noon}, .window = 3, .hold_back = {}});
    Stream const later({item}, {.era = {.start = noon}, .window = 3, .hold_back = 7s});
    CHECK(list(later, 0, noon + 107s) == list(now_and, 0, noon + 100s));
}

TEST_CASE("stream: a schedule shows what is on, and what comes next") {
    Stream const stream({played(asset("a", {2 * second}), 2), played(asset("b", {3 * second}))},
                        {.era = {.start = noon}, .window = 3, .hold_back = {}});
    auto const showing = stream.showing(noon + 2500ms);
    CHECK(showing.item == 0);
    CHECK(showing.start == noon + 2s);
    CHECK(showing.end == noon + 4s);
    auto const next = stream.after(showing);
    CHECK(next.item == 1);
    CHECK(next.end == noon + 7s);
    CHECK(stream.after(next).start == noon + 7s);
    CHECK(stream.after(next).item == 0);
}

TEST_CASE("stream: another era goes on behind the numbers of the one before") {
    std::mt19937 random(11);
    for (int trial = 0; trial < 100; ++trial) {
        auto const before = random_stream(random, {.start = noon - 1000s, .media_sequence = 5});
        auto fresh = random_stream(random);
        auto const era = fresh.era_behind(before, noon);
        Stream const after(fresh.items(), {.era = era, .window = 4, .hold_back = {}});
        auto const old_list = list(before, 0, noon);
        auto const new_list = list(after, 0, noon);
        for (std::size_t i = 0; i < 3; ++i) {
            auto const seen = list(before, i, noon);
            CHECK(list(after, i, noon).media_sequence >=
                  seen.media_sequence + seen.segments.size());
        }
        std::uint64_t tags = 0;
        for (auto const& segment : old_list.segments)
            tags += segment.discontinuity ? 1 : 0;
        CHECK(new_list.discontinuity_sequence + (new_list.segments[0].discontinuity ? 1 : 0) >=
              old_list.discontinuity_sequence + tags + 1);
        CHECK(length_of(new_list) >= 3 * new_list.target_duration);
        check_follows(new_list, list(after, 0, noon + 5s));
    }
}

TEST_CASE("stream: what URIs there are in a segment are all told anew, but for those elsewhere") {
    auto made = std::make_shared<Asset>(*asset("a", {second}));
    auto& segment = made->tracks[0].segments[0];
    segment.map = hls::MediaMap{.uri = "hi/init.mp4", .byte_range = std::nullopt};
    segment.keys = {
        {.attributes = R"(METHOD=AES-128,X-URI="k",URI="k/1.bin",IV=0x01)"},
        {.format = "x", .attributes = R"(METHOD=SAMPLE-AES,URI="skd://k",KEYFORMAT="x")"}};
    Stream const stream({played(made)}, {.era = {.start = noon}, .window = 3, .hold_back = {}});
    auto const listed = list(stream, 0, noon + 9s).segments.at(0);
    CHECK(listed.map->uri == "a:hi/init.mp4");
    CHECK(listed.keys[0].attributes == R"(METHOD=AES-128,X-URI="k",URI="a:k/1.bin",IV=0x01)");
    CHECK(listed.keys[1].attributes == R"(METHOD=SAMPLE-AES,URI="skd://k",KEYFORMAT="x")");
}

} // namespace stream_test
