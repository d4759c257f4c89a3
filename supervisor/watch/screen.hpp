// What a session needs of the channel that shows its film: an interface, so that sessions are
// tested without processes.
#pragma once

#include "core/contract/watch.hpp"
#include "supervisor/channel/film_report.hpp"

#include <chrono>

namespace continuo::sessions {

/// Channel's functions of the same names.
class Screen {
public:
    Screen() = default;
    Screen(Screen const&) = delete;
    Screen& operator=(Screen const&) = delete;
    virtual ~Screen() = default;

    virtual Result<> watch_from(std::chrono::milliseconds position,
                                contract::TrackChoices const& tracks) = 0;
    virtual void hold() = 0;
    virtual void release() = 0;
    virtual void end() = 0;
    virtual supervisor::FilmReport report() const = 0;
};

} // namespace continuo::sessions
