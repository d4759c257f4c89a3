// When a playlist is to be loaded next, and when it is given up.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "workers/segment/wall_clock.hpp"

#include <chrono>
#include <optional>

namespace continuo::segment {

/// Pure. Spec: RFC 8216 §6.3.4: a target duration after a load that brought something new, half of
/// one after a load that did not, both counted from when that load began; as players do, the last
/// segment's own duration where that is shorter.
class LoadSchedule {
public:
    using Time = WallClock::Time;
    /// A playlist that fails for longer is given up, unless another time is given.
    static constexpr std::chrono::seconds patience{10};
    static constexpr std::chrono::milliseconds shortest_wait{200}; ///< whatever a playlist says

    explicit LoadSchedule(Time now, std::chrono::milliseconds longest_failure = patience) noexcept
        : due_(now), longest_failure_(longest_failure) {}

    Time due() const noexcept { return due_; }

    void changed(Time asked, hls::MediaPlaylist const& playlist) noexcept;
    void unchanged(Time asked, hls::MediaPlaylist const& playlist) noexcept;
    /// The load at `asked` failed at `now`: tried again after 0.25 s, doubled up to 2 s. False when
    /// it is given up.
    bool failed(Time asked, Time now) noexcept;
    /// Another playlist is to be loaded in its place.
    void at_once(Time now) noexcept { due_ = now; }

private:
    Time due_;
    std::chrono::milliseconds longest_failure_;
    std::optional<Time> failing_since_;
    std::chrono::milliseconds pause_{};
};

} // namespace continuo::segment
