#include "core/hls/rules/verifier.hpp"

#include "core/hls/rules/http_rules.hpp"
#include "core/hls/rules/text_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::hls::rules {

bool Verifier::saw_multivariant(std::string const& name, Response const& response) {
    if (!response.ok()) {
        if (multivariant_)
            findings_.add(name, response.at,
                          {{7, Weight::broken, fmt::format("answered {}", outcome_of(response))}});
        return false;
    }
    if (response.body == multivariant_text_) return true;
    findings_.add(name, response.at, check_text(response.body));
    auto parsed = parse_multivariant_playlist(response.body);
    if (!parsed) {
        auto const rule = parsed.error().code == Errc::truncated ? 15 : 1;
        findings_.add(name, response.at,
                      {{rule, Weight::broken, "can't be read: " + to_text(parsed.error())}});
        return false;
    }
    multivariant_ = std::move(*parsed);
    multivariant_text_ = response.body;
    return true;
}

std::size_t Verifier::add_stream(std::string name, StreamKind kind, std::string uri,
                                 std::string group) {
    Stream stream;
    stream.name = std::move(name);
    stream.kind = kind;
    stream.uri = std::move(uri);
    stream.group = std::move(group);
    if (multivariant_ && multivariant_->independent_segments) stream.log.expect_keyframes();
    streams_.push_back(std::move(stream));
    return streams_.size() - 1;
}

void Verifier::saw_playlist(std::size_t index, Response const& response) {
    auto& stream = streams_[index];
    auto const versions = stream.watch.versions();
    auto const state = stream.watch.state();
    findings_.add(stream.name, response.at, stream.watch.saw(response));
    if (stream.watch.versions() != versions)
        stream.log.list(*stream.watch.current(), stream.watch.previous_asked());
    if (state == PlaylistState::live && stream.watch.state() != PlaylistState::live)
        stream.log.stop(stream.watch.previous_asked());
    if (response.ok()) findings_.add(stream.name, response.at, check_lists(streams_, index));
}

std::vector<Fetch> Verifier::new_segments(std::size_t stream) {
    std::vector<Fetch> fetches;
    for (auto const number : streams_[stream].log.take_new())
        fetches.push_back(fetch_of(stream, number));
    return fetches;
}

std::vector<Fetch> Verifier::due_segments(WallTime now, bool everything) {
    std::vector<Fetch> fetches;
    for (std::size_t i = 0; i < streams_.size(); ++i)
        for (auto const number : streams_[i].log.take_due(now, everything))
            fetches.push_back(fetch_of(i, number));
    return fetches;
}

std::optional<WallTime> Verifier::next_due() const noexcept {
    std::optional<WallTime> next;
    for (auto const& stream : streams_)
        if (auto const due = stream.log.next_due(); due && (!next || *due < *next)) next = due;
    return next;
}

Fetch Verifier::fetch_of(std::size_t stream, std::uint64_t number) const {
    auto const& record = *streams_[stream].log.find(number);
    Fetch fetch{.stream = stream,
                .number = number,
                .uri = record.listed.uri,
                .range = record.range,
                .map = record.listed.map};
    if (fetch.map && fetch.map->byte_range && !fetch.map->byte_range->offset_bytes)
        fetch.map->byte_range->offset_bytes = 0;
    return fetch;
}

void Verifier::saw_map(Fetch const& fetch, Response const& response, Result<> const& checked) {
    findings_.add(streams_[fetch.stream].name, response.at,
                  check_map(*fetch.map, response, checked));
}

void Verifier::saw_segment(Fetch const& fetch, Response const& response,
                           Result<SegmentFacts> const& facts) {
    auto& stream = streams_[fetch.stream];
    findings_.add(stream.name, response.at,
                  stream.log.saw(fetch.number, response, content_of(response.body), facts));
    findings_.add(stream.name, response.at, check_matching(streams_, fetch.stream, fetch.number));
}

void Verifier::saw_segment_again(Fetch const& fetch, Response const& response) {
    auto& stream = streams_[fetch.stream];
    findings_.add(stream.name, response.at,
                  stream.log.saw_again(fetch.number, response, content_of(response.body)));
}

void Verifier::saw_probes(Fetch const& fetch, ProbeAnswers const& answers) {
    auto const& stream = streams_[fetch.stream];
    auto const* record = stream.log.find(fetch.number);
    if (!record || !record->content || !stream.watch.current()) return;
    Delivery const delivery{.playlist_path = stream.name,
                            .target_duration = stream.watch.current()->target_duration,
                            .container =
                                record->facts ? record->facts->container : Container::unknown,
                            .segment = *record->content};
    auto remarks = check_delivery(answers, delivery);
    // One server delivers all streams, as a rule: what is true of the first need not be said of
    // each.
    std::erase_if(remarks, [&](Remark const& remark) {
        return !said_of_delivery_.insert(remark.evidence).second;
    });
    findings_.add(stream.name, answers.playlist.at, std::move(remarks));
}

void Verifier::finish(WallTime now) {
    for (std::size_t i = 0; i < streams_.size(); ++i) {
        auto const& stream = streams_[i];
        if (stream.watch.state() == PlaylistState::waiting)
            findings_.add(stream.name, now,
                          {{7, Weight::broken, "is listed and never answered with a playlist"}});
        findings_.add(stream.name, now, stream.log.finish());
        if (!multivariant_ || stream.kind != StreamKind::variant) continue;
        auto const declared =
            std::ranges::find(multivariant_->variants, stream.uri, &VariantStream::uri);
        if (declared == multivariant_->variants.end()) continue;
        findings_.add(stream.name, now,
                      check_variant(streams_, i, *declared, multivariant_->renditions));
    }
}

} // namespace continuo::hls::rules
