// The movie box (moov): which tracks there are, by which clock each counts, and what is assumed of
// their samples. For fragmented files that is all of the initialisation section.
#pragma once

#include "core/base/result.hpp"
#include "core/mp4/box.hpp"
#include "core/mp4/sample_entry.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace continuo::mp4 {

/// What a sample has that nothing nearer to it tells.
struct SampleDefaults {
    std::uint32_t duration{}; ///< in units of the track's timescale
    std::uint32_t size{};
    std::uint32_t flags{};

    friend bool operator==(SampleDefaults const&, SampleDefaults const&) = default;
};

/// One entry of elst.
struct Edit {
    std::uint64_t duration{}; ///< in units of the movie's timescale
    std::int64_t
        media_time{}; ///< in units of the track's timescale; -1: nothing is shown meanwhile

    friend bool operator==(Edit const&, Edit const&) = default;
};

inline constexpr FourCC video_handler{"vide"};
inline constexpr FourCC audio_handler{"soun"};

struct Track {
    std::uint32_t id{};
    std::uint32_t timescale{}; ///< units per second, never 0
    FourCC handler;            ///< `video_handler`, `audio_handler`, "text", "subt", "meta" ...
    SampleEntry entry;         ///< the first one
    std::vector<Edit> edits;
    SampleDefaults defaults; ///< zeros without trex
};

struct Movie {
    std::uint32_t timescale{};
    std::vector<Track> tracks;

    Track const* find(std::uint32_t track_id) const noexcept; ///< null when there is none
};

/// What `track`'s edit list adds to its composition times (so that sound which a decoder needs
/// beforehand, and the delay of B-frames, lie before 0): the empty edits in front less the media
/// time of the first other edit; in units of the track's timescale.
std::int64_t presentation_shift(Movie const& movie, Track const& track) noexcept;

/// `box`: of type moov.
/// Errors, with the offset: `Errc::truncated`; `Errc::malformed` for a track without tkhd or mdhd,
/// and for a timescale of 0. Spec: ISO/IEC 14496-12 §8.2 to §8.6 and §8.8.3.
Result<Movie> parse_movie(Box const& box);

/// The moov of a file, or of an initialisation section. Errors: those of `BoxCursor` and
/// `parse_movie`; `Errc::not_found` when there is none.
Result<Movie> parse_movie(std::span<std::uint8_t const> file);

} // namespace continuo::mp4
