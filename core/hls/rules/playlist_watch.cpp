#include "core/hls/rules/playlist_watch.hpp"

#include "core/hls/rules/cue_rules.hpp"
#include "core/hls/rules/date_rules.hpp"
#include "core/hls/rules/text_rules.hpp"
#include "core/hls/rules/update_rules.hpp"

#include <fmt/format.h>

namespace continuo::hls::rules {
namespace {

using namespace std::chrono_literals;

/// The clocks of server and verifier may differ; dates are not judged finer than that.
constexpr auto clock_tolerance = 2s;

} // namespace

Ticks90k length_of(MediaPlaylist const& playlist) noexcept {
    Ticks90k length{};
    for (auto const& segment : playlist.segments)
        length += segment.duration;
    return length;
}

Remarks PlaylistWatch::saw(Response const& response) {
    if (response.status == 404 || response.status == 410) return saw_absence(response);
    if (response.ok()) return saw_text(response);
    if (response.status == 200)
        return {{15, Weight::broken, fmt::format("the body is torn: {}", response.failure)}};
    if (state_ == PlaylistState::waiting) return {};
    Remarks remarks{{7, Weight::broken, fmt::format("answered {}", outcome_of(response))}};
    check_lateness(remarks, response.asked);
    return remarks;
}

Remarks PlaylistWatch::saw_absence(Response const& response) {
    if (state_ == PlaylistState::live || state_ == PlaylistState::ended) {
        state_ = PlaylistState::gone;
        previous_asked_ = asked_;
        asked_ = response.asked;
    }
    return {};
}

Remarks PlaylistWatch::saw_text(Response const& response) {
    Remarks remarks;
    if (state_ == PlaylistState::gone) {
        remarks.push_back({16, Weight::broken, "came back after it had been gone (404 or 410)"});
        state_ = PlaylistState::live;
    }
    if (current_ && response.body == text_) {
        check_lateness(remarks, response.asked);
        remember(response);
        return remarks;
    }
    append(remarks, check_text(response.body));
    auto parsed = parse_media_playlist(response.body);
    if (!parsed) {
        if (parsed.error().code == Errc::truncated)
            remarks.push_back({15, Weight::broken, "the text is torn: " + parsed.error().context});
        else if (remarks.empty())
            remarks.push_back({1, Weight::broken, "can't be read: " + to_text(parsed.error())});
        return remarks;
    }
    append(remarks, check_dates(*parsed));
    append(remarks, check_cues(*parsed));
    compare(remarks, *parsed, response);
    text_ = response.body;
    current_ = std::move(*parsed);
    state_ = current_->ended ? PlaylistState::ended : PlaylistState::live;
    ++versions_;
    remember(response);
    return remarks;
}

void PlaylistWatch::compare(Remarks& remarks, MediaPlaylist const& next, Response const& response) {
    if (!current_) {
        grown_at_ = response.at;
        return;
    }
    if (state_ == PlaylistState::ended) {
        remarks.push_back({16, Weight::broken, "changed after its ENDLIST"});
        return;
    }
    append(remarks, check_update(*current_, next));
    auto const since = response.at - asked_;
    if (next.media_sequence > end_of(*current_) && since < length_of(*current_) / 2)
        remarks.push_back(
            {8, Weight::broken,
             fmt::format(
                 "MEDIA-SEQUENCE went from {} to {}, past the last segment {}, within {:.1f} s",
                 current_->media_sequence, next.media_sequence, end_of(*current_) - 1,
                 seconds_between(asked_, response.at))});
    if (next.media_sequence > current_->media_sequence) removed_any_ = true;
    if (next.ended) return;
    if (removed_any_ && length_of(next) < 3 * next.target_duration)
        remarks.push_back(
            {5, Weight::broken,
             fmt::format("lists {} after removing segments, less than three target durations",
                         duration_text(length_of(next)))});
    check_growth(remarks, next, response);
}

void PlaylistWatch::check_growth(Remarks& remarks, MediaPlaylist const& next,
                                 Response const& response) {
    bool const grown = end_of(next) != end_of(*current_);
    if (!grown) return check_lateness(remarks, response.asked);
    grown_at_ = response.at;
    lateness_said_ = false;
    check_latency(remarks, next, response.at);
}

/// What was asked at `asked` has no new segment, and the newest one was there at `grown_at_`: the
/// true gap is longer still.
void PlaylistWatch::check_lateness(Remarks& remarks, WallTime asked) {
    if (state_ != PlaylistState::live || lateness_said_) return;
    auto const deadline = current_->target_duration * 3 / 2.0;
    if (asked - grown_at_ <= deadline) return;
    lateness_said_ = true;
    remarks.push_back({11, Weight::broken,
                       fmt::format("no new segment for {:.2f} s, 1.5 target durations are {:.1f} s",
                                   seconds_between(grown_at_, asked), deadline.count())});
}

void PlaylistWatch::check_latency(Remarks& remarks, MediaPlaylist const& next, WallTime at) {
    if (latency_said_ || next.segments.empty()) return;
    auto const date = dates_of(next).back();
    if (!date) return;
    auto const end =
        *date + std::chrono::round<std::chrono::microseconds>(next.segments.back().duration);
    auto const latency = seconds_between(end, at);
    if (end <= at + clock_tolerance && at - end <= next.target_duration * 2 + clock_tolerance)
        return;
    latency_said_ = true;
    remarks.push_back(
        {18, Weight::advice,
         fmt::format("segment {} ends by its date {:.1f} s {}", end_of(next) - 1, std::abs(latency),
                     latency < 0 ? "after it was listed" : "before it was listed")});
}

void PlaylistWatch::remember(Response const& response) {
    previous_asked_ = asked_;
    asked_ = response.asked;
    if (glimpses_.size() == 2) glimpses_.erase(glimpses_.begin());
    Glimpse glimpse{.asked = response.asked,
                    .at = response.at,
                    .first = current_->media_sequence,
                    .end = end_of(*current_),
                    .first_date = {},
                    .end_date = {}};
    if (auto const dates = dates_of(*current_); !dates.empty()) {
        glimpse.first_date = dates.front();
        if (auto const& last = dates.back())
            glimpse.end_date = *last + std::chrono::round<std::chrono::microseconds>(
                                           current_->segments.back().duration);
    }
    glimpses_.push_back(glimpse);
}

} // namespace continuo::hls::rules
