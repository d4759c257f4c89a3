// What a session does next: its phase, what happened, and what is to be done about it. Pure; asked
// by the session before anything is done.
#pragma once

#include "core/contract/watch.hpp"

#include <array>
#include <cstdint>

namespace continuo::sessions {

/// Where a session stands. Viewers are told of `opening_held` as of opening.
enum class Phase : std::uint8_t {
    opening,
    opening_held, ///< opening, and it is to stand still as soon as there is a picture
    playing,
    paused,
    ended,  ///< all have seen the last picture
    failed, ///< nothing more comes
    closed, ///< for good
};
inline constexpr std::array phases{Phase::opening, Phase::opening_held, Phase::playing,
                                   Phase::paused,  Phase::ended,        Phase::failed,
                                   Phase::closed};

enum class Event : std::uint8_t {
    ready, ///< viewers can begin
    over,  ///< they have seen all that there is
    died,  ///< the film can't be shown, or no further
    begin, ///< somebody wants another place, or other tracks
    pause,
    resume,
    lost,  ///< no viewer has given a sign of life for too long
    close, ///< somebody ends it, or the daemon does
};
inline constexpr std::array events{Event::ready, Event::over,   Event::died, Event::begin,
                                   Event::pause, Event::resume, Event::lost, Event::close};

enum class Act : std::uint8_t {
    none,
    refuse,  ///< it can't be done in this phase; nothing changes
    begin,   ///< the film from another place on
    hold,    ///< all stands still
    release, ///< all goes on
    end,     ///< the processes end, and the list
};

struct Step {
    Phase next{};
    Act act{Act::none};

    friend bool operator==(Step const&, Step const&) = default;
};

///                 ready    over    died     begin           pause           resume    lost close
///   opening       playing  ended   failed   opening b       opening_held h  -         closed e
///   opening_held  paused   ended   failed   opening_held b  -               opening r closed e
///   playing       -        ended   failed   opening b       paused h        -         closed e
///   paused        -        -       failed   opening_held b  -               playing r closed e
///   ended         -        -       -        opening b       refuse          refuse  -    closed e
///   failed        -        -       -        opening b       refuse          refuse  -    closed e
///   closed        -        -       -        refuse          refuse          refuse  -    -
///
/// (b, h, r, e: the act. What is over or has failed waits for nobody: it goes when its time is up.)
Step step(Phase phase, Event event);

/// Whether processes work for it: it counts against the limit.
bool is_running(Phase phase) noexcept;

contract::WatchState::Phase shown(Phase phase) noexcept;

} // namespace continuo::sessions
