#include "http/pseudolive/draft.hpp"

#include "core/timeline/loop.hpp"
#include "http/storage/file_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::pseudolive {
namespace {

bool is_encrypted_whole(hls::MediaSegment const& segment) noexcept {
    return std::ranges::any_of(segment.keys, [](hls::MediaKey const& key) {
        return key.attributes.find("METHOD=AES-128") != std::string::npos;
    });
}

std::string path_of_own(std::string const& uri) {
    auto path = storage::path_of({}, uri); // normalised: it is inside
    return path ? *std::move(path) : std::string();
}

/// The part of a lap that a list of `shown` has; it may begin before the lap does.
struct Stretch {
    Ticks90k begin, end;
};
Stretch stretch_of(timeline::Lap const& lap, std::chrono::seconds target_duration,
                   Shown const& shown) {
    auto const now = shown.since_start % lap.length();
    auto const ended = lap.ended_by(std::max(now, Ticks90k::zero()));
    auto const end = lap.start_of(ended);
    Ticks90k length{};
    auto segment = ended;
    for (unsigned count = 0;
         (count < shown.window || length < 3 * target_duration) && length < lap.length(); ++count) {
        segment = (segment == 0 ? lap.size() : segment) - 1;
        length += lap.duration_of(segment);
    }
    return {.begin = end - length, .end = end};
}

} // namespace

Draft::Draft(Input input, fs::path const& folder, fs::path const& root)
    : input_(std::move(input)), finder_(folder, root) {}

storage::Accepted<std::optional<Draft>> Draft::read(fs::path const& folder, fs::path const& root) {
    auto input = read_input(folder);
    if (!input) return input.error();
    if (!*input) return std::optional<Draft>{};
    Draft draft(**std::move(input), folder, root);
    if (auto const found = draft.find_files(); !found) return found.error();
    return std::optional<Draft>{std::move(draft)};
}

storage::Accepted<> Draft::find_files() {
    for (auto const& track : input_.tracks) {
        auto& found = found_.emplace_back();
        auto& facts = facts_.emplace_back();
        facts.measured.resize(track.segments.size());
        for (std::size_t i = 0; i < track.segments.size(); ++i) {
            auto const& segment = track.segments[i];
            auto const refuse = [&](std::string_view what, std::string const& why) {
                return storage::refused(fmt::format("{}: segment {} ({}){} {}", track.label, i,
                                                    segment.uri, what, why));
            };
            auto file = finder_.find(path_of_own(segment.uri));
            if (!file) return refuse("", file.error().reason);
            auto stamp = to_text(file->stamp);
            auto size = file->stamp.size_bytes;
            if (segment.byte_range) {
                auto const end =
                    segment.byte_range->offset_bytes.value_or(0) + segment.byte_range->length_bytes;
                if (end > size) return refuse("", "is shorter than its byte range");
                size = segment.byte_range->length_bytes;
            }
            std::optional<Part> map;
            if (segment.map) {
                auto init = finder_.find(path_of_own(segment.map->uri));
                if (!init) return refuse(": its map", init.error().reason);
                stamp += ' ' + to_text(init->stamp);
                map = Part{.path = std::move(init->path), .range = segment.map->byte_range};
            }
            facts.sizes_bytes.push_back(size);
            found.push_back({.part = {.path = std::move(file->path), .range = segment.byte_range},
                             .map = std::move(map),
                             .stamp = std::move(stamp)});
        }
    }
    return {};
}

void Draft::recall(Measurements const& known) {
    for (std::size_t track = 0; track < facts_.size(); ++track)
        for (std::size_t i = 0; i < found_[track].size(); ++i) {
            auto const entry = known.find(part_name(input_.tracks[track].segments[i]));
            if (entry != known.end() && entry->second.stamp == found_[track][i].stamp)
                facts_[track].measured[i] = entry->second.duration;
        }
}

Measurements Draft::measurements() const {
    Measurements all;
    for (std::size_t track = 0; track < facts_.size(); ++track)
        for (std::size_t i = 0; i < found_[track].size(); ++i)
            if (auto const measured = facts_[track].measured[i])
                all.insert_or_assign(part_name(input_.tracks[track].segments[i]),
                                     Measurement{found_[track][i].stamp, *measured});
    return all;
}

bool Draft::is_measurable(Place const& place) const noexcept {
    auto const& track = input_.tracks[place.track];
    return !track.is_text && !is_encrypted_whole(track.segments[place.segment]);
}

storage::Accepted<Draft::Plan> Draft::plan(Shown const& shown) const {
    auto const asset = assembled();
    if (!asset) return asset.error();
    auto const& tracks = (*asset)->tracks;
    auto const& lap = *tracks.front().lap;
    auto const listed = stretch_of(lap, (*asset)->target_duration, shown);

    struct Due {
        unsigned kind;     ///< 0: listed now, 1: of the reference, 2: the rest
        Ticks90k distance; ///< from the beginning of the list
        Place place;
    };
    std::vector<Due> due;
    for (std::size_t track = 0; track < tracks.size(); ++track)
        for (std::size_t i = 0; i < tracks[track].segments.size(); ++i) {
            Place const place{.track = track, .segment = i};
            if (facts_[track].measured[i] || !is_measurable(place)) continue;
            auto const& own = *tracks[track].lap;
            // Where the list begins, a segment of another cut may have begun already.
            auto const begin = own.start_of(i) + own.duration_of(i) / 2;
            auto distance = (begin - listed.begin) % lap.length();
            if (distance < Ticks90k::zero()) distance += lap.length();
            bool const is_edge = track == 0 && (i == 0 || i + 1 == own.size());
            bool const is_listed = distance - own.duration_of(i) < listed.end - listed.begin;
            due.push_back({.kind = is_listed || is_edge ? 0u
                                   : track == 0         ? 1u
                                                        : 2u,
                           .distance = distance,
                           .place = place});
        }
    std::ranges::sort(due, [](Due const& one, Due const& other) {
        return std::tie(one.kind, one.distance) < std::tie(other.kind, other.distance);
    });
    Plan plan;
    for (auto const& [kind, distance, place] : due) {
        plan.places.push_back(place);
        plan.listed += kind == 0;
        plan.reference += kind <= 1;
    }
    return plan;
}

storage::Accepted<> Draft::measure(Place const& place) {
    auto const& found = found_[place.track][place.segment];
    auto const duration = meter_.duration_of(found.part, found.map);
    if (!duration) {
        auto const& track = input_.tracks[place.track];
        return storage::refused(fmt::format("{}: segment {} ({}): {}", track.label, place.segment,
                                            track.segments[place.segment].uri,
                                            duration.error().reason));
    }
    facts_[place.track].measured[place.segment] = *duration;
    return {};
}

bool Draft::agrees() const noexcept {
    auto const& reference = input_.tracks.front().segments;
    auto const& measured = facts_.front().measured;
    for (std::size_t i = 0; i < reference.size(); ++i)
        if (settled(reference[i].duration, measured[i]) != reference[i].duration) return false;
    return true;
}

std::size_t Draft::size() const noexcept {
    std::size_t sum = 0;
    for (auto const& facts : facts_)
        sum += facts.measured.size();
    return sum;
}

std::size_t Draft::unmeasured() const noexcept {
    std::size_t sum = 0;
    for (std::size_t track = 0; track < facts_.size(); ++track)
        for (std::size_t i = 0; i < facts_[track].measured.size(); ++i)
            sum += !facts_[track].measured[i] && is_measurable({.track = track, .segment = i});
    return sum;
}

} // namespace continuo::pseudolive
