// A film that people watch together, as the session sees the channel that shows it: what it asks
// for, and what it is told.
#pragma once

#include "core/media/film.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace continuo::supervisor {

/// Makes a channel with one `mpv` source the screening of a film: nothing is listed but the film,
/// there is neither slate nor another source, and it may be held and begun elsewhere. Its config's
/// `window` has to hold `read_ahead` and what viewers may still be at.
struct ScreeningOptions {
    /// What is made before it is due, at most; what is made is listed.
    std::chrono::milliseconds read_ahead{60'000};
    std::chrono::milliseconds probe_timeout{30'000}; ///< for the film's tracks to be found out
    unsigned start_segments{3};                      ///< viewers begin when so many are listed
    /// The report may have changed. Called on the loop, never from within a call of the session's.
    std::function<void()> on_change{};
};

/// Where a screening stands.
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
