// What a file of pictures, sounds and subtitles holds, as ffprobe tells it, and which of its tracks
// somebody means who asks for "ger", "2" or "Director's commentary". Stands before the start of
// what decodes it.
#pragma once

#include "core/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::media {

struct FilmTrack {
    enum class Kind : std::uint8_t { video, audio, subtitle };
    Kind kind{Kind::video};
    unsigned number{};      ///< among its kind, from 1 on
    std::string language{}; ///< as the file says it, "ger" or "de-CH"; empty: it does not
    std::string title{};    ///< at most 200 bytes, without control characters
    std::string codec{};    ///< ffmpeg's name: "h264", "ass", "hdmv_pgs_subtitle"
    bool is_default{false}; ///< flagged by the file
    bool is_forced{false};  ///< only what is spoken in other languages, or written in the picture
    bool is_text{false};    ///< a subtitle that is text, not pictures

    friend bool operator==(FilmTrack const&, FilmTrack const&) = default;
};

struct Film {
    using milliseconds = std::chrono::milliseconds;

    std::vector<FilmTrack> tracks{};              ///< in the order of the file; cover art left out
    std::optional<milliseconds> duration{};       ///< of the longest track
    std::optional<milliseconds> picture_length{}; ///< of the first video, where it tells by itself

    friend bool operator==(Film const&, Film const&) = default;
};

/// From ffprobe's JSON (`workers::ffmpeg::probe`). Errors: `Errc::malformed` for what is no such
/// JSON, `Errc::out_of_range` for more than 200 tracks.
Result<Film> parse_film(std::string_view json);

/// The number of the track of `kind` that is meant by `choice`; nothing: none is to be shown.
///   auto      the first one that is flagged as default, else the first
///   off       none
///   2         the second of its kind
///   ger, de   the first of that language, a forced one last
///   Signs     the first whose title has these words in it, in whatever case
/// Errors: `Errc::not_found` with a sentence that tells what there is.
Result<std::optional<unsigned>> chosen_track(Film const& film, FilmTrack::Kind kind,
                                             std::string_view choice);

std::string_view to_text(FilmTrack::Kind kind) noexcept; ///< "video", "audio", "subtitle"

} // namespace continuo::media
