#include "core/dash/rules/verifier.hpp"

#include "core/dash/patched.hpp"
#include "core/dash/rules/difference.hpp"
#include "core/dash/rules/time_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::dash::rules {
namespace {

using hls::rules::broken;
using hls::rules::outcome_of;
using hls::rules::Weight;

constexpr int too_early = 425;
constexpr std::size_t versions_kept = 8;

Result<Version> version_of(Response const& response) {
    auto root = parse_element(response.body);
    if (!root) return root.error();
    auto presentation = presentation_of(*root);
    if (!presentation) return presentation.error();
    return Version{.root = *std::move(root), .presentation = *std::move(presentation)};
}

template <class Dated>
void keep(std::deque<Dated>& versions, Dated version) {
    versions.push_back(std::move(version));
    if (versions.size() > versions_kept) versions.pop_front();
}

} // namespace

std::vector<Timing> Verifier::time_sources(Response const& mpd) {
    std::vector<Timing> sources;
    if (auto const version = version_of(mpd))
        for (auto const& timing : version->presentation.timings)
            if (auto const source = source_of(timing);
                source == TimeSource::http_head || source == TimeSource::http_text)
                sources.push_back(timing);
    return sources;
}

void Verifier::saw_time(Timing const& timing, Response const& response) {
    auto check = check_time(timing, response);
    findings_.add(name_, response.at, std::move(check.remarks));
    if (!check.offset || std::exchange(has_offset_, true)) return;
    offset_ = *check.offset;
}

bool Verifier::saw_mpd(Response const& response) {
    if (!response.ok()) {
        if (current_)
            findings_.add(name_, response.at,
                          {{2, Weight::broken, "the MPD answered " + outcome_of(response)}});
        return false;
    }
    auto version = version_of(response);
    if (!version) {
        findings_.add(name_, response.at,
                      {{1, Weight::broken, "the MPD can't be read: " + to_text(version.error())}});
        return false;
    }
    auto const& mpd = version->presentation;
    for (auto const& timing : mpd.timings)
        if (source_of(timing) == TimeSource::direct)
            saw_time(timing, response);
        else if (source_of(timing) == TimeSource::other)
            note(fmt::format("UTCTiming {} is not asked for (D10)", timing.scheme));
    findings_.add(
        name_, response.at,
        check_mpd(mpd, {.asked = server_time(response.asked), .at = server_time(response.at)}));
    if (current_ && !std::exchange(has_moved_, false))
        findings_.add(name_, response.at, check_update(*current_, *version));
    for (auto const& location : mpd.locations)
        if (locations_.insert(location).second) new_locations_.push_back(location);
    if (mpd.publish_time) {
        keep(fetched_, {*mpd.publish_time, version->root});
        compare_patched(response.at);
    }
    current_ = *std::move(version);
    look(Cause::new_mpd, server_time(response.at));
    return true;
}

void Verifier::look(Cause cause, WallTime now) {
    auto const& mpd = current_->presentation;
    for (auto const& period : mpd.periods) {
        if (period.is_remote && cause == Cause::new_mpd)
            note("periods that lie elsewhere (xlink) are not looked at");
        for (auto const& representation : period.representations) {
            if (!representation.unknown.empty()) {
                note(fmt::format("{}: its segments are not looked at: {}",
                                 name_of(period, representation), representation.unknown));
                continue;
            }
            Strand const strand(mpd, period, representation);
            if (cause == Cause::time && strand.is_timeline()) continue;
            auto const track = track_of(name_of(period, representation));
            if (cause == Cause::new_mpd) {
                auto& known = representations_[track];
                known = representation;
                known.addressing.timeline.reset(); // long, and not needed for names
            }
            tracks_[track].look(strand, now);
        }
    }
}

std::size_t Verifier::track_of(std::string const& representation) {
    auto const [found, is_new] = track_by_name_.try_emplace(representation, tracks_.size());
    if (is_new) tracks_.emplace_back(name_ + " " + representation);
    return found->second;
}

void Verifier::note(std::string text) {
    if (noted_.insert(text).second) notes_.push_back(std::move(text));
}

std::vector<SegmentFetch> Verifier::take_due(WallTime now, bool everything) {
    std::vector<SegmentFetch> due;
    if (!current_) return due;
    auto const servers = server_time(now);
    if (!everything) look(Cause::time, servers);
    for (std::size_t i = 0; i < tracks_.size(); ++i)
        for (auto& fetch : tracks_[i].take_due(servers, everything))
            if (auto request = request_of(i, fetch)) due.push_back(*std::move(request));
    return due;
}

std::optional<WallTime> Verifier::next_due() const {
    std::optional<WallTime> next;
    for (auto const& track : tracks_)
        if (auto const due = track.next_due(); due && (!next || *due < *next)) next = due;
    if (!next) return std::nullopt;
    return our_time(*next);
}

std::optional<SegmentFetch> Verifier::request_of(std::size_t track, Fetch const& fetch) {
    auto const& representation = representations_.at(track);
    auto const& addressing = representation.addressing;
    SegmentName const name{.representation_id = representation.id,
                           .bandwidth_bps = representation.bandwidth_bps,
                           .number = fetch.segment.number,
                           .time = fetch.segment.time};
    auto const media = expanded(addressing.media, name);
    auto const initialisation = expanded(addressing.initialisation, name);
    if (!media || !initialisation) {
        findings_.add(
            tracks_[track].name(), our_time(fetch.due),
            {{5, Weight::broken, to_text(media ? initialisation.error() : media.error())}});
        return std::nullopt;
    }
    auto const& base = representation.bases[std::min(fetch.base, representation.bases.size() - 1)];
    SegmentFetch request{.track = track, .fetch = fetch, .segment = base, .initialisation = {}};
    if (!initialisation->empty()) {
        request.initialisation = base;
        request.initialisation.push_back(*initialisation);
    }
    request.segment.push_back(*media);
    return request;
}

void Verifier::saw_initialisation(SegmentFetch const& fetch, Response const& response,
                                  Result<> const& checked) {
    Remarks remarks;
    if (!response.ok())
        broken(remarks, 5, "the initialisation section answered " + outcome_of(response));
    else if (!checked)
        broken(remarks, 6, "the initialisation section is none: " + to_text(checked.error()));
    findings_.add(tracks_[fetch.track].name(), response.at, std::move(remarks));
}

void Verifier::saw_segment(SegmentFetch const& fetch, Response const& response,
                           Result<SegmentFacts> const& facts) {
    auto& track = tracks_[fetch.track];
    findings_.add(track.name(), response.at,
                  track.saw(fetch.fetch, response, server_time(response.asked),
                            server_time(response.at), facts));
    bool const is_measured = fetch.fetch.purpose == Purpose::listed;
    if (is_measured && response.ok() && facts && !facts->decode_begin)
        note(track.name() +
             ": its segments are no fragmented MP4: what is inside is not looked at");
}

std::optional<std::string> Verifier::patch_location() const {
    if (!current_ || current_->presentation.patch_location.empty()) return std::nullopt;
    return current_->presentation.patch_location;
}

void Verifier::saw_patch(Response const& response) {
    if (response.status == too_early) return; // nothing has changed
    auto const refuse = [&](std::string why) {
        findings_.add(name_, response.at, {{11, Weight::broken, "the patch " + std::move(why)}});
    };
    if (!response.ok()) return refuse("answered " + outcome_of(response));
    auto const patch = parse_element(response.body);
    if (!patch) return refuse("can't be read: " + to_text(patch.error()));
    auto const original = parse_date_time(attribute(*patch, "originalPublishTime"));
    auto const published = parse_date_time(attribute(*patch, "publishTime"));
    if (local_name(patch->name) != "Patch" || !original || !published)
        return refuse("has no root Patch with originalPublishTime and publishTime");
    auto const base = std::ranges::find(fetched_, *original, &Dated::publish_time);
    if (base == fetched_.end())
        return refuse(fmt::format("is for an MPD of {}, which was not there", to_text(*original)));
    if (attribute(*patch, "mpdId") != attribute(base->root, "id"))
        return refuse(fmt::format("is for an MPD with the id \"{}\"", attribute(*patch, "mpdId")));
    auto made = patched(base->root, patch->children);
    if (!made) return refuse("can't be applied: " + to_text(made.error()));
    keep(patched_, {*published, *std::move(made)});
    compare_patched(response.at);
}

void Verifier::compare_patched(WallTime at) {
    std::erase_if(patched_, [&](Dated const& made) {
        auto const fetched = std::ranges::find(fetched_, made.publish_time, &Dated::publish_time);
        if (fetched == fetched_.end()) return false;
        if (auto const difference = difference_between(fetched->root, made.root))
            findings_.add(name_, at,
                          {{11, Weight::broken,
                            fmt::format("the MPD of {} as a patch makes it has another {}",
                                        to_text(made.publish_time), *difference)}});
        return true;
    });
}

std::vector<std::string> Verifier::take_locations() {
    return std::exchange(new_locations_, {});
}

void Verifier::saw_location(std::string const& location, Response const& response) {
    if (!response.ok())
        findings_.add(name_, response.at,
                      {{12, Weight::broken,
                        fmt::format("Location {} answered {}", location, outcome_of(response))}});
    else if (auto const version = version_of(response); !version)
        findings_.add(
            name_, response.at,
            {{12, Weight::broken,
              fmt::format("Location {} is no MPD: {}", location, to_text(version.error()))}});
}

} // namespace continuo::dash::rules
