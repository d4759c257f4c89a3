#include "supervisor/watch/session_fsm.hpp"

namespace continuo::sessions {
namespace {

bool is_held(Phase phase) {
    return phase == Phase::opening_held || phase == Phase::paused;
}

bool is_opening(Phase phase) {
    return phase == Phase::opening || phase == Phase::opening_held;
}

Step on_begin(Phase phase) {
    if (phase == Phase::closed) return {phase, Act::refuse};
    return {is_held(phase) ? Phase::opening_held : Phase::opening, Act::begin};
}

Step on_pause(Phase phase) {
    if (!is_running(phase)) return {phase, Act::refuse};
    if (is_held(phase)) return {phase, Act::none};
    return {is_opening(phase) ? Phase::opening_held : Phase::paused, Act::hold};
}

Step on_resume(Phase phase) {
    if (!is_running(phase)) return {phase, Act::refuse};
    if (!is_held(phase)) return {phase, Act::none};
    return {is_opening(phase) ? Phase::opening : Phase::playing, Act::release};
}

} // namespace

Step step(Phase phase, Event event) {
    Step const stay{phase, Act::none};
    switch (event) {
    case Event::ready:
        if (!is_opening(phase)) return stay;
        return {is_held(phase) ? Phase::paused : Phase::playing, Act::none};
    case Event::over:
        return is_running(phase) && phase != Phase::paused ? Step{Phase::ended, Act::none} : stay;
    case Event::died: return is_running(phase) ? Step{Phase::failed, Act::none} : stay;
    case Event::begin: return on_begin(phase);
    case Event::pause: return on_pause(phase);
    case Event::resume: return on_resume(phase);
    case Event::lost: return is_running(phase) ? Step{Phase::closed, Act::end} : stay;
    case Event::close: return phase == Phase::closed ? stay : Step{Phase::closed, Act::end};
    }
    return stay;
}

bool is_running(Phase phase) noexcept {
    switch (phase) {
    case Phase::opening:
    case Phase::opening_held:
    case Phase::playing:
    case Phase::paused: return true;
    case Phase::ended:
    case Phase::failed:
    case Phase::closed: return false;
    }
    return false;
}

contract::WatchState::Phase shown(Phase phase) noexcept {
    using Shown = contract::WatchState::Phase;
    switch (phase) {
    case Phase::opening:
    case Phase::opening_held: return Shown::opening;
    case Phase::playing: return Shown::playing;
    case Phase::paused: return Shown::paused;
    case Phase::ended: return Shown::ended;
    case Phase::failed: return Shown::failed;
    case Phase::closed: return Shown::closed;
    }
    return Shown::closed;
}

} // namespace continuo::sessions
