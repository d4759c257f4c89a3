#include "supervisor/watch/session.hpp"

#include <algorithm>
#include <utility>

namespace continuo::sessions {
namespace {

using contract::WatchRequest;
using contract::WatchTrack;
using std::chrono::milliseconds;
using Report = supervisor::FilmReport;

/// The end of what is listed has to be so far ahead of what is shown, or all stand and wait.
constexpr milliseconds least_ahead{300};

WatchTrack::Kind kind_of(media::FilmTrack::Kind kind) {
    switch (kind) {
    case media::FilmTrack::Kind::video: return WatchTrack::Kind::video;
    case media::FilmTrack::Kind::audio: return WatchTrack::Kind::audio;
    case media::FilmTrack::Kind::subtitle: return WatchTrack::Kind::subtitle;
    }
    return WatchTrack::Kind::video;
}

bool is_shown(media::FilmTrack const& track, Report const& report) {
    switch (track.kind) {
    case media::FilmTrack::Kind::video: return track.number == 1;
    case media::FilmTrack::Kind::audio: return report.audio == track.number;
    case media::FilmTrack::Kind::subtitle: return report.subtitle == track.number;
    }
    return false;
}

std::vector<WatchTrack> tracks_of(Report const& report) {
    std::vector<WatchTrack> tracks;
    if (!report.film) return tracks;
    for (auto const& track : report.film->tracks)
        tracks.push_back({.kind = kind_of(track.kind),
                          .number = track.number,
                          .language = track.language,
                          .title = track.title,
                          .codec = track.codec,
                          .is_default = track.is_default,
                          .is_text = track.is_text,
                          .is_shown = is_shown(track, report)});
    return tracks;
}

} // namespace

Session::Session(std::string id, Programme programme, config::Watch const& config, WallTime now)
    : id_(std::move(id))
    , programme_(std::move(programme))
    , resumes_with_(2 * config.segment_time)
    , viewers_(config.session_timeout, now)
    , since_(now) {}

bool Session::is_called(std::string_view alias) const {
    return std::ranges::find(aliases_, alias) != aliases_.end();
}

void Session::call(std::string const& alias) {
    if (!is_called(alias)) aliases_.push_back(alias);
}

void Session::forget(std::string const& alias, WallTime now) {
    viewers_.leave(alias, now);
    std::erase(aliases_, alias);
}

bool Session::is_only_for(std::string_view alias) const {
    return std::ranges::all_of(aliases_, [&](auto const& other) { return other == alias; }) &&
           viewers_.are_only(alias);
}

Result<> Session::apply(WatchRequest const& request, WallTime now) {
    viewers_.sign(now);
    switch (request.action) {
    case WatchRequest::Action::seek: return begin(*request.position, programme_.tracks, now);
    case WatchRequest::Action::tracks:
        // At its end nothing is left to be shown with them.
        return begin(phase_ == Phase::ended ? milliseconds::zero() : position_at(now),
                     contract::changed(programme_.tracks, *request.tracks), now);
    case WatchRequest::Action::pause: return steer(Event::pause, now);
    case WatchRequest::Action::resume: return steer(Event::resume, now);
    default: return fail(Errc::malformed, "This is not asked of a session.");
    }
}

Result<> Session::begin(milliseconds position, contract::TrackChoices const& tracks, WallTime now) {
    auto const planned = step(phase_, Event::begin);
    if (planned.act == Act::refuse || !screen_)
        return fail(Errc::conflict, "The session is over; open it anew.");
    if (auto const begun = screen_->watch_from(position, tracks); !begun)
        return fail(Errc::malformed, begun.error().context);
    programme_.position = position;
    programme_.tracks = tracks;
    phase_ = planned.next;
    pace_ = {};
    report_ = {};
    no_room_ = false;
    finished_at_.reset();
    ++jumps_;
    settle(now);
    return {};
}

Result<> Session::steer(Event event, WallTime now) {
    auto const planned = step(phase_, event);
    if (planned.act == Act::refuse)
        return fail(Errc::conflict, phase_ == Phase::ended    ? "The film is over."
                                    : phase_ == Phase::failed ? "The film can't be shown."
                                                              : "The session is over.");
    on(event, now);
    settle(now);
    return {};
}

void Session::on(Event event, WallTime now) {
    auto const [next, act] = step(phase_, event);
    auto const was_running = is_running();
    auto const was_opening = phase_ == Phase::opening;
    phase_ = next;
    switch (act) {
    case Act::hold:
        if (!was_opening) pace_.stand(now);
        screen_->hold();
        break;
    case Act::release:
        screen_->release();
        if (next == Phase::playing) pace_.go(now);
        break;
    case Act::end:
        if (screen_) screen_->end();
        break;
    case Act::none:
    case Act::refuse:
    case Act::begin: break;
    }
    if (event == Event::ready && next == Phase::playing) pace_.go(now, Pace::head_start);
    if (was_running && !is_running()) finished_at_ = now;
}

void Session::beat(std::string const& viewer, WallTime now) {
    viewers_.beat(viewer, now);
}

void Session::leave(std::string const& viewer, WallTime now) {
    viewers_.leave(viewer, now);
}

void Session::close(std::string why, WallTime now) {
    if (phase_ == Phase::closed) return;
    why_ = std::move(why);
    on(Event::close, now);
}

void Session::settle(WallTime now, bool is_full) {
    viewers_.settle(now);
    if (!is_running()) return;
    auto const had_failed = report_.phase == Report::Phase::failed;
    report_ = screen_->report();
    if (!had_failed) no_room_ = is_full;
    if (phase_ == Phase::opening || phase_ == Phase::opening_held)
        settle_opening(now);
    else if (phase_ == Phase::playing)
        settle_flow(now);
    if (is_running() && now >= viewers_.lost_at()) {
        why_ = "Nobody was watching any more.";
        on(Event::lost, now);
    }
}

/// Players fetch what there is and stand at the first picture, until there is enough.
void Session::settle_opening(WallTime now) {
    if (report_.begin)
        pace_.stand_at(report_.begin->date);
    else if (report_.phase == Report::Phase::failed)
        return on(Event::died, now);
    else if (report_.phase == Report::Phase::ended)
        return on(Event::over, now);
    if (report_.begin && report_.phase != Report::Phase::opening) on(Event::ready, now);
}

void Session::settle_flow(WallTime now) {
    if (!report_.listed_until) return;
    auto const until = report_.listed_until->date;
    auto const shown = pace_.date_at(now);
    if (pace_.standing_at()) {
        if (nothing_follows() || until - shown >= resumes_with_) pace_.go(now);
    } else if (nothing_follows()) {
        if (shown >= until)
            on(report_.phase == Report::Phase::failed ? Event::died : Event::over, now);
    } else if (until - shown <= least_ahead) {
        pace_.stand(now);
    }
}

bool Session::nothing_follows() const {
    return report_.phase == Report::Phase::ended || report_.phase == Report::Phase::failed;
}

std::optional<WallTime> Session::next_deadline() const {
    if (!is_running()) return std::nullopt;
    auto next = viewers_.lost_at();
    if (phase_ == Phase::playing && !pace_.standing_at() && report_.listed_until) {
        auto const margin = nothing_follows() ? milliseconds{0} : least_ahead;
        next = std::min(next, report_.listed_until->date + pace_.delay() - margin);
    }
    return next;
}

milliseconds Session::position_at(WallTime now) const {
    if (!report_.begin || !report_.listed_until) return programme_.position;
    auto const shown = std::chrono::floor<milliseconds>(pace_.date_at(now) - report_.begin->date);
    return std::clamp(report_.begin->position + shown, report_.begin->position,
                      std::max(report_.begin->position, report_.listed_until->position));
}

std::string Session::failure() const {
    return no_room_ ? "There is no room left on this machine for more of the film." : report_.why;
}

std::string Session::note() const {
    switch (phase_) {
    case Phase::opening:
    case Phase::opening_held:
        if (!report_.film) return "Looking at what is there.";
        return report_.begin ? "Starting: the first pictures are there." : "Starting the film.";
    case Phase::playing:
        if (report_.phase == Report::Phase::failed) return failure();
        if (!pace_.standing_at()) return "";
        return no_room_ ? failure() : "Waiting for the source.";
    case Phase::paused: return report_.phase == Report::Phase::failed ? failure() : "";
    case Phase::ended: return "The film is over.";
    case Phase::failed: return failure();
    case Phase::closed: return why_;
    }
    return {};
}

contract::WatchState Session::state() const {
    contract::WatchState state;
    state.id = id_;
    state.aliases = aliases_;
    state.channel = contract::watch_channel(id_);
    state.url = programme_.shown_url;
    state.phase = shown(phase_);
    state.note = note();
    state.tracks = tracks_of(report_);
    if (report_.film) state.duration = report_.film->duration;
    state.delay = pace_.delay();
    if (report_.begin) state.anchor = report_.begin->date;
    state.position = report_.begin ? report_.begin->position : programme_.position;
    state.standing_at = pace_.standing_at();
    state.jumps = jumps_;
    state.buffered = report_.buffered;
    state.speed = report_.speed;
    state.viewers = viewers_.count();
    state.since = since_;
    return state;
}

} // namespace continuo::sessions
