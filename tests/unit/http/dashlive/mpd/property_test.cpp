#include "http/dashlive/mpd/mpd.hpp"
#include "tests/support/dash_mpd.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace property_test {

using namespace continuo;
using namespace std::chrono_literals;
using dashlive::AssetPtr;
using dashlive::DateTime;
using dashlive::MpdText;
using dashlive::Session;
using std::chrono::milliseconds;
using support::MpdReader;

/// Loops of equal segments and of others, of whole milliseconds and not, of one segment.
std::vector<AssetPtr> assets() {
    using Durations = std::vector<std::int64_t>;
    std::vector<AssetPtr> all;
    for (auto const& [timescale, durations] :
         std::vector<std::pair<std::uint32_t, Durations>>{{90'000, Durations(4, 180'000)},
                                                          {30'000, Durations(4, 60'060)},
                                                          {12'800, Durations(5, 24'576)},
                                                          {90'000, {360'000, 720'000}},
                                                          {30'000, {60'060, 60'060, 31'031}},
                                                          {90'000, {90'090}},
                                                          {12'800, {12'800}}})
        all.push_back(support::with_manifest(support::dash_asset({timescale, durations})));
    return all;
}

/// Of a URL: some options that may stand together, now and then.
std::string random_options(std::mt19937_64& random) {
    constexpr std::array first{"",
                               "start_1000/",
                               "start_1000/stop_1123/",
                               "startrel_-20/stoprel_33/",
                               "timeoffset_7/",
                               "dur_50/dur_70/mup_5/start_1000/",
                               "modulo_3/",
                               "tfdt_32/",
                               "cont_1/"};
    constexpr std::array second{"", "segtimeline_1/", "segtimelinenr_1/", "segtimeline_pattern/"};
    constexpr std::array third{"", "tsbd_7/", "tsbd_0/", "tsbd_130/", "snr_3/"};
    constexpr std::array fourth{"",
                                "periods_60/",
                                "periods_60/continuous_1/etp_20/",
                                "periods_30/xlink_1/",
                                "periods_60/insertad_20/peroff_1/mpdcallback_60/",
                                "ato_1.5/chunkdur_0.5/",
                                "ato_inf/",
                                "patch_60/",
                                "timesubsstpp_en/timesubswvtt_sv/scte35_2/",
                                "baseurl_u13_d17/segtimelineloss_1/"};
    auto const pick = [&](auto const& from) { return std::string(from[random() % from.size()]); };
    std::string url = random() % 2 ? "/livesim2/" : "/livesim/";
    url += pick(first); // one by one: in a sum compilers differ about which comes first
    url += pick(second);
    url += pick(third);
    return url + pick(fourth);
}

/// Nothing for options that can't stand together.
std::shared_ptr<dashlive::Options const> options_of(std::string_view url) {
    bool const is_first = url.starts_with("/livesim/");
    auto const path = url.substr(url.find('/', 1) + 1);
    auto parsed =
        parse_options(is_first ? dashlive::Dialect::livesim1 : dashlive::Dialect::livesim2,
                      std::string(path) + "asset/Manifest.mpd");
    if (!parsed) return nullptr;
    return std::make_shared<dashlive::Options const>(std::move(parsed->options));
}

/// One session, asked at any time.
class Viewer {
public:
    Viewer(AssetPtr asset, std::shared_ptr<dashlive::Options const> options)
        : asset_(std::move(asset)), options_(std::move(options)) {}

    std::optional<Session> session(DateTime now) const {
        auto opened = Session::open(asset_, options_, now);
        if (opened) return *std::move(opened);
        CHECK(opened.error().status == 400);
        return std::nullopt;
    }
    std::optional<MpdText> mpd(DateTime now) const {
        auto const opened = session(now);
        if (!opened) return std::nullopt;
        auto text = mpd_of(*opened, support::manifest_of(*opened), support::from_host);
        if (text) return *std::move(text);
        CHECK((text.error().status == 400 || text.error().status == 425));
        return std::nullopt;
    }

private:
    AssetPtr asset_;
    std::shared_ptr<dashlive::Options const> options_;
};

/// Calls `check(viewer, times)` for sessions of all kinds; the times are close to each other.
template <class Check>
void for_sessions(unsigned rounds, Check check) {
    std::mt19937_64 random(20);
    auto const all = assets();
    unsigned checked = 0;
    while (checked < rounds) {
        auto const url = random_options(random);
        auto const options = options_of(url);
        if (!options) continue;
        ++checked;
        auto const asset = random() % all.size();
        INFO(url, " of asset ", asset);
        Viewer const viewer(all[asset], options);
        std::vector<DateTime> times{
            DateTime(milliseconds(random() % 2 ? 995'000 : random() % 20'000'000))};
        while (times.size() < 6)
            times.push_back(times.back() + milliseconds(random() % 4000));
        check(viewer, times);
    }
}

/// Calls `check(viewer, now)` at each of these times.
template <class Check>
void for_instants(unsigned rounds, Check check) {
    for_sessions(rounds, [&](Viewer const& viewer, std::vector<DateTime> const& times) {
        for (auto const now : times) {
            INFO("now ", now.time_since_epoch().count());
            check(viewer, now);
        }
    });
}

/// Every S of every set, by Period and set.
using Lists = std::map<std::string, std::vector<support::ListedSegment>>;
Lists lists_in(MpdReader const& view) {
    Lists lists;
    for (auto const* const period : view.periods()) {
        std::size_t number = 0;
        for (auto const* const set : MpdReader::all(*period, "AdaptationSet")) {
            auto const* const segments = set->find_child("SegmentTemplate");
            auto const* const timeline =
                segments ? segments->find_child("SegmentTimeline") : nullptr;
            auto const name = fmt::format("{} {}", MpdReader::attribute(*period, "id"), number++);
            if (timeline && !timeline->find_child("Pattern"))
                lists[name] = MpdReader::listed(*segments);
        }
    }
    return lists;
}

TEST_CASE("an MPD says the same until it says when it won't, and something else then") {
    unsigned changes = 0;
    for_instants(400, [&](Viewer const& viewer, DateTime now) {
        auto const mpd = viewer.mpd(now);
        if (!mpd) return;
        auto const own_now = viewer.session(now)->now;
        CHECK(mpd->publish_time <= own_now);
        auto const text_at = [&](DateTime own) {
            auto const then = viewer.mpd(now + (own - own_now));
            return then ? then->text : std::string();
        };
        if (!mpd->valid_until) {
            CHECK(text_at(own_now + 100h) == mpd->text);
            return;
        }
        CHECK(*mpd->valid_until > own_now);
        bool const stays_to_the_end = text_at(*mpd->valid_until - 1ms) == mpd->text;
        CHECK(stays_to_the_end);
        bool const stays = text_at(own_now + (*mpd->valid_until - own_now) / 2) == mpd->text;
        CHECK(stays);
        auto const next = viewer.mpd(now + (*mpd->valid_until - own_now));
        if (!next) return;
        // Nothing may be seen of a segment that is lost, in a remote Period or behind the end of
        // one, or of the list that a start follows; and nothing is before there is a start.
        auto const session = *viewer.session(now);
        auto const& options = *session.options;
        if (options.shows_losses || options.advertisements_per_hour || options.xlinks_per_hour ||
            options.early_terminations_per_hour || options.follows_now ||
            own_now < session.availability_start)
            return;
        CHECK(next->publish_time == *mpd->valid_until);
        auto const without_time = [](MpdText const& of) {
            MpdReader view(of.text);
            view.root.remove_attribute("publishTime");
            if (auto* const patch = view.root.find_child("PatchLocation")) patch->text.clear();
            return dash::to_text(view.root);
        };
        bool const has_changed = without_time(*next) != without_time(*mpd);
        CHECK(has_changed);
        ++changes;
    });
    CHECK(changes > 300);
}

TEST_CASE("what an MPD lists can be had, and covers the time-shift buffer") {
    unsigned listed_segments = 0;
    for_instants(400, [&](Viewer const& viewer, DateTime now) {
        auto const mpd = viewer.mpd(now);
        if (!mpd) return;
        auto const session = *viewer.session(now);
        MpdReader const view(mpd->text);
        auto const& video = *session.asset->tracks.at("V");
        std::optional<std::int64_t> first, last;
        for (std::size_t i = 0; i < view.periods().size(); ++i) {
            auto const* const period = view.periods()[i];
            if (!period->find_child("AdaptationSet")) continue;
            auto const& segments = view.segments("video", i);
            if (!segments.find_child("SegmentTimeline")) continue;
            for (auto const& segment : MpdReader::listed(segments)) {
                auto const index = index_at(*session.asset, video, segment.start);
                REQUIRE(index.has_value());
                auto const interval = interval_of(*session.asset, video, *index);
                CHECK(interval.end - interval.start == segment.duration);
                if (!period->find_attribute("duration")) // else it may be long over
                    CHECK(support::status_of(available(session, *index)) == 200);
                if (last && !session.options->early_terminations_per_hour &&
                    !session.options->shows_losses && !session.options->xlinks_per_hour &&
                    !session.options->advertisements_per_hour)
                    CHECK(*index == *last + 1);
                if (!first) first = *index;
                last = *index;
                ++listed_segments;
            }
        }
        auto const& options = *session.options;
        if (!first || options.early_terminations_per_hour || options.shows_losses ||
            options.xlinks_per_hour || options.advertisements_per_hour || session.is_over)
            return;
        auto const time_at = [&](std::int64_t units) {
            return session.epoch +
                   milliseconds(timeline::rescaled_up({units, video.timescale}, 1000)) -
                   session.ahead;
        };
        bool const has_depth = *first == session.first_index ||
                               time_at(interval_of(*session.asset, video, *first).start) <=
                                   session.now - session.depth;
        CHECK(has_depth);
        CHECK(time_at(interval_of(*session.asset, video, *last).end) <= session.now);
    });
    CHECK(listed_segments > 5000);
}

TEST_CASE("MPDs of one session never contradict each other") {
    for_sessions(300, [&](Viewer const& viewer, std::vector<DateTime> const& times) {
        std::map<std::string, std::string> starts; // of Periods, by availability start and id
        Lists before;
        std::string start_before;
        for (auto const now : times) {
            auto const mpd = viewer.mpd(now);
            if (!mpd) continue;
            MpdReader const view(mpd->text);
            auto const start = view.attribute("availabilityStartTime");
            for (auto const* const period : view.periods()) {
                auto const at = MpdReader::attribute(*period, "start");
                auto const known =
                    starts.emplace(start + MpdReader::attribute(*period, "id"), at).first;
                CHECK(known->second == at);
            }
            auto lists = lists_in(view);
            for (auto const& [name, list] : lists) {
                auto const& old = before[name];
                if (start != start_before || old.empty()) continue;
                for (auto const& segment : list)
                    if (segment.start >= old.front().start && segment.start <= old.back().start)
                        CHECK(std::ranges::find(old, segment) != old.end());
            }
            before = std::move(lists);
            start_before = start;
        }
    });
}

} // namespace property_test
