#include "cli/verify/session.hpp"

#include "cli/verify/probes.hpp"
#include "core/media/initialisation.hpp"
#include "core/media/segment_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>

namespace continuo::cli {
namespace {

using namespace std::chrono_literals;
using hls::rules::Fetch;
using hls::rules::ProbeAnswers;
using hls::rules::StreamKind;
using media::Container;
using media::SegmentFacts;

constexpr auto retry_interval = 1s; ///< while a playlist does not answer
constexpr auto shortest_poll_interval = 200ms;
constexpr auto multivariant_interval = 10s;

std::string range_header(hls::ByteRange const& range) {
    auto const first = range.offset_bytes.value_or(0);
    return fmt::format("Range: bytes={}-{}", first, first + range.length_bytes - 1);
}

Request request_of(std::string const& base, std::string const& uri,
                   std::optional<hls::ByteRange> const& range) {
    Request request{.url = resolve(base, uri), .deadline = segment_deadline};
    if (range) request.headers.push_back(range_header(*range));
    return request;
}

StreamKind kind_of(hls::Rendition const& rendition) {
    return rendition.type == "SUBTITLES" ? StreamKind::subtitles : StreamKind::rendition;
}

std::string_view name_of(Container container) {
    switch (container) {
    case Container::transport_stream: return "MPEG transport streams";
    case Container::fragmented_mp4: return "fragmented MP4";
    case Container::packed_audio: return "packed audio";
    case Container::webvtt: return "WebVTT";
    case Container::unknown: return "no container known here";
    }
    return "";
}

} // namespace

Session::Session(Visit& visit) : visit_(visit), init_sections_(visit.client()) {}

bool Session::run(Answer first) {
    hls::is_multivariant(first.response.body) ? take_multivariant(std::move(first))
                                              : take_media_playlist(std::move(first));
    if (targets_.empty()) return false;
    watch();
    wind_up();
    return true;
}

void Session::take_multivariant(Answer answer) {
    multivariant_url_ = answer.url;
    next_multivariant_poll_ = visit_.now() + multivariant_interval;
    if (!verifier_.saw_multivariant(path_of_url(multivariant_url_), answer.response)) {
        visit_.take(verifier_.take_findings());
        visit_.fail("a multivariant playlist that can't be read");
        return;
    }
    auto const playlist = *verifier_.multivariant();
    for (auto const& variant : playlist.variants)
        add_target(variant.uri, StreamKind::variant, "");
    for (auto const& rendition : playlist.renditions)
        if (rendition.uri) add_target(*rendition.uri, kind_of(rendition), rendition.group_id);
    if (targets_.empty()) visit_.fail("a multivariant playlist without variants");
}

void Session::take_media_playlist(Answer answer) {
    if (!hls::is_playlist(answer.response.body)) {
        visit_.fail("its text is no playlist");
        return;
    }
    add_target(answer.url, StreamKind::variant, "");
    targets_.front().in_flight = true;
    took_playlist(0, std::move(answer));
}

/// The same URI may stand for several variants (with other audio); it is polled once.
void Session::add_target(std::string const& uri, StreamKind kind, std::string group) {
    auto const url = multivariant_url_.empty() ? uri : resolve(multivariant_url_, uri);
    if (std::ranges::find(targets_, url, &Target::url) != targets_.end()) return;
    verifier_.add_stream(path_of_url(url), kind, multivariant_url_.empty() ? "" : uri,
                         std::move(group));
    targets_.push_back({.url = url, .base = url, .next_poll = visit_.now()});
    visit_.tally.playlists = targets_.size();
}

void Session::watch() {
    while (!visit_.is_over()) {
        poll_due_playlists();
        fetch_due_segments(/*everything=*/false);
        visit_.wait(next_event());
        visit_.take(verifier_.take_findings());
    }
}

void Session::wind_up() {
    visit_.drain();
    fetch_due_segments(/*everything=*/true);
    if (!multivariant_url_.empty()) poll_multivariant();
    visit_.drain();
    verifier_.finish(visit_.now());
    visit_.take(verifier_.take_findings());
}

void Session::poll_due_playlists() {
    auto const now = visit_.now();
    for (std::size_t i = 0; i < targets_.size(); ++i)
        if (!targets_[i].in_flight && targets_[i].next_poll <= now) poll(i);
    if (!multivariant_url_.empty() && next_multivariant_poll_ <= now) {
        next_multivariant_poll_ = now + multivariant_interval;
        poll_multivariant();
    }
}

void Session::poll(std::size_t index) {
    auto& target = targets_[index];
    target.in_flight = true;
    target.next_poll = visit_.now() + poll_interval(index);
    visit_.client().start(playlist_request(target.url), [this, index](Answer answer) {
        took_playlist(index, std::move(answer));
    });
}

void Session::poll_multivariant() {
    visit_.client().start(playlist_request(multivariant_url_), [this](Answer const& answer) {
        (void)verifier_.saw_multivariant(path_of_url(multivariant_url_),
                                         answer.response); // findings say why not
    });
}

void Session::took_playlist(std::size_t index, Answer answer) {
    auto& target = targets_[index];
    target.in_flight = false;
    target.base = answer.url;
    ++visit_.tally.polls;
    verifier_.saw_playlist(index, answer.response);
    target.next_poll = std::min(target.next_poll, answer.response.asked + poll_interval(index));
    for (auto& wanted : verifier_.new_segments(index))
        fetch(std::move(wanted));
}

Request Session::segment_request(Fetch const& fetch) const {
    return request_of(targets_[fetch.stream].base, fetch.uri, fetch.range);
}

Request Session::map_request(Fetch const& fetch) const {
    return request_of(targets_[fetch.stream].base, fetch.map->uri, fetch.map->byte_range);
}

void Session::fetch(Fetch wanted) {
    auto request = segment_request(wanted);
    visit_.client().start(request, [this, wanted = std::move(wanted)](Answer answer) {
        took_segment(wanted, std::move(answer));
    });
}

void Session::took_segment(Fetch const& fetch, Answer answer) {
    ++visit_.tally.segments;
    if (!answer.response.ok()) {
        verifier_.saw_segment(fetch, answer.response, SegmentFacts{});
        return;
    }
    if (!fetch.map) {
        measure(fetch, answer, /*init=*/{});
        probe_once(fetch, std::move(answer));
        return;
    }
    auto const segment = std::make_shared<Answer>(std::move(answer));
    init_sections_.with(map_request(fetch), [this, fetch, segment](Answer const& init, bool first) {
        std::string_view const body =
            init.response.ok() ? std::string_view(init.response.body) : std::string_view();
        if (first)
            verifier_.saw_map(fetch, init.response, media::check_initialisation(bytes_of(body)));
        measure(fetch, *segment, body);
        probe_once(fetch, std::move(*segment));
    });
}

void Session::measure(Fetch const& fetch, Answer const& answer, std::string_view init) {
    auto const body = bytes_of(answer.response.body);
    auto facts = media::segment_facts(body, bytes_of(init));
    if (!facts && init.empty()) { // the rules have said already what is missing
        facts = SegmentFacts();
        facts->container = media::container_of(body);
    }
    verifier_.saw_segment(fetch, answer.response, facts);
    if (facts && !facts->start)
        note_container(targets_[fetch.stream], verifier_.streams()[fetch.stream].name,
                       facts->container);
}

void Session::probe_once(Fetch const& fetch, Answer answer) {
    auto& target = targets_[fetch.stream];
    if (fetch.range || std::exchange(target.probed, true)) return;
    answer.response.body.clear();
    probe_delivery(
        visit_.client(), target.base, answer,
        [this, fetch](ProbeAnswers const& answers) { verifier_.saw_probes(fetch, answers); });
}

void Session::note_container(Target& target, std::string const& name, Container container) {
    if (std::exchange(target.container_noted, true)) return;
    visit_.note(fmt::format(
        "{}: its segments are {}: what is inside is not looked at (rules 4, 19, 20, 22, 23)", name,
        name_of(container)));
}

void Session::fetch_due_segments(bool everything) {
    for (auto const& due : verifier_.due_segments(visit_.now(), everything)) {
        visit_.client().start(segment_request(due), [this, due](Answer const& answer) {
            ++visit_.tally.segments_again;
            verifier_.saw_segment_again(due, answer.response);
        });
    }
}

std::chrono::milliseconds Session::poll_interval(std::size_t index) const {
    auto const& playlist = verifier_.streams()[index].watch.current();
    if (!playlist) return retry_interval;
    std::chrono::milliseconds const quarter =
        std::chrono::milliseconds{playlist->target_duration} / 4;
    return std::clamp<std::chrono::milliseconds>(quarter, shortest_poll_interval,
                                                 longest_poll_interval);
}

hls::WallTime Session::next_event() const {
    auto next = std::min(visit_.end(), visit_.now() + progress_interval);
    for (auto const& target : targets_)
        if (!target.in_flight) next = std::min(next, target.next_poll);
    if (auto const due = verifier_.next_due()) next = std::min(next, *due);
    return next;
}

} // namespace continuo::cli
