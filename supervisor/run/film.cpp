#include "supervisor/run/film.hpp"

#include "workers/ffmpeg/command_line.hpp"
#include "workers/ffmpeg/film.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace continuo::supervisor {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using Kind = media::FilmTrack::Kind;

/// The last pictures may be shown for longer than they say.
constexpr milliseconds length_tolerance = 2s;
/// Of the whole file, but no more than a quarter of it: subtitles may go on after the picture.
constexpr milliseconds file_tolerance = 30s;
/// Less than any picture lasts.
constexpr milliseconds rest_of_nothing = 5ms;

/// mpv takes 0.7 GB of address space for 1080p, most of it never used; the longest film that takes
/// all of a core is over in a day. What is written are ffprobe's answer and subtitles as text, up
/// to eight files, which no budget counts.
constexpr workers::Confinement strangers_film{
    .memory_bytes = 4ull << 30, .cpu_time = 24h, .file_bytes = 4ull << 20};

std::string in_seconds(milliseconds time) {
    return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1000);
}

} // namespace

Result<workers::mpv::Film> film_to_play(config::Source const& source, media::Film const& film,
                                        milliseconds position) {
    if (std::ranges::none_of(film.tracks,
                             [](auto const& track) { return track.kind == Kind::video; }))
        return fail(Errc::unsupported, "it has no picture");
    auto const audio = media::chosen_track(film, Kind::audio, source.film.audio);
    if (!audio) return audio.error();
    auto const subtitle = media::chosen_track(film, Kind::subtitle, source.film.subtitle);
    if (!subtitle) return subtitle.error();
    return workers::mpv::Film{.location = source.location,
                              .audio = *audio,
                              .subtitle = *subtitle,
                              .position = position,
                              .proxy = source.film.proxy};
}

workers::Command confined_for(config::Source const& source, workers::Command command) {
    if (!source.film.proxy.empty()) command.confinement = strangers_film;
    return command;
}

bool is_over(media::Film const& film, milliseconds position) {
    auto const length = film.picture_length ? film.picture_length : film.duration;
    return length && position + rest_of_nothing >= *length;
}

std::string complaint_about_end(media::Film const& film, milliseconds reached) {
    auto const length = film.picture_length ? film.picture_length : film.duration;
    if (!length) return {};
    auto const tolerance =
        film.picture_length ? length_tolerance : std::min(file_tolerance, *length / 4);
    if (reached + tolerance >= *length) return {};
    return fmt::format("breaks off at {} of {}: the file is incomplete, or its connection was lost",
                       in_seconds(reached), in_seconds(*length));
}

timeline::Grid grid_of_film(milliseconds position, milliseconds segment_time) {
    // Keyframes lie in the middle between two places where a cell may begin.
    Ticks90k const first = workers::ffmpeg::file_offset + position;
    Ticks90k const half_gop = workers::ffmpeg::keyframe_interval(segment_time) / 2;
    return {.origin = first - half_gop, .period = segment_time};
}

milliseconds position_in_film(Ticks90k end) {
    auto const position = end - Ticks90k(workers::ffmpeg::file_offset);
    return std::max(0ms, std::chrono::duration_cast<milliseconds>(position));
}

} // namespace continuo::supervisor
