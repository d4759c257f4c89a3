#include "core/timeline/loop.hpp"

#include <algorithm>
#include <utility>

namespace continuo::timeline {

Lap::Lap(std::vector<Ticks90k> const& durations, std::vector<std::size_t> discontinuities)
    : discontinuities_(std::move(discontinuities)) {
    ends_.reserve(durations.size());
    Ticks90k end{};
    for (auto const duration : durations)
        ends_.push_back(end += duration);
}

std::size_t Lap::ended_by(Ticks90k time) const noexcept {
    return static_cast<std::size_t>(std::ranges::upper_bound(ends_, time) - ends_.begin());
}

bool Lap::is_discontinuity(std::size_t segment) const noexcept {
    return std::ranges::binary_search(discontinuities_, segment);
}

std::size_t Lap::discontinuities_before(std::size_t segment) const noexcept {
    return static_cast<std::size_t>(std::ranges::lower_bound(discontinuities_, segment) -
                                    discontinuities_.begin());
}

Loop::Loop(std::vector<Item> items) : items_(std::move(items)) {
    Sums sums;
    for (auto const& item : items_) {
        auto const& lap = *item.lap;
        sums.segments += item.times * lap.size();
        sums.discontinuities += item.times * (1 + lap.discontinuities_before(lap.size()));
        sums.time += static_cast<std::int64_t>(item.times) * lap.length();
        ends_.push_back(sums);
    }
}

Loop::Place Loop::place_of(std::uint64_t number) const noexcept {
    auto const all = ends_.back();
    Place place{.round = number / all.segments};
    auto rest = number % all.segments;
    place.item = static_cast<std::size_t>(
        std::ranges::upper_bound(ends_, rest, {}, &Sums::segments) - ends_.begin());
    auto const& lap = *items_[place.item].lap;
    auto const earlier = before(place.item);
    rest -= earlier.segments;
    place.lap = rest / lap.size();
    place.segment = static_cast<std::size_t>(rest % lap.size());
    place.start = start_of_lap(place) + lap.start_of(place.segment);
    return place;
}

std::uint64_t Loop::number_of(Place const& place) const noexcept {
    return place.round * ends_.back().segments + before(place.item).segments +
           place.lap * items_[place.item].lap->size() + place.segment;
}

Ticks90k Loop::start_of_lap(Place const& place) const noexcept {
    return static_cast<std::int64_t>(place.round) * ends_.back().time + before(place.item).time +
           static_cast<std::int64_t>(place.lap) * items_[place.item].lap->length();
}

Loop::Place Loop::after(Place place) const noexcept {
    auto const& item = items_[place.item];
    place.start += item.lap->duration_of(place.segment);
    if (++place.segment < item.lap->size()) return place;
    place.segment = 0;
    if (++place.lap < item.times) return place;
    place.lap = 0;
    if (++place.item < items_.size()) return place;
    place.item = 0;
    ++place.round;
    return place;
}

std::uint64_t Loop::ended_by(Ticks90k time) const noexcept {
    if (time < Ticks90k::zero()) return 0;
    auto const all = ends_.back();
    auto const round = static_cast<std::uint64_t>(time / all.time);
    auto rest = time % all.time;
    auto const item = static_cast<std::size_t>(
        std::ranges::upper_bound(ends_, rest, {}, &Sums::time) - ends_.begin());
    auto const& lap = *items_[item].lap;
    auto const earlier = before(item);
    rest -= earlier.time;
    return round * all.segments + earlier.segments +
           static_cast<std::uint64_t>(rest / lap.length()) * lap.size() +
           lap.ended_by(rest % lap.length());
}

bool Loop::is_discontinuity(Place const& place) const noexcept {
    if (place.segment > 0) return items_[place.item].lap->is_discontinuity(place.segment);
    return place.round > 0 || place.item > 0 || place.lap > 0;
}

std::uint64_t Loop::discontinuities_before(Place const& place) const noexcept {
    auto const& lap = *items_[place.item].lap;
    auto const a_lap = 1 + lap.discontinuities_before(lap.size());
    auto const count = place.round * ends_.back().discontinuities +
                       before(place.item).discontinuities + place.lap * a_lap +
                       (place.segment == 0 ? 0 : 1 + lap.discontinuities_before(place.segment));
    return count == 0 ? 0 : count - 1; // the very first lap begins without one
}

} // namespace continuo::timeline
