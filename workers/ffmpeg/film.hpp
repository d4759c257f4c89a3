// What ffmpeg does for a film that mpv plays: ffprobe looks into it before, and what mpv decoded is
// encoded behind it; pure.
#pragma once

#include "core/config/config.hpp"
#include "workers/command.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::workers::ffmpeg {

/// Tells tracks and duration as JSON on stdout (`media::parse_film`).
/// `location`: path or URL. `proxy`: that of `config::FilmOptions`.
Command probe(std::string const& location, std::string const& proxy);

/// Whether a line of ffprobe's tells better than its last one why it failed: that of a server or
/// proxy that gives nothing, or of a format that is not among `self_contained_formats`.
bool is_telling(std::string_view line);

/// Subtitles as WebVTT, with the film's own times, on descriptors 3 and so on, one for each of
/// `tracks` (numbers among subtitles, from 1 on); how far it has read on stderr (`read_until`). As
/// fast as it can be read, from `longest_caption` before `position`.
Command texts(config::Source const& source, std::chrono::milliseconds position,
              std::vector<unsigned> const& tracks);

/// How far in the film `texts` has read, as a line on its stderr tells; nothing for other lines.
std::optional<std::chrono::milliseconds> read_until(std::string_view line);

/// How far keyframes of a film are apart: a whole part of `segment_time`, about two seconds, so
/// that its first segment may be short.
std::chrono::milliseconds keyframe_interval(std::chrono::milliseconds segment_time);

/// Raw pictures and sound as NUT on stdin, one encode of them as TS on stdout, `file_offset` later.
/// A keyframe is the first picture at or after each multiple of `keyframe_interval`, counted from
/// the first picture.
Command encode_film(config::FilmOptions const& options, std::chrono::milliseconds segment_time);

} // namespace continuo::workers::ffmpeg
