// Rules that need one media playlist over time: growth, deadlines, its end, and what changes from
// version to version.
#pragma once

#include "core/hls/media_playlist.hpp"
#include "core/hls/rules/finding.hpp"
#include "core/hls/rules/observation.hpp"

#include <optional>
#include <string>
#include <vector>

namespace continuo::hls::rules {

enum class PlaylistState : std::uint8_t {
    waiting, ///< it never answered yet
    live,
    ended, ///< it has ENDLIST
    gone,  ///< it was there, and answers 404 or 410
};

/// What a poll saw of a list's ends.
struct Glimpse {
    WallTime asked{};
    WallTime at{};
    std::uint64_t first{};
    std::uint64_t end{};                ///< the number behind the last one
    std::optional<WallTime> first_date; ///< nothing where the list has none
    std::optional<WallTime> end_date;
};

/// Polled by the shell about four times per target duration. Rules 1, 2, 3, 5, 7 (the playlist's
/// own URI), 8 to 11, 14 to 18, 37.
class PlaylistWatch {
public:
    Remarks saw(Response const& response);

    PlaylistState state() const noexcept { return state_; }
    /// The newest version that could be read.
    std::optional<MediaPlaylist> const& current() const noexcept { return current_; }
    /// Counts the versions read; a change tells that `current` is another one.
    unsigned versions() const noexcept { return versions_; }
    /// The last poll before the newest one that still had the version before: what was removed
    /// since was listed then.
    WallTime previous_asked() const noexcept { return previous_asked_; }
    /// Of the last two polls that were answered, the older one first.
    std::vector<Glimpse> const& glimpses() const noexcept { return glimpses_; }

private:
    Remarks saw_absence(Response const& response);
    Remarks saw_text(Response const& response);
    void compare(Remarks& remarks, MediaPlaylist const& next, Response const& response);
    void check_growth(Remarks& remarks, MediaPlaylist const& next, Response const& response);
    void check_lateness(Remarks& remarks, WallTime asked);
    void check_latency(Remarks& remarks, MediaPlaylist const& next, WallTime at);
    void remember(Response const& response);

    PlaylistState state_{PlaylistState::waiting};
    std::string text_;
    std::optional<MediaPlaylist> current_;
    unsigned versions_{};
    WallTime asked_{};
    WallTime previous_asked_{};
    WallTime grown_at_{};
    std::vector<Glimpse> glimpses_;
    bool removed_any_{false};
    bool lateness_said_{false};
    bool latency_said_{false};
};

/// The sum of all EXTINF.
Ticks90k length_of(MediaPlaylist const& playlist) noexcept;

} // namespace continuo::hls::rules
