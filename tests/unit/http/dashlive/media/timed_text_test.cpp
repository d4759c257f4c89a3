#include "core/mp4/fragment.hpp"
#include "core/mp4/movie.hpp"
#include "http/dashlive/media/timed_text.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <memory>
#include <random>
#include <string>

namespace timed_text_test {

using namespace continuo;
using namespace continuo::dashlive;
using namespace std::chrono_literals;

using Bytes = std::vector<std::uint8_t>;

/// An asset that is nothing but its pictures' grid.
AssetPtr grid_of(std::uint32_t timescale, std::vector<std::int64_t> const& durations) {
    auto pictures = std::make_shared<Track>();
    pictures->timescale = timescale;
    pictures->loop.emplace(timescale, durations);
    auto asset = std::make_shared<Asset>();
    asset->reference = pictures;
    return asset;
}

AssetPtr two_seconds() {
    return grid_of(90'000, {180'000, 180'000, 180'000, 180'000});
}

Options asked_for(std::vector<std::string> stpp, std::vector<std::string> wvtt) {
    Options options;
    options.stpp_languages = std::move(stpp);
    options.wvtt_languages = std::move(wvtt);
    return options;
}

Session session_of(AssetPtr asset, Options options) {
    Session session;
    session.asset = std::move(asset);
    session.options = std::make_shared<Options const>(std::move(options));
    return session;
}

/// A segment read back: when it begins, its number and its samples.
struct Seen {
    std::uint64_t start{};
    std::uint32_t number{};
    unsigned time_version{};
    std::vector<std::uint32_t> durations;
    std::vector<std::string> samples;

    std::uint64_t length() const {
        std::uint64_t sum = 0;
        for (auto const duration : durations)
            sum += duration;
        return sum;
    }
};

Seen read_back(Bytes const& segment) {
    Seen seen;
    std::vector<std::uint32_t> sizes;
    auto const walked =
        mp4::for_each_box(mp4::BoxCursor(segment), [&](mp4::Box const& box) -> Result<> {
            if (box.type == mp4::FourCC("moof")) {
                auto const fragment = mp4::parse_movie_fragment(box).value();
                auto const& track = fragment.tracks.at(0);
                seen.number = fragment.sequence_number;
                seen.start = track.decode_time->time;
                seen.time_version = track.decode_time->version;
                auto const& run = track.runs.at(0);
                for (std::uint32_t i = 0; i < run.listed_samples(); ++i) {
                    auto const sample = run.sample(i, {});
                    seen.durations.push_back(sample.duration);
                    sizes.push_back(sample.size);
                }
                CHECK(fragment.offset + static_cast<std::size_t>(*run.data_offset) ==
                      fragment.offset + fragment.size + 8);
            } else if (box.type == mp4::FourCC("mdat")) {
                std::string_view rest(reinterpret_cast<char const*>(box.body().data()),
                                      box.body().size());
                for (auto const size : sizes) {
                    seen.samples.emplace_back(rest.substr(0, size));
                    rest.remove_prefix(size);
                }
                CHECK(rest.empty());
            } else {
                CHECK(box.type == mp4::FourCC("styp"));
            }
            return {};
        });
    REQUIRE(walked.has_value());
    return seen;
}

Seen segment_of(Session const& session, std::string_view id, std::int64_t index) {
    auto const text = find_timed_text(*session.options, id);
    REQUIRE(text.has_value());
    return read_back(timed_text_segment(session, *text, index));
}

bool contains(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST_CASE("tracks are those of the options, each with an id and a set of its own") {
    auto const options = asked_for({"en", "sv"}, {"en"});
    auto const texts = timed_texts_of(options);
    REQUIRE(texts.size() == 3);
    CHECK(texts[0].id == "timestpp-en");
    CHECK(texts[1].id == "timestpp-sv");
    CHECK(texts[2].id == "timewvtt-en");
    CHECK(texts[0].adaptation_set == 100);
    CHECK(texts[2].adaptation_set == 102);

    CHECK(find_timed_text(options, "timewvtt-en")->format == TextFormat::wvtt);
    CHECK_FALSE(find_timed_text(options, "timewvtt-sv"));
    CHECK_FALSE(find_timed_text(options, "timestpp-"));
    CHECK_FALSE(find_timed_text(options, "V300"));
}

TEST_CASE("bandwidth follows from the mean length of segments") {
    CHECK(bandwidth_of(TextFormat::stpp, *two_seconds()) == 8000);
    CHECK(bandwidth_of(TextFormat::wvtt, *two_seconds()) == 800);
    CHECK(bandwidth_of(TextFormat::stpp, *grid_of(1000, {4000, 8000})) == 2666);
}

TEST_CASE("an initialisation section says format, language and timescale") {
    struct Case {
        char const* id;
        mp4::FourCC handler, format;
    };
    Case const cases[] = {{"timestpp-en", "subt", "stpp"}, {"timewvtt-swe", "text", "wvtt"}};
    for (auto const& each : cases) {
        CAPTURE(each.id);
        auto const header =
            timed_text_initialisation(*find_timed_text(asked_for({"en"}, {"swe"}), each.id));
        auto const movie = mp4::parse_movie(header);
        REQUIRE(movie.has_value());
        REQUIRE(movie->tracks.size() == 1);
        auto const& track = movie->tracks[0];
        CHECK(track.id == 1);
        CHECK(track.timescale == 1000);
        CHECK(track.handler == each.handler);
        CHECK(track.entry.format == each.format);
        CHECK(mp4::is_sync_sample(track.defaults.flags));
    }
}

TEST_CASE("WebVTT: cues and the stretches between them fill the segment") {
    auto options = asked_for({}, {"en"});
    options.cue_duration = 600ms;
    options.cue_region = 1;
    auto const seen = segment_of(session_of(two_seconds(), options), "timewvtt-en", 1800);
    CHECK(seen.start == 3'600'000);
    CHECK(seen.number == 1800);
    CHECK(seen.durations == std::vector<std::uint32_t>{600, 400, 600, 400});
    CHECK(contains(seen.samples[0], "vttc"));
    CHECK(contains(seen.samples[0], "1970-01-01T01:00:00Z\nen # 1800"));
    CHECK(contains(seen.samples[0], "line:2"));
    CHECK(contains(seen.samples[1], "vtte"));
    CHECK(contains(seen.samples[2], "1970-01-01T01:00:01Z\nen # 1800"));
}

TEST_CASE("WebVTT: below is where no setting says otherwise, and a cue as long as its second "
          "leaves no stretch") {
    auto options = asked_for({}, {"en"});
    options.cue_duration = 1000ms;
    auto const seen = segment_of(session_of(two_seconds(), options), "timewvtt-en", 0);
    CHECK(seen.durations == std::vector<std::uint32_t>{1000, 1000});
    CHECK_FALSE(contains(seen.samples[0], "line:"));
}

TEST_CASE("TTML: one document with the times of the media") {
    auto options = asked_for({"sv"}, {});
    options.start_number = 7;
    auto session = session_of(two_seconds(), options);
    session.epoch = session.availability_start = DateTime{1'682'341'800s};
    session.first_number = 7;
    auto const seen = segment_of(session, "timestpp-sv", 1800);
    CHECK(seen.number == 1807);
    CHECK(seen.durations == std::vector<std::uint32_t>{2000});
    auto const& document = seen.samples.at(0);
    CHECK(contains(document, "xml:lang=\"sv\""));
    CHECK(contains(document, "displayAlign=\"after\""));
    CHECK(contains(
        document,
        R"(<p begin="01:00:00.000" end="01:00:00.900"><span>2023-04-24T14:10:00Z<br/>sv # 1807</span></p>)"));
    CHECK(contains(document, R"(begin="01:00:01.000" end="01:00:01.900")"));
}

TEST_CASE("a cue that a segment's end cuts goes on in the next one") {
    auto options = asked_for({}, {"en"});
    options.cue_duration = 1500ms; // every two seconds
    auto const session = session_of(grid_of(1000, {1001}), options);
    auto const first = segment_of(session, "timewvtt-en", 0);
    CHECK(first.durations == std::vector<std::uint32_t>{1001});
    auto const second = segment_of(session, "timewvtt-en", 1);
    CHECK(second.durations == std::vector<std::uint32_t>{499, 500, 2});
    CHECK(contains(second.samples[0], "1970-01-01T00:00:00Z\nen # 1"));
    CHECK(contains(second.samples[2], "1970-01-01T00:00:02Z\nen # 1"));
}

TEST_CASE("where time counts from another epoch, cues still tell the time of day") {
    auto session = session_of(two_seconds(), asked_for({}, {"en"}));
    session.first_index = 500; // at 1000 s of the media
    session.availability_start = DateTime{5000s};
    session.epoch = DateTime{4000s};
    auto const seen = segment_of(session, "timewvtt-en", 501);
    CHECK(seen.start == 1'002'000);
    CHECK(seen.number == 1);
    CHECK(contains(seen.samples[0], "1970-01-01T01:23:22Z\nen # 1"));
}

TEST_CASE("tfdt takes 64 bits exactly where its value needs them") {
    auto const session = session_of(grid_of(1, {1}), asked_for({"en"}, {}));
    constexpr std::int64_t last_short = std::numeric_limits<std::uint32_t>::max() / 1000;
    CHECK(segment_of(session, "timestpp-en", last_short).time_version == 0);
    auto const seen = segment_of(session, "timestpp-en", last_short + 1);
    CHECK(seen.time_version == 1);
    CHECK(seen.start == (last_short + 1) * 1000);
}

TEST_CASE("on any grid segments follow each other without a gap, and are found by their start") {
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        auto const timescale = std::uniform_int_distribution<std::uint32_t>(500, 90'000)(random);
        std::vector<std::int64_t> durations(1 + random() % 5);
        for (auto& duration : durations)
            duration =
                std::uniform_int_distribution<std::int64_t>(timescale / 4, timescale * 9)(random);
        auto options = asked_for({"en"}, {"en"});
        options.cue_duration = milliseconds{1 + random() % 4000};
        auto const session = session_of(grid_of(timescale, durations), options);
        auto index = std::uniform_int_distribution<std::int64_t>(0, 1'000'000'000)(random);
        std::optional<std::uint64_t> end;
        for (int i = 0; i < 5; ++i, ++index) {
            auto const interval = timed_text_interval(*session.asset, index);
            REQUIRE(interval.start < interval.end);
            REQUIRE(timed_text_index_at(*session.asset, interval.start) == index);
            for (auto const* const id : {"timestpp-en", "timewvtt-en"}) {
                auto const seen = segment_of(session, id, index);
                REQUIRE(seen.start == static_cast<std::uint64_t>(interval.start));
                REQUIRE(seen.start + seen.length() == static_cast<std::uint64_t>(interval.end));
                if (end) REQUIRE(seen.start == *end);
            }
            end = static_cast<std::uint64_t>(interval.end);
        }
    }
}

TEST_CASE("no segment begins where none does, nor before or behind all of them") {
    auto const asset = grid_of(30'000, {60'060});
    CHECK(timed_text_index_at(*asset, 2002) == 1);
    CHECK_FALSE(timed_text_index_at(*asset, 2001));
    CHECK_FALSE(timed_text_index_at(*asset, 2003));
    CHECK_FALSE(timed_text_index_at(*asset, -2002));
    CHECK_FALSE(timed_text_index_at(*asset, std::numeric_limits<std::int64_t>::max()));
}

} // namespace timed_text_test
