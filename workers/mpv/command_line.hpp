// What mpv is started with; pure. It decodes a film and burns subtitles in, with their styles and
// fonts; what it writes is encoded by ffmpeg, behind it in the pipeline.
#pragma once

#include "workers/command.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace continuo::workers::mpv {

struct Film {
    std::string location;                 ///< path or URL
    std::optional<unsigned> audio{};      ///< number among its kind, from 1 on; nothing: silent
    std::optional<unsigned> subtitle{};   ///< the same; nothing: none is burned in
    std::chrono::milliseconds position{}; ///< the first picture is the one shown there
    std::string proxy{};                  ///< that of `config::FilmOptions`
};

/// Raw pictures and sound as NUT on stdout, with the film's own timestamps, as fast as they are
/// read. Neither the user's settings nor scripts nor files that the film names have a part in it.
Command decode(Film const& film);

} // namespace continuo::workers::mpv
