// A film as a source: which of its tracks are played, and whether what came of it was all of it.
// Pure; the run asks here before it starts mpv and after that has ended.
#pragma once

#include "core/config/config.hpp"
#include "core/media/film.hpp"
#include "core/timeline/grid.hpp"
#include "workers/mpv/command_line.hpp"

#include <chrono>
#include <string>

namespace continuo::supervisor {

/// What mpv is to play of it. Errors: `Errc::unsupported` where it has no picture,
/// `Errc::not_found` where a track that was asked for is not there; the context is a sentence.
Result<workers::mpv::Film> film_to_play(config::Source const& source, media::Film const& film,
                                        std::chrono::milliseconds position);

/// `command`, held to limits and without rights where the film is a stranger's: one that is fetched
/// through a proxy.
workers::Command confined_for(config::Source const& source, workers::Command command);

/// Whether nothing is left to be played at `position`.
bool is_over(media::Film const& film, std::chrono::milliseconds position);

/// Why a film that ended by itself at `reached` was not over there: mpv takes a truncated file for
/// one that ends. Empty when it was, or when the film does not tell its length.
std::string complaint_about_end(media::Film const& film, std::chrono::milliseconds reached);

/// The grid that the keyframes of a film lie on whose first picture is the one at `position`.
timeline::Grid grid_of_film(std::chrono::milliseconds position,
                            std::chrono::milliseconds segment_time);

/// Where a segment's end lies in the film.
std::chrono::milliseconds position_in_film(Ticks90k end);

} // namespace continuo::supervisor
