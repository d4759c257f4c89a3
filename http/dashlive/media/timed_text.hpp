// Subtitles that we make up as the session goes (timesubsstpp, timesubswvtt): each cue shows the
// time of day and the number of its segment, so that a viewer sees at once what is late or early.
// They have no file: their segments follow from the session and an index. Pure.
#pragma once

#include "http/dashlive/session/session.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

enum class TextFormat : std::uint8_t {
    stpp, ///< TTML (ISO/IEC 14496-30 §5), in the subset of IMSC1 text
    wvtt, ///< WebVTT (ISO/IEC 14496-30 §7)
};

inline constexpr std::uint32_t timed_text_timescale = 1000;
inline constexpr std::string_view timed_text_media_type = "application/mp4";
/// Names in the folder that is called as the track is; the other one is NUMBER.m4s or TIME.m4s.
inline constexpr std::string_view timed_text_initialisation_name = "init.mp4";
inline constexpr std::string_view timed_text_extension = "m4s";

/// A track of them.
struct TimedText {
    TextFormat format{};
    std::string language;           ///< as the option has it: "en"
    std::string id;                 ///< of the Representation: "timestpp-en"
    std::uint32_t adaptation_set{}; ///< AdaptationSet@id: 100, 101 ...
};

/// All that `options` ask for, those of stpp first.
std::vector<TimedText> timed_texts_of(Options const& options);
/// The one called `id`; nothing where the options have none of that format and language.
std::optional<TimedText> find_timed_text(Options const& options, std::string_view id);

/// "stpp", "wvtt".
std::string_view codecs_of(TextFormat format) noexcept;
/// What a segment of the mean length takes, about.
std::uint64_t bandwidth_of(TextFormat format, Asset const& asset);

/// Segments lie on the pictures' grid, rounded up to whole milliseconds; in these units.
Interval timed_text_interval(Asset const& asset, std::int64_t index);
/// The segment that begins exactly at `time`; nothing where none does.
std::optional<std::int64_t> timed_text_index_at(Asset const& asset, std::int64_t time);

/// ftyp and moov of track 1.
std::vector<std::uint8_t> timed_text_initialisation(TimedText const& text);

/// The segment at `index`, which is available. Its cues begin at whole seconds of UTC, every
/// `cue_duration` rounded up to whole seconds, and end with the segment at the latest; one that
/// began before goes on from the segment's start.
std::vector<std::uint8_t> timed_text_segment(Session const& session, TimedText const& text,
                                             std::int64_t index);

} // namespace continuo::dashlive
