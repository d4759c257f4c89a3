#include "http/pseudolive/stream.hpp"

#include "core/hls/attribute_list.hpp"

#include <algorithm>
#include <utility>

namespace continuo::pseudolive {
namespace {

using std::chrono::microseconds;

/// Of a track's items; their laps are as long as its own segments say, so only what it counts is
/// of use, but for the reference.
timeline::Loop loop_of(std::vector<Item> const& items, std::size_t track) {
    std::vector<timeline::Loop::Item> laps;
    for (auto const& item : items)
        laps.push_back({item.asset->tracks[item.tracks[track]].lap, item.times});
    return timeline::Loop(std::move(laps));
}

bool is_relative(std::string_view uri) {
    return !uri.starts_with('/') && uri.find("://") == std::string_view::npos &&
           !uri.starts_with("data:");
}

/// A key's attributes with its URI as `uri_of` has it.
std::string with_uri(std::string const& attributes, Asset const& asset, UriOf const& uri_of) {
    auto const list = hls::AttributeList::parse(attributes);
    auto const uri = list ? list->find("URI") : std::nullopt;
    if (!uri || !is_relative(*uri)) return attributes;
    auto changed = attributes;
    return changed.replace(static_cast<std::size_t>(uri->data() - attributes.data()), uri->size(),
                           uri_of(asset, std::string(*uri)));
}

hls::MediaSegment listed(hls::MediaSegment segment, Asset const& asset, UriOf const& uri_of) {
    segment.uri = uri_of(asset, segment.uri);
    if (segment.map) segment.map->uri = uri_of(asset, segment.map->uri);
    for (auto& key : segment.keys)
        key.attributes = with_uri(key.attributes, asset, uri_of);
    return segment;
}

} // namespace

Stream::Stream(std::vector<Item> items, StreamOptions options)
    : items_(std::move(items)), options_(options) {
    for (auto const& item : items_) {
        auto const& asset = *item.asset;
        target_duration_ = std::max(target_duration_, asset.target_duration);
        version_ = std::max(version_, asset.version);
        independent_segments_ = independent_segments_ && asset.independent_segments;
    }
    for (std::size_t track = 0; track < items_.front().tracks.size(); ++track)
        tracks_.push_back(loop_of(items_, track));
}

std::uint64_t Stream::ended_by(WallTime now) const noexcept {
    auto const passed = now - options_.era.start - options_.hold_back;
    return tracks_.front().ended_by(std::chrono::floor<Ticks90k>(passed));
}

WallTime Stream::next_change(std::uint64_t ended) const noexcept {
    auto const& reference = tracks_.front();
    auto const end = reference.after(reference.place_of(ended)).start;
    return options_.era.start + options_.hold_back + std::chrono::ceil<microseconds>(end);
}

/// At least `window` segments and three target durations (RFC 8216 §6.2.2), where there are so
/// many. The length of any so many segments behind each other is the same in each lap, so the list
/// only ever loses its front as it grows.
std::uint64_t Stream::first_listed(std::uint64_t ended) const noexcept {
    auto const& reference = tracks_.front();
    auto const enough = Ticks90k{3 * target_duration_};
    auto const end = reference.place_of(ended).start;
    auto const shortest = ended - std::min<std::uint64_t>(ended, options_.window);
    auto const long_enough = reference.ended_by(end - enough);
    return std::min(shortest, long_enough);
}

Stream::Place Stream::own_place(std::size_t track, Place reference) const noexcept {
    auto const& item = items_[reference.item];
    auto const& own = item.asset->tracks[item.tracks[track]];
    if (!own.begun_by.empty()) reference.segment = own.begun_by[reference.segment];
    return reference;
}

WallTime Stream::date_of(Ticks90k since_start) const noexcept {
    return options_.era.start + std::chrono::floor<microseconds>(since_start);
}

std::optional<hls::MediaPlaylist> Stream::list(std::size_t track, std::uint64_t ended,
                                               UriOf const& uri_of) const {
    if (ended == 0) return std::nullopt;
    auto const& reference = tracks_.front();
    auto const& own = tracks_[track];
    auto place = own_place(track, reference.place_of(first_listed(ended)));
    auto const first = own.number_of(place);
    auto const count = own.number_of(own_place(track, reference.place_of(ended))) - first;
    place = own.place_of(first); // behind a track's last segment begins its next lap

    hls::MediaPlaylist playlist;
    playlist.version = version_;
    playlist.independent_segments = independent_segments_;
    playlist.target_duration = target_duration_;
    playlist.media_sequence = options_.era.media_sequence + first;
    playlist.discontinuity_sequence = options_.era.discontinuity_sequence +
                                      own.discontinuities_before(place) +
                                      (options_.era.follows && first > 0 ? 1 : 0);
    playlist.segments.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i, place = own.after(place)) {
        auto const& item = items_[place.item];
        auto const& source = item.asset->tracks[item.tracks[track]];
        auto segment = listed(source.segments[place.segment], *item.asset, uri_of);
        segment.discontinuity =
            own.is_discontinuity(place) || (options_.era.follows && first + i == 0);
        segment.program_date_time =
            date_of(reference.start_of_lap(place) + source.lap->start_of(place.segment));
        playlist.segments.push_back(std::move(segment));
    }
    return playlist;
}

Stream::Round Stream::round() const noexcept {
    Round round{.length = tracks_.front().length()};
    for (auto const& [lap, times] : tracks_.front().items()) {
        round.segments += times * lap->size();
        round.discontinuities += times * (1 + lap->discontinuities_before(lap->size()));
    }
    for (auto const& track : tracks_) {
        std::uint64_t numbers = 0;
        for (auto const& [lap, times] : track.items())
            numbers += times * lap->size();
        round.numbers = std::max(round.numbers, numbers);
    }
    return round;
}

Stream::Showing Stream::showing(WallTime now) const noexcept {
    auto const passed = std::max(now - options_.era.start, microseconds::zero());
    auto const place =
        tracks_.front().place_of(tracks_.front().ended_by(std::chrono::floor<Ticks90k>(passed)));
    return showing_of(tracks_.front().number_of(place) - place.segment);
}

Stream::Showing Stream::after(Showing const& showing) const noexcept {
    return showing_of(showing.number + tracks_.front().items()[showing.item].lap->size());
}

Stream::Showing Stream::showing_of(std::uint64_t number) const noexcept {
    auto const& reference = tracks_.front();
    auto const place = reference.place_of(number);
    auto const length = reference.items()[place.item].lap->length();
    return {.item = place.item,
            .number = number,
            .start = date_of(place.start),
            .end = date_of(place.start + length)};
}

Era Stream::era_behind(Stream const& before, WallTime now) const noexcept {
    auto const& seen = before.tracks_.front();
    auto const shown = before.ended_by(now);
    std::uint64_t numbers = 0;
    for (std::size_t track = 0; track < before.tracks_.size(); ++track)
        numbers = std::max(numbers, before.tracks_[track].number_of(
                                        before.own_place(track, seen.place_of(shown))));
    auto const tags = shown == 0 ? 0 : seen.discontinuities_before(seen.place_of(shown));
    auto const& era = before.options_.era;

    auto const& own = tracks_.front();
    auto const count =
        std::max<std::uint64_t>(options_.window, own.ended_by(Ticks90k{3 * target_duration_}) + 1);
    auto const list = std::chrono::ceil<microseconds>(own.place_of(count).start);
    return {.start = now - options_.hold_back - list,
            .media_sequence = era.media_sequence + numbers,
            .discontinuity_sequence =
                era.discontinuity_sequence + tags + (era.follows && shown > 0 ? 1 : 0),
            .follows = shown > 0 || era.follows};
}

} // namespace continuo::pseudolive
