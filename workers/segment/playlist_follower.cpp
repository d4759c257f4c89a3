#include "workers/segment/playlist_follower.hpp"

#include "core/hls/multivariant_playlist.hpp"
#include "workers/segment/playlist_change.hpp"
#include "workers/segment/readable_list.hpp"
#include "workers/segment/start_position.hpp"
#include "workers/segment/variant_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::segment {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr int max_corrections = 12;
/// Beyond three target durations: a list that old is not written any more.
constexpr auto forsaken_after = 10s;
/// Beyond two target durations: no cache is behind for so long.
constexpr auto behind_for_good = 2s;

} // namespace

PlaylistFollower::PlaylistFollower(WallClock const& clock, FollowRules const& rules, Time now)
    : clock_(clock)
    , rules_(rules)
    , schedule_(now, std::max<std::chrono::milliseconds>(LoadSchedule::patience,
                                                         rules.idle.value_or(0ms))) {}

bool PlaylistFollower::loaded(std::string_view text, PlaylistLoad const& load) {
    if (end_) return true;
    name_ = load.name;
    if (!hls::is_playlist(text)) return refuse(reason_of_no_playlist(text), load);
    if (hls::is_multivariant(text)) return take_variants(text, load);
    auto list = readable_list(text);
    if (!list) return refuse(to_text(list.error()), load);
    if (auto const reason = reason_for_others(*list); !reason.empty()) {
        stop(InputEnd::Why::unsupported, load.name + ": " + reason);
        return true;
    }
    return take_list(std::move(*list), load);
}

bool PlaylistFollower::refuse(std::string const& reason, PlaylistLoad const& load) {
    load_failed(load.name + ": " + reason, load.asked, load.came);
    return false;
}

bool PlaylistFollower::take_variants(std::string_view text, PlaylistLoad const& load) {
    if (variant_uri_) return refuse("a list of variants where segments were expected", load);
    auto const playlist = hls::parse_multivariant_playlist(text);
    if (!playlist) return refuse(to_text(playlist.error()), load);
    if (playlist->variants.empty()) return refuse("a list of variants without any", load);
    auto uri = variant_of(*playlist);
    if (!uri) {
        stop(InputEnd::Why::unsupported, load.name + ": " + uri.error().context);
        return true;
    }
    variant_uri_ = std::move(*uri);
    schedule_.at_once(load.came);
    return true;
}

bool PlaylistFollower::take_list(hls::MediaPlaylist list, PlaylistLoad const& load) {
    if (list.segments.empty()) {
        if (!list.ended) return refuse("the playlist lists no segment", load);
        stop(InputEnd::Why::finished); // nothing, or nothing more
        return true;
    }
    if (list_.segments.empty()) return replace_list(std::move(list), load);
    auto const change = change_of(list_, list);
    if (change != PlaylistChange::behind) behind_since_.reset();
    switch (change) {
    case PlaylistChange::none: unchanged(load); return true;
    case PlaylistChange::grown: break;
    case PlaylistChange::behind:
        if (!is_behind_for_good(load.came)) {
            unchanged(load);
            return true;
        }
        [[fallthrough]];
    case PlaylistChange::restarted: begin_anew(list);
    }
    return replace_list(std::move(list), load);
}

/// A cache may be behind for a moment.
bool PlaylistFollower::is_behind_for_good(Time now) {
    if (!behind_since_) behind_since_ = now;
    if (now - *behind_since_ <= 2 * list_.target_duration + behind_for_good) return false;
    behind_since_.reset();
    return true;
}

bool PlaylistFollower::replace_list(hls::MediaPlaylist list, PlaylistLoad const& load) {
    Publication publication{.came = clock_.at(load.came), .published = load.published};
    auto const end_before = end_of(list_);
    auto const has_news = !list_.segments.empty() && end_of(list) > end_before;
    if (has_news && asked_before_) publication.asked_before = clock_.at(*asked_before_);
    auto const goes_on = has_news && asked_before_ && list.media_sequence <= end_before;
    if (goes_on && !dates_.are_programme) {
        microseconds news{};
        for (auto number = end_before; number < end_of(list); ++number)
            news += length_of(list.segments[number - list.media_sequence]);
        publication.expected = dates_.end + news;
    }
    asked_before_ = load.asked;
    published_ = has_news ? std::nullopt : load.published; // a list with news is alive
    list_ = std::move(list);
    if (has_news || !has_begun_) news_at_ = load.came;
    auto const before = std::exchange(dates_, dates_of(list_, publication));
    if (!has_begun_) return begin(load);
    if (publication.expected && !dates_.are_programme) {
        correct_start(dates_.begins[end_before - list_.media_sequence] - before.end.middle());
    }
    schedule_.changed(load.asked, list_);
    if (!is_fetching_) pass_what_is_not_there();
    return true;
}

void PlaylistFollower::unchanged(PlaylistLoad const& load) {
    if (end_) return;
    asked_before_ = load.asked;
    if (!has_begun_) return (void)begin(load); // it may still be the list that nobody writes
    schedule_.unchanged(load.asked, list_);
    give_up_when_nothing_comes(load.came);
    end_when_idle(load.came);
}

void PlaylistFollower::load_failed(std::string reason, Time asked, Time now) {
    if (end_) return;
    trouble_ = reason;
    if (!schedule_.failed(asked, now)) stop(InputEnd::Why::broken, std::move(reason));
}

bool PlaylistFollower::begin(PlaylistLoad const& load) {
    auto const now = clock_.at(load.came);
    if (!list_.ended && !rules_.from_start && published_ &&
        now - published_->latest > 3 * list_.target_duration + forsaken_after) {
        // what it lists is no live edge; where somebody writes to it after all, it will change
        auto const age = std::chrono::floor<std::chrono::seconds>(now - published_->latest);
        load_failed(fmt::format("{}: the playlist has not changed for {} s", name_, age.count()),
                    load.asked, load.came);
        return true;
    }
    auto const position = rules_.from_start ? StartPosition{} : start_of(list_, dates_, rules_.at);
    has_begun_ = true;
    begins_at_ = position.is_at;
    schedule_.changed(load.asked, list_);
    tags_read_to_ = list_.media_sequence + position.index + 1; // nothing lies in front of its own
    advance_to(list_.media_sequence + position.index);
    return true;
}

/// So do we, with what is newest there, or with all of it.
void PlaylistFollower::begin_anew(hls::MediaPlaylist const& list) {
    remarks_.push_back(fmt::format("{}: the playlist began anew: media sequence {} after {}", name_,
                                   list.media_sequence, list_.media_sequence));
    has_begun_ = false;
    fetch_is_foreign_ = is_fetching_;
    rules_.at.reset();
    if (lap_has_segments_) ++discontinuities_;
    asked_before_.reset();
    corrections_left_ = 0;
}

std::optional<PlaylistFollower::Time> PlaylistFollower::load_due() const noexcept {
    if (end_ || (has_begun_ && list_.ended)) return std::nullopt;
    return schedule_.due();
}

hls::MediaSegment const* PlaylistFollower::next_segment() const noexcept {
    if (next_ < list_.media_sequence || next_ >= end_of(list_)) return nullptr;
    return &list_.segments[next_ - list_.media_sequence];
}

std::optional<PlaylistFollower::Time> PlaylistFollower::fetch_due() const noexcept {
    if (end_ || !has_begun_ || is_fetching_ || !next_segment()) return std::nullopt;
    return retry_.due().value_or(Time{});
}

SegmentRequest PlaylistFollower::begin_fetch() {
    auto const& segment = *next_segment();
    is_fetching_ = true;
    fetch_date_ = dates_.begins[next_ - list_.media_sequence];
    for (auto number = std::max(tags_read_to_, list_.media_sequence); number <= next_; ++number) {
        if (list_.segments[number - list_.media_sequence].discontinuity) ++discontinuities_;
    }
    tags_read_to_ = std::max(tags_read_to_, next_ + 1);
    auto key = key_of(segment, next_);
    return {.number = next_,
            .uri = segment.uri,
            .bytes = segment.byte_range,
            .key = key ? std::move(*key) : std::nullopt, // the list was looked at
            .discontinuities = std::exchange(discontinuities_, 0)};
}

void PlaylistFollower::delivering() {
    if (start_) return;
    start_ = RunStart{.date = fetch_date_, .skip = {}};
    corrections_left_ = max_corrections;
    if (begins_at_ && *rules_.at > fetch_date_) {
        start_->skip = std::chrono::round<Ticks90k>(*rules_.at - fetch_date_);
    }
}

/// Only while EXTINF, which it rests on, can't have summed up its rounding.
void PlaylistFollower::correct_start(microseconds by) {
    if (!start_ || corrections_left_ == 0) return;
    --corrections_left_;
    start_->date += by;
}

void PlaylistFollower::fetched() {
    is_fetching_ = false;
    trouble_.clear();
    lap_has_segments_ = true;
    missing_since_.reset();
    if (std::exchange(fetch_is_foreign_, false)) return pass_what_is_not_there();
    advance_to(next_ + 1);
}

void PlaylistFollower::fetch_failed(FetchFailure failure, Time now) {
    is_fetching_ = false;
    if (end_) return;
    if (std::exchange(fetch_is_foreign_, false)) return pass_what_is_not_there();
    trouble_ = failure.reason;
    if (!missing_since_) missing_since_ = now;
    // where every segment counts, a server in trouble is waited for like one that is silent
    if (rules_.from_start && failure.status >= 500) failure.answered = false;
    if (retry_.failed(failure, now) && next_segment()) return;
    // where every segment counts, only a server that does not answer is a reason to give up
    auto const gives_up =
        rules_.from_start ? !failure.answered : now - *missing_since_ >= LoadSchedule::patience;
    if (gives_up) return stop(InputEnd::Why::broken, failure.reason);
    missing_reason_ = failure.reason;
    remarks_.push_back(failure.reason + ": the segment is left out");
    advance_to(next_ + 1);
}

/// The segments of the list were left out, and it lists no others.
void PlaylistFollower::give_up_when_nothing_comes(Time now) {
    if (rules_.from_start || is_fetching_ || next_segment() || !missing_since_) return;
    auto const patience = LoadSchedule::patience + 2 * list_.target_duration;
    if (now - *missing_since_ >= patience) stop(InputEnd::Why::broken, missing_reason_);
}

std::chrono::milliseconds PlaylistFollower::patience() const noexcept {
    return std::max<std::chrono::milliseconds>(FetchRetry::patience,
                                               rules_.from_start ? rules_.idle.value_or(0ms) : 0ms);
}

void PlaylistFollower::end_when_idle(Time now) {
    if (end_) return;
    if (is_fetching_ || next_segment() || !news_at_) {
        news_at_ = now;
        return;
    }
    auto idle = rules_.idle;
    if (!idle && rules_.from_start) idle = 10 * list_.target_duration;
    if (idle && now - *news_at_ >= *idle) end_of_list();
}

void PlaylistFollower::end_of_list() {
    if (!lap_has_segments_ && missing_since_) return stop(InputEnd::Why::broken, missing_reason_);
    if (rules_.replay && lap_has_segments_) return begin_next_lap();
    stop(InputEnd::Why::finished);
}

void PlaylistFollower::begin_next_lap() {
    lap_has_segments_ = false;
    ++discontinuities_;
    tags_read_to_ = list_.media_sequence + 1;
    advance_to(list_.media_sequence);
}

void PlaylistFollower::advance_to(std::uint64_t number) {
    next_ = number;
    retry_ = FetchRetry(patience());
    if (!is_fetching_) pass_what_is_not_there();
}

void PlaylistFollower::pass_what_is_not_there() {
    if (next_ < list_.media_sequence) {
        remarks_.push_back(fmt::format("{}: {} segments were gone before they were read", name_,
                                       list_.media_sequence - next_));
        next_ = list_.media_sequence;
        retry_ = FetchRetry(patience());
    }
    auto const gaps_begin = next_;
    while (next_segment() && next_segment()->gap)
        ++next_;
    if (next_ > gaps_begin) {
        remarks_.push_back(fmt::format("{}: the source has {} segments less than it lists", name_,
                                       next_ - gaps_begin));
    }
    if (list_.ended && next_ >= end_of(list_)) end_of_list();
}

void PlaylistFollower::stop(InputEnd::Why why, std::string reason) {
    if (!end_) end_ = InputEnd{.why = why, .reason = std::move(reason)};
}

} // namespace continuo::segment
