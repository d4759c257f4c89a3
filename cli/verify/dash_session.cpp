#include "cli/verify/dash_session.hpp"

#include "cli/verify/probes.hpp"
#include "core/dash/rules/time_rules.hpp"
#include "core/media/initialisation.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

namespace continuo::cli {
namespace {

using namespace std::chrono_literals;
using dash::rules::Purpose;
using dash::rules::SegmentFetch;
using dash::rules::TimeSource;
using dash::rules::Timing;
using media::SegmentFacts;

constexpr auto shortest_mpd_interval = 500ms;

} // namespace

bool is_mpd(std::string_view text) noexcept {
    constexpr std::size_t head = 4096; // behind a declaration and comments
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\xEF\xBB\xBF"), text.size()));
    auto const front = text.substr(0, head);
    return front.starts_with('<') && (front.find("<MPD") != std::string_view::npos ||
                                      front.find(":MPD") != std::string_view::npos);
}

DashSession::DashSession(Visit& visit, Answer first)
    : visit_(visit)
    , url_(first.url)
    , base_(first.url)
    , first_(std::move(first))
    , init_sections_(visit.client())
    , verifier_(path_of_url(url_)) {
    visit_.tally.protocol = hls::rules::Protocol::dash;
}

bool DashSession::run() {
    ask_for_time();
    visit_.drain();
    bool const is_readable = verifier_.saw_mpd(first_->response);
    first_.reset();
    next_poll_ = visit_.now() + poll_interval();
    ++visit_.tally.polls;
    take_findings();
    if (!is_readable) {
        visit_.fail("an MPD that can't be read");
        return false;
    }
    watch();
    visit_.drain();
    fetch_due(/*everything=*/true);
    visit_.drain();
    take_findings();
    return true;
}

/// Rules compare what the server does with its own clock.
void DashSession::ask_for_time() {
    for (auto const& timing : dash::rules::Verifier::time_sources(first_->response)) {
        Request request{.url = resolve(base_, timing.value)};
        if (source_of(timing) == TimeSource::http_head) request.method = Method::head;
        visit_.client().start(request, [this, timing](Answer const& answer) {
            verifier_.saw_time(timing, answer.response);
        });
    }
}

void DashSession::watch() {
    while (!visit_.is_over()) {
        if (!in_flight_ && next_poll_ <= visit_.now()) poll();
        ask_locations();
        fetch_due(/*everything=*/false);
        visit_.wait(next_event());
        take_findings();
    }
}

void DashSession::poll() {
    in_flight_ = true;
    if (location_) {
        url_ = *std::exchange(location_, std::nullopt);
        verifier_.move_to_location();
    }
    next_poll_ = visit_.now() + poll_interval();
    ask_for_patch();
    visit_.client().start(playlist_request(url_), [this](Answer const& answer) {
        in_flight_ = false;
        ++visit_.tally.polls;
        if (answer.response.ok()) base_ = answer.url;
        (void)verifier_.saw_mpd(answer.response); // findings say why not
    });
}

void DashSession::ask_for_patch() {
    auto const location = verifier_.patch_location();
    if (!location) return;
    visit_.client().start(playlist_request(resolve(base_, *location)),
                          [this](Answer const& answer) { verifier_.saw_patch(answer.response); });
}

/// Updates come from a Location where there is one (ISO/IEC 23009-1 §5.15).
void DashSession::ask_locations() {
    for (auto const& location : verifier_.take_locations()) {
        auto const url = resolve(base_, location);
        visit_.client().start(playlist_request(url), [this, location, url](Answer const& answer) {
            verifier_.saw_location(location, answer.response);
            if (answer.response.ok() && is_mpd(answer.response.body) && url != url_)
                location_ = url;
        });
    }
}

std::string DashSession::resolved(dash::rules::References const& references) const {
    auto url = base_;
    for (auto const& reference : references)
        url = resolve(url, reference);
    return url;
}

void DashSession::fetch_due(bool everything) {
    for (auto const& wanted : verifier_.take_due(visit_.now(), everything))
        fetch(wanted);
}

void DashSession::fetch(SegmentFetch const& wanted) {
    Request const request{.url = resolved(wanted.segment), .deadline = segment_deadline};
    visit_.client().start(
        request, [this, wanted](Answer answer) { took_segment(wanted, std::move(answer)); });
}

void DashSession::took_segment(SegmentFetch const& fetch, Answer answer) {
    if (fetch.fetch.purpose == Purpose::retained)
        ++visit_.tally.segments_again;
    else
        ++visit_.tally.segments;
    if (fetch.fetch.purpose != Purpose::listed || !answer.response.ok()) {
        verifier_.saw_segment(fetch, answer.response, SegmentFacts{});
        return;
    }
    auto const measure = [this, fetch](Answer const& segment, std::string_view init) {
        verifier_.saw_segment(
            fetch, segment.response,
            media::segment_facts(bytes_of(segment.response.body), bytes_of(init)));
    };
    if (fetch.initialisation.empty()) {
        measure(answer, {});
        return;
    }
    auto const segment = std::make_shared<Answer>(std::move(answer));
    Request const request{.url = resolved(fetch.initialisation), .deadline = segment_deadline};
    init_sections_.with(request, [this, fetch, segment, measure](Answer const& init, bool first) {
        auto const& response = init.response;
        if (first)
            verifier_.saw_initialisation(fetch, response,
                                         media::check_initialisation(bytes_of(response.body)));
        if (response.ok())
            measure(*segment, response.body);
        else
            verifier_.saw_segment(fetch, segment->response, SegmentFacts{});
    });
}

void DashSession::take_findings() {
    visit_.tally.playlists = verifier_.track_count();
    visit_.take(verifier_.take_findings());
    for (auto& note : verifier_.take_notes())
        visit_.note(std::move(note));
}

std::chrono::milliseconds DashSession::poll_interval() const {
    auto const* const mpd = verifier_.presentation();
    if (!mpd || !mpd->is_live || !mpd->update_period) return longest_poll_interval;
    return std::clamp<std::chrono::milliseconds>(*mpd->update_period / 2, shortest_mpd_interval,
                                                 longest_poll_interval);
}

hls::WallTime DashSession::next_event() const {
    auto next = std::min(visit_.end(), visit_.now() + progress_interval);
    if (!in_flight_) next = std::min(next, next_poll_);
    if (auto const due = verifier_.next_due()) next = std::min(next, *due);
    return next;
}

} // namespace continuo::cli
