// Where a stream is that repeats what lies on disk for ever: arithmetic on the durations of its
// segments, so that any instant, now or after a million laps, is found without having been there.
// Times are counted from the stream's start.
#pragma once

#include "core/base/ticks.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace continuo::timeline {

/// The segments of an asset, end to end, once through.
class Lap {
public:
    /// `durations`: at least one, each more than nothing. `discontinuities`: which segments, of
    /// those behind the first, have other timestamps or parameters than the one before; ascending.
    Lap(std::vector<Ticks90k> const& durations, std::vector<std::size_t> discontinuities);

    std::size_t size() const noexcept { return ends_.size(); }
    Ticks90k length() const noexcept { return ends_.back(); }
    Ticks90k start_of(std::size_t segment) const noexcept {
        return segment == 0 ? Ticks90k::zero() : ends_[segment - 1];
    }
    Ticks90k duration_of(std::size_t segment) const noexcept {
        return ends_[segment] - start_of(segment);
    }
    /// How many segments have ended by `time`.
    std::size_t ended_by(Ticks90k time) const noexcept;
    bool is_discontinuity(std::size_t segment) const noexcept;
    /// How many of the segments before this one are discontinuities.
    std::size_t discontinuities_before(std::size_t segment) const noexcept;

private:
    std::vector<Ticks90k> ends_;
    std::vector<std::size_t> discontinuities_;
};

/// Items played one after the other, each so many times, and then all over again. A lap begins with
/// a discontinuity, but for the very first.
class Loop {
public:
    struct Item {
        std::shared_ptr<Lap const> lap;
        std::uint64_t times{1};
    };
    /// `items`: at least one.
    explicit Loop(std::vector<Item> items);

    /// A segment, counted from the stream's first; its start fits as long as a hundred thousand
    /// years have not passed.
    struct Place {
        std::uint64_t round{}; ///< how often all items have been played before
        std::size_t item{};
        std::uint64_t lap{}; ///< how often the item has been played before, in this round
        std::size_t segment{};
        Ticks90k start{};

        friend bool operator==(Place const&, Place const&) = default;
    };
    Place place_of(std::uint64_t number) const noexcept;
    std::uint64_t number_of(Place const& place) const noexcept;
    /// When the lap began that `place` is in.
    Ticks90k start_of_lap(Place const& place) const noexcept;
    /// The segment that comes after one at `place`: for lists, without a search for each.
    Place after(Place place) const noexcept;

    /// How many segments have ended by `time`: the number of the first that has not.
    std::uint64_t ended_by(Ticks90k time) const noexcept;
    bool is_discontinuity(Place const& place) const noexcept;
    /// How many of the segments before this one are discontinuities.
    std::uint64_t discontinuities_before(Place const& place) const noexcept;

    std::vector<Item> const& items() const noexcept { return items_; }
    Ticks90k length() const noexcept { return ends_.back().time; }

private:
    /// Sums over the items up to one, this included; over all of its laps.
    struct Sums {
        std::uint64_t segments{};
        std::uint64_t discontinuities{}; ///< the beginning of each lap counted
        Ticks90k time{};
    };
    Sums before(std::size_t item) const noexcept { return item == 0 ? Sums{} : ends_[item - 1]; }

    std::vector<Item> items_;
    std::vector<Sums> ends_;
};

} // namespace continuo::timeline
