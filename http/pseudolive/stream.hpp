// A stream that never began and never ends: one asset over and over, or the items of a schedule.
// What its lists say at any time is worked out from that time alone, so nothing runs while nobody
// looks, a restart changes nothing, and two servers answer alike.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/timeline/loop.hpp"
#include "http/pseudolive/asset.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace continuo::pseudolive {

using hls::WallTime;

/// Since when the stream is what it is: another asset or schedule begins another era, and its
/// numbers go on.
struct Era {
    WallTime start{};
    std::uint64_t media_sequence{}; ///< of the era's first segment
    std::uint64_t discontinuity_sequence{};
    bool follows{false}; ///< something was shown before it: it begins with a discontinuity

    friend bool operator==(Era const&, Era const&) = default;
};

struct Item {
    AssetPtr asset;
    std::uint64_t times{1};
    /// For each track of the stream the asset's own that is played in it.
    std::vector<std::size_t> tracks;
};

struct StreamOptions {
    Era era;
    unsigned window{10};                   ///< segments listed, or three target durations
    std::chrono::microseconds hold_back{}; ///< a segment is listed so long after its end
};

/// How a list refers to a file of an asset, whose URI is relative to the asset's folder.
using UriOf = std::function<std::string(Asset const& asset, std::string const& uri)>;

class Stream {
public:
    /// `items`: at least one; each names a track for each of the stream's.
    Stream(std::vector<Item> items, StreamOptions options);

    std::size_t track_count() const noexcept { return tracks_.size(); }
    std::vector<Item> const& items() const noexcept { return items_; }
    Era const& era() const noexcept { return options_.era; }
    std::chrono::seconds target_duration() const noexcept { return target_duration_; }

    /// How many segments of the reference can be listed at `now`: lists are the same as long as
    /// this is. 0 before the first one.
    std::uint64_t ended_by(WallTime now) const noexcept;
    /// When `ended_by` will say one more than `ended`.
    WallTime next_change(std::uint64_t ended) const noexcept;

    /// Nothing while `ended` is 0.
    std::optional<hls::MediaPlaylist> list(std::size_t track, std::uint64_t ended,
                                           UriOf const& uri_of) const;

    /// All items once, each so many times.
    struct Round {
        std::uint64_t segments{}; ///< of the reference
        std::uint64_t numbers{};  ///< of the track that has most segments
        std::uint64_t discontinuities{};
        Ticks90k length{};
    };
    Round round() const noexcept;

    /// One lap of an item.
    struct Showing {
        std::size_t item{};
        std::uint64_t number{}; ///< of its first segment, counted from the era's first
        WallTime start{};
        WallTime end{};
    };
    Showing showing(WallTime now) const noexcept;
    /// What follows it.
    Showing after(Showing const& showing) const noexcept;

    /// The era in which this stream takes the place of `before` at `now`: with a list as long as
    /// any, so that viewers need not wait, and numbers behind those that they have seen.
    Era era_behind(Stream const& before, WallTime now) const noexcept;

private:
    using Place = timeline::Loop::Place;

    Showing showing_of(std::uint64_t number) const noexcept;
    std::uint64_t first_listed(std::uint64_t ended) const noexcept;
    Place own_place(std::size_t track, Place reference) const noexcept;
    WallTime date_of(Ticks90k since_start) const noexcept;

    std::vector<Item> items_;
    StreamOptions options_;
    std::chrono::seconds target_duration_{};
    int version_{3};
    bool independent_segments_{true};
    std::vector<timeline::Loop> tracks_; ///< of each track's own laps; the first is the reference
};

} // namespace continuo::pseudolive
