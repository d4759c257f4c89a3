// Where the screening of a film stands, as its channel tells the session.
#pragma once

#include "core/media/film.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace continuo::supervisor {

struct FilmReport {
    using WallTime = std::chrono::sys_time<std::chrono::microseconds>;
    using milliseconds = std::chrono::milliseconds;

    enum class Phase : std::uint8_t {
        opening, ///< viewers can't begin yet: at the start, and after each `watch_from`
        playing, ///< also while it is held
        ended,   ///< all of it is made, listed and due: the list has its end
        failed,  ///< nothing more will come; what is listed may be played
    };
    /// A picture by its date and by its place in the film.
    struct Point {
        WallTime date{};
        milliseconds position{};

        friend bool operator==(Point const&, Point const&) = default;
    };

    Phase phase{Phase::opening};
    std::string why{};                  ///< of `failed`: a sentence for people
    std::optional<media::Film> film{};  ///< tracks and duration, once they are known
    std::optional<unsigned> audio{};    ///< the track of its kind that is heard
    std::optional<unsigned> subtitle{}; ///< the one that is burned in
    /// The first picture since the start, or since the newest `watch_from`; from there dates and
    /// positions go on together.
    std::optional<Point> begin{};
    std::optional<Point> listed_until{}; ///< where the list ends
    milliseconds buffered{};             ///< how far the film has been made, of the film
    double speed{};                      ///< film time made in a second, over the last ten
    bool starves{false}; ///< what is due is not made yet: viewers will have to wait for it
    unsigned restarts{}; ///< of the processes, since the start

    friend bool operator==(FilmReport const&, FilmReport const&) = default;
};

} // namespace continuo::supervisor
