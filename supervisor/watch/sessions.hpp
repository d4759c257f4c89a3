// All sessions: which there are, what they are called, how many there may be, and when they go.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/watch.hpp"
#include "supervisor/watch/session.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::sessions {

/// Owned by `Watch`. Has no clock: all functions that need the time get it.
class Sessions {
public:
    /// What a session that is over is remembered for: with files as many as may run, without them
    /// a few more.
    static constexpr std::size_t most_finished = 64;
    static constexpr std::size_t most_aliases = 64; ///< of one session

    struct Makers {
        std::function<std::string()> new_id; ///< 128 random bits, in hexadecimal
        /// Errors: why there can't be one, for people.
        std::function<Result<std::unique_ptr<Screen>>(Session const&)> screen;
    };
    Sessions(config::Watch config, Makers makers);

    /// For sessions that are opened from now on.
    void configure(config::Watch config) { config_ = std::move(config); }

    /// The session that it is about, never null. Errors, the context being a
    /// sentence for people: `Errc::malformed` and `Errc::unsupported` for a URL or a name that is
    /// not taken, `Errc::unavailable` where there are too many, `Errc::not_found` for one that is
    /// not there, those of `Session::apply`.
    Result<Session*> answer(contract::WatchRequest const& request, WallTime now);

    /// Looks at each; ends those that nobody watches, forgets those that have been over for long.
    void settle(WallTime now, bool is_full = false);
    std::optional<WallTime> next_deadline() const;
    void close_all(std::string const& why, WallTime now);
    /// At once; their screens go with them.
    void clear() { sessions_.clear(); }

    std::map<std::string, std::unique_ptr<Session>, std::less<>> const& all() const {
        return sessions_;
    }
    /// By id or by alias; of several with that alias the one that runs, else the newest. Null where
    /// there is none.
    Session* find(std::string_view name) const;

private:
    Result<Session*> open(contract::WatchRequest const& request, WallTime now);
    Session* running_with(std::string const& url, contract::TrackChoices const& tracks) const;
    Result<> check_room() const;
    Result<Session*> close(Session& session, bool discards, WallTime now);
    void take_alias_away(std::string const& alias, Session const* except, WallTime now);
    void forget_finished(WallTime now);

    config::Watch config_;
    Makers makers_;
    std::map<std::string, std::unique_ptr<Session>, std::less<>> sessions_;
};

} // namespace continuo::sessions
