// One session: a film that some people watch together. Knows what was asked for, who is there and
// which picture is shown; the channel that shows the film is behind a `Screen`.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/watch.hpp"
#include "supervisor/watch/pace.hpp"
#include "supervisor/watch/screen.hpp"
#include "supervisor/watch/session_fsm.hpp"
#include "supervisor/watch/viewers.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::sessions {

/// What is watched.
struct Programme {
    std::string url;                      ///< to be fetched
    bool through_gateway{false};          ///< it is the torrent gateway's
    std::string shown_url;                ///< as it was written, credentials left out
    contract::TrackChoices tracks{};      ///< as asked for last
    std::chrono::milliseconds position{}; ///< where it was to begin last
};

/// Owned by `Sessions`. All functions that need the time get it.
class Session {
public:
    using milliseconds = std::chrono::milliseconds;

    Session(std::string id, Programme programme, config::Watch const& config, WallTime now);

    /// Before anything else.
    void show_on(std::unique_ptr<Screen> screen) { screen_ = std::move(screen); }

    std::string const& id() const { return id_; }
    Programme const& programme() const { return programme_; }
    bool is_running() const { return sessions::is_running(phase_); }
    bool is_closed() const { return phase_ == Phase::closed; }
    /// Since when it has not been running.
    std::optional<WallTime> finished_at() const { return finished_at_; }

    std::vector<std::string> const& aliases() const { return aliases_; }
    bool is_called(std::string_view alias) const;
    void call(std::string const& alias);
    /// Who calls it `alias` goes, too.
    void forget(std::string const& alias, WallTime now);
    /// Whether nobody is there but who calls it `alias`.
    bool is_only_for(std::string_view alias) const;

    /// seek, tracks, pause and resume. Errors, and nothing changes: `Errc::conflict` where it can't
    /// be done now, `Errc::malformed` for a track or a position that the film does not have.
    Result<> apply(contract::WatchRequest const& request, WallTime now);
    void sign(WallTime now) { viewers_.sign(now); }
    void beat(std::string const& viewer, WallTime now);
    void leave(std::string const& viewer, WallTime now);
    /// Its processes end; `why` is for the viewers.
    void close(std::string why, WallTime now);
    /// Of what is not running: its files go, now.
    void discard() { screen_.reset(); }
    bool has_files() const { return screen_ != nullptr; }

    /// Looks at the screen and at the clock; does what is due. `is_full`: nothing more can be
    /// written, which the programs don't know when they fail.
    void settle(WallTime now, bool is_full = false);
    /// When `settle` has something to do by waiting alone; nothing: not soon.
    std::optional<WallTime> next_deadline() const;

    contract::WatchState state() const;

private:
    void on(Event event, WallTime now);
    Result<> begin(milliseconds position, contract::TrackChoices const& tracks, WallTime now);
    Result<> steer(Event event, WallTime now);
    void settle_opening(WallTime now);
    void settle_flow(WallTime now);
    bool nothing_follows() const;
    milliseconds position_at(WallTime now) const;
    std::string note() const;
    std::string failure() const;

    std::string id_;
    Programme programme_;
    milliseconds resumes_with_; ///< so much has to be there before what starved goes on
    std::unique_ptr<Screen> screen_;
    supervisor::FilmReport report_; ///< as it was when it was looked at last
    Phase phase_{Phase::opening};
    Pace pace_;
    Viewers viewers_;
    std::vector<std::string> aliases_;
    std::uint64_t jumps_{0};
    WallTime since_;
    std::optional<WallTime> finished_at_;
    std::string why_;     ///< it was closed
    bool no_room_{false}; ///< is, or was when it failed
};

} // namespace continuo::sessions
