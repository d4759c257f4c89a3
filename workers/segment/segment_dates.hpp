// When the pictures of listed segments were made: by the playlist's own dates where they can be
// believed, else by when the playlist was published. So two sources can be laid side by side.
#pragma once

#include "core/hls/media_playlist.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace continuo::segment {

/// Something happened not before `earliest` and not after `latest`.
struct Interval {
    hls::WallTime earliest{};
    hls::WallTime latest{};

    hls::WallTime middle() const noexcept { return earliest + (latest - earliest) / 2; }
    Interval operator+(std::chrono::microseconds time) const noexcept {
        return {.earliest = earliest + time, .latest = latest + time};
    }
    friend bool operator==(Interval const&, Interval const&) = default;
};

/// When a server says that it published what it sends. Its clock counts as ours where they agree to
/// a second, else only the difference counts.
/// `modified`, `server_now`: of its answer, which `came` then; whole seconds, cut.
Interval published_by(std::chrono::sys_seconds modified, std::chrono::sys_seconds server_now,
                      hls::WallTime came);

/// What is known of when the newest segment of a playlist was listed.
struct Publication {
    hls::WallTime came{};                ///< the answer that listed it
    std::optional<Interval> published{}; ///< by its header, or the file's time
    /// When an earlier load began whose answer did not list it.
    std::optional<hls::WallTime> asked_before{};
    /// Its end, as earlier versions made one expect.
    std::optional<Interval> expected{};
};

struct Dates {
    std::vector<hls::WallTime> begins; ///< one per listed segment
    Interval end{};                    ///< of the newest one; `begins` go with its middle
    bool are_programme{false};         ///< the playlist's own

    friend bool operator==(Dates const&, Dates const&) = default;
};

/// Dates of all segments of `playlist`, which lists at least one.
/// The playlist's own dates count when its newest segment ends within [now - 2 target durations -
/// 5 s, now + 2 s]. Else that segment ended when it was listed: within the last target duration (or
/// its own, where shorter), `published` where that lies in the same window, and narrowed by all
/// else that does not contradict. Where it ended sooner than was `expected`, or would have been
/// listed late, the sooner holds.
Dates dates_of(hls::MediaPlaylist const& playlist, Publication const& publication);

/// EXTINF on the wall clock.
std::chrono::microseconds length_of(hls::MediaSegment const& segment) noexcept;

} // namespace continuo::segment
