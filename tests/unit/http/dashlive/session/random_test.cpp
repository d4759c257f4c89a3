// What must hold for any asset, any options and any time. All times here are worked out apart from
// the product's own arithmetic where that matters: in 128 bits, from the definitions.
#include "http/dashlive/session/periods.hpp"
#include "tests/support/dash_session.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

namespace random_test {

using namespace continuo;
using namespace std::chrono_literals;
using dashlive::AssetPtr;
using dashlive::available;
using dashlive::DateTime;
using dashlive::listed;
using dashlive::publication_of;
using dashlive::Session;
using std::chrono::milliseconds;
using support::dash_session;
using support::status_of;
using timeline::IndexRange;

__extension__ using Wide = __int128;

class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    std::int64_t between(std::int64_t least, std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
    }
    bool happens(int percent) { return between(1, 100) <= percent; }
    template <class Choices>
    auto one_of(Choices const& choices) {
        return choices[static_cast<std::size_t>(
            between(0, static_cast<std::int64_t>(std::size(choices)) - 1))];
    }

private:
    std::mt19937_64 engine_;
};

/// Of 0.2 to 13 s, a third of them uneven.
timeline::SegmentLoop random_pictures(Dice& dice) {
    constexpr std::array<std::uint32_t, 8> timescales{1,      1000,   12'800, 24'000,
                                                      30'000, 44'100, 90'000, 10'000'000};
    auto const timescale = dice.one_of(timescales);
    auto const scale = std::int64_t{timescale};
    auto const usual = dice.between(std::max<std::int64_t>(scale / 5, 1), 13 * scale);
    auto const is_uneven = dice.happens(33);
    std::vector<std::int64_t> durations(static_cast<std::size_t>(dice.between(1, 12)));
    for (auto& duration : durations)
        duration = is_uneven ? dice.between(usual / 2 + 1, usual * 2) : usual;
    if (dice.happens(20)) return {30'000, std::vector<std::int64_t>(durations.size(), 60'060)};
    return {timescale, durations};
}

std::string seconds(std::int64_t count) {
    return std::to_string(count) + "/";
}

/// Options under which the start stands still.
std::string random_options(Dice& dice, std::int64_t start) {
    auto const is_first = dice.happens(30);
    std::string url = is_first ? "/livesim/" : "/livesim2/";
    url += dice.one_of(std::array{"", "segtimeline_1/", "segtimelinenr_1/"});
    if (start > 0) url += "start_" + seconds(start);
    if (is_first && start > 0 && dice.happens(30))
        url += "timeoffset_" + seconds(dice.between(0, start));
    if (dice.happens(60))
        url += "tsbd_" + seconds(dice.one_of(std::array{0, 1, 5, 20, 61, 300, 5000}));
    if (dice.happens(40))
        url += dice.one_of(std::array{"ato_0.5/", "ato_1.75/", "ato_9/", "ato_40/"});
    if (dice.happens(30)) url += "snr_" + seconds(dice.between(0, 1'000'000));
    if (dice.happens(20))
        url += "stop_" + seconds(start + dice.between(1, 200));
    else if (dice.happens(20))
        url += "dur_" + seconds(dice.between(1, 100)) + "dur_" + seconds(dice.between(1, 100)) +
               "mup_2/";
    return url;
}

struct Sample {
    AssetPtr asset;
    std::string url;
    milliseconds now;
};

Sample random_sample(Dice& dice) {
    auto const asset = support::dash_asset(random_pictures(dice));
    auto const start = dice.happens(50) ? 0 : dice.between(1, 2'000'000'000);
    auto const url = random_options(dice, start);
    auto const latest =
        start + dice.one_of(std::array<std::int64_t, 4>{3, 100, 1000, 1'000'000'000});
    return {asset, url, milliseconds(dice.between(start * 1000, latest * 1000))};
}

Session session_of(Sample const& sample, DateTime now) {
    return dash_session(sample.asset, sample.url, now.time_since_epoch());
}

/// All of an MPD that can change with time.
struct Content {
    IndexRange list;
    std::vector<std::int64_t> periods;
    std::optional<DateTime> end;
    bool is_over{};

    friend bool operator==(Content const&, Content const&) = default;
};

Content content_of(Session const& session) {
    Content content{
        .list = {}, .periods = {}, .end = session.announced_end, .is_over = session.is_over};
    if (session.options->addressing != dashlive::Addressing::number) content.list = listed(session);
    auto const periods = periods_of(session);
    REQUIRE(periods.has_value());
    for (auto const& period : *periods)
        content.periods.push_back(period.number);
    return content;
}

/// When a segment ends, rounded up to a millisecond.
DateTime end_of(Session const& session, std::int64_t index) {
    auto const& pictures = session.asset->pictures();
    auto const end = Wide{pictures.place_of(index).end} * 1000;
    auto const scale = Wide{pictures.timescale()};
    return session.epoch + milliseconds(static_cast<std::int64_t>((end + scale - 1) / scale));
}

TEST_CASE(
    "all that is listed can be had, covers the time-shift buffer and has no end in the future") {
    Dice dice(1);
    for (int round = 0; round < 20'000; ++round) {
        auto const sample = random_sample(dice);
        auto const session = session_of(sample, DateTime(sample.now));
        CAPTURE(sample.url);
        CAPTURE(sample.now.count());
        auto const list = listed(session);
        REQUIRE(list.begin >= session.first_index);
        REQUIRE(list.end >= list.begin);
        if (list.begin == list.end) continue;
        for (auto const index : {list.begin, list.end - 1, dice.between(list.begin, list.end - 1)})
            REQUIRE(status_of(available(session, index)) == 200);
        REQUIRE(end_of(session, list.end - 1) - session.ahead <= session.now);

        auto const now = session.availability_start + session.elapsed;
        if (!session.availability_end) { // what ends in a moment may be longer than the list
            REQUIRE(end_of(session, list.end) - session.ahead > now);
            auto const begin = end_of(session, list.begin - 1);
            auto const buffer = now - session.depth + session.ahead;
            REQUIRE((list.begin == session.first_index || begin <= buffer));
        }
    }
}

TEST_CASE("publishTime is not in the future, and another one exactly if something else is said") {
    Dice dice(2);
    for (int round = 0; round < 5'000; ++round) {
        auto const sample = random_sample(dice);
        auto const session = session_of(sample, DateTime(sample.now));
        CAPTURE(sample.url);
        CAPTURE(sample.now.count());
        auto const publication = publication_of(session);
        auto const content = content_of(session);
        REQUIRE(publication.time <= session.now);
        // It has been said since then, and will be until the next is.
        std::vector<DateTime> same{publication.time,
                                   publication.time + (session.now - publication.time) / 2};
        if (publication.next) {
            REQUIRE(*publication.next > session.now);
            same.push_back(*publication.next - 1ms);
        } else {
            same.push_back(session.now + std::chrono::hours(dice.between(1, 1'000'000)));
        }
        for (auto const now : same) {
            auto const then = session_of(sample, now);
            REQUIRE(publication_of(then).time == publication.time);
            REQUIRE(content_of(then) == content);
        }
        if (publication.next) {
            auto const then = session_of(sample, *publication.next);
            REQUIRE(publication_of(then).time == *publication.next);
            // livesim1 has an MPD before its start, too, and nothing but the start is new in it.
            if (*publication.next != session.availability_start)
                REQUIRE(content_of(then) != content);
        }
    }
}

TEST_CASE("starts that follow the clock are published each time that they move") {
    Dice dice(3);
    for (int round = 0; round < 3'000; ++round) {
        auto const option = dice.one_of(std::array{"modulo_1/", "modulo_7/", "tfdt_32/", "cont_1/",
                                                   "startrel_-30/", "startrel_-30/stoprel_5/"});
        auto const asset = support::dash_asset({30'000, {60'060, 60'060, 30'030}});
        Sample const sample{asset, std::string("/livesim2/") + option,
                            milliseconds(dice.between(1'000'000, 2'000'000'000))};
        CAPTURE(sample.url);
        CAPTURE(sample.now.count());
        auto const session = session_of(sample, DateTime(sample.now));
        auto const publication = publication_of(session);
        REQUIRE(publication.time <= session.now);
        REQUIRE(publication.next.has_value());
        auto const said = [&](DateTime now) {
            auto const then = session_of(sample, now);
            return std::tuple(then.availability_start, then.announced_end, then.is_over);
        };
        auto const now = said(session.now);
        REQUIRE(said(publication.time) == now);
        REQUIRE(said(*publication.next - 1ms) == now);
        REQUIRE(publication_of(session_of(sample, *publication.next)).time == *publication.next);
    }
}

TEST_CASE("lists only ever grow at their ends and shrink at their beginnings") {
    Dice dice(4);
    for (int round = 0; round < 2'000; ++round) {
        auto const sample = random_sample(dice);
        CAPTURE(sample.url);
        DateTime now(sample.now);
        auto before = listed(session_of(sample, now));
        for (int step = 0; step < 8; ++step) {
            now += milliseconds(dice.between(0, 20'000));
            auto const after = listed(session_of(sample, now));
            REQUIRE(after.begin >= before.begin);
            REQUIRE(after.end >= before.end);
            before = after;
        }
    }
}

TEST_CASE("a segment can be had from its end, less what it is ahead, until the depth and 10 s have "
          "passed") {
    Dice dice(5);
    for (int round = 0; round < 10'000; ++round) {
        auto const sample = random_sample(dice);
        auto const session = session_of(sample, DateTime(sample.now));
        if (session.availability_end) continue;
        CAPTURE(sample.url);
        auto const index = session.first_index + dice.between(0, 1'000'000);
        CAPTURE(index);
        auto const from = end_of(session, index) - session.ahead;
        auto const longest =
            end_of(session, session.first_index + 20) - end_of(session, session.first_index);
        auto const is_short = longest < 20 * 5s;
        auto const status_at = [&](DateTime now) {
            return status_of(available(session_of(sample, now), index));
        };
        auto const is_early = from <= session.availability_start;
        auto const opens = session.options->dialect == dashlive::Dialect::livesim2 && is_early
                               ? session.availability_start
                               : from;
        if (opens - 1ms < DateTime{}) continue;
        REQUIRE(status_at(opens - 1ms) == 425);
        REQUIRE(status_at(opens) == 200);
        auto const closes = std::max(from + session.depth + 10s, opens);
        if (closes == opens) continue;
        REQUIRE(status_at(closes) == 200);
        if (is_short) REQUIRE(status_at(closes + 1ms) == 410);
    }
}

TEST_CASE("numbers, times and indexes give each other, and segments leave no gap") {
    Dice dice(6);
    for (int round = 0; round < 10'000; ++round) {
        auto const sample = random_sample(dice);
        auto const session = session_of(sample, DateTime(sample.now));
        auto const& asset = *sample.asset;
        auto const index = dice.between(1, 100'000'000);
        CAPTURE(index);
        REQUIRE(session.index_of(session.number_of(index)) == index);
        for (auto const* id : {"V", "A", "T"}) {
            CAPTURE(id);
            auto const& track = *asset.tracks.at(id);
            auto const interval = interval_of(asset, track, index);
            if (interval.start == interval.end) continue; // units coarser than segments
            REQUIRE(interval_of(asset, track, index - 1).end == interval.start);
            REQUIRE(index_at(asset, track, interval.start) == index);
            auto const within = dice.between(interval.start, interval.end - 1);
            if (within != interval.start) REQUIRE(index_at(asset, track, within) == std::nullopt);
        }
    }
}

TEST_CASE("sound begins less than a frame behind its pictures, after any number of loops") {
    Dice dice(7);
    for (int round = 0; round < 200; ++round) {
        auto const asset = support::dash_asset(random_pictures(dice));
        auto const& pictures = asset->pictures();
        auto const& sound = *asset->tracks.at("A");
        auto const frame = sound.sound->frame;
        for (std::int64_t lap = 0; lap <= 100'000; lap += dice.between(1, 2'000)) {
            auto const index = lap * static_cast<std::int64_t>(pictures.size()) +
                               dice.between(0, static_cast<std::int64_t>(pictures.size()) - 1);
            auto const start = interval_of(*asset, sound, index).start;
            // Of 1 / (both timescales multiplied).
            auto const offset = Wide{start} * pictures.timescale() -
                                Wide{pictures.place_of(index).start} * sound.timescale;
            REQUIRE(start % frame == 0);
            REQUIRE(offset >= 0);
            REQUIRE(offset < Wide{frame} * pictures.timescale());
        }
    }
}

TEST_CASE("nothing overflows at the ends of time") {
    constexpr auto last = std::chrono::duration_cast<milliseconds>(timeline::max_elapsed);
    for (auto const* url :
         {"/livesim2/segtimeline_1/", "/livesim2/segtimeline_1/tsbd_68719476736/ato_31622400/",
          "/livesim/start_68719476736/segtimelinenr_1/", "/livesim/start_68719476736/timeoffset_0/",
          "/livesim2/snr_9007199254740991/", "/livesim2/dur_4294967296/dur_4294967296/",
          "/livesim2/start_68719476735/stop_68719476736/", "/livesim2/stoprel_68719476736/",
          "/livesim2/init_68719476736/start_68719476736/", "/livesim2/modulo_10080/",
          "/livesim2/tfdt_32/", "/livesim2/cont_1/", "/livesim2/ato_inf/",
          "/livesim2/mup_68719476736/dur_1/dur_1/", "/livesim2/timeoffset_-68719476736/",
          "/livesim2/periods_60/", "/livesim/segtimeline_1/periods_60/tsbd_60/"}) {
        for (auto const& pictures :
             {timeline::SegmentLoop{timeline::max_timescale, {timeline::max_timescale * 2LL}},
              timeline::SegmentLoop{timeline::max_timescale, {timeline::max_timescale * 10LL}},
              timeline::SegmentLoop{90'000, {180'000}}, timeline::SegmentLoop{1, {2}}}) {
            auto const asset = support::dash_asset(pictures);
            for (auto const now : {milliseconds{0}, last - 1ms, last}) {
                auto const options = support::dash_options(url);
                auto const session = Session::open(asset, options, DateTime(now));
                if (!session) continue;
                CAPTURE(url);
                auto const list = listed(*session);
                auto const publication = publication_of(*session);
                CHECK(publication.time <= session->now);
                (void)periods_of(*session); // may have too many
                (void)session->update_period();
                auto const furthest = pictures.ended_by(timeline::max_elapsed);
                for (auto const index : {list.begin, list.end, furthest - 1, furthest})
                    for (auto const& [id, track] : asset->tracks) {
                        auto const interval = interval_of(*asset, *track, index);
                        CHECK(interval.start <= interval.end);
                        (void)available(*session, index);
                        (void)available(*session, index, dashlive::Retention::hls);
                        (void)is_last(*session, index);
                        (void)index_at(*asset, *track, interval.start);
                        CHECK(session->index_of(session->number_of(index)) == index);
                    }
            }
        }
    }
}

} // namespace random_test
