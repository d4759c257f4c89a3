// Cues as fragmented MP4: the initialisation section, and samples of TTML or WebVTT. For
// timed_text.cpp.
#pragma once

#include "http/dashlive/media/timed_text.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

/// What is shown in two lines; in ms of media time, `begin` before `end`.
struct Cue {
    std::int64_t begin{};
    std::int64_t end{};
    std::string date;
    std::string note;
};

struct TextSample {
    std::uint32_t duration{}; ///< ms
    std::vector<std::uint8_t> bytes;
};

/// A document that holds for the whole segment, its times those of the media.
/// `region`: 0 below, else above; `cues`: in order, inside of `segment`.
std::vector<TextSample> ttml_samples(std::string_view language, std::uint32_t region,
                                     Interval segment, std::span<Cue const> cues);

/// A sample for each cue and for each stretch without one (ISO/IEC 14496-30 §7.4).
std::vector<TextSample> webvtt_samples(std::uint32_t region, Interval segment,
                                       std::span<Cue const> cues);

std::vector<std::uint8_t> text_track_header(TextFormat format, std::string_view language);

struct TextSegment {
    std::uint32_t number{};
    Interval interval;
    std::vector<TextSample> samples;
};
/// styp, moof and mdat; tfdt has 64 bits where its value needs them.
std::vector<std::uint8_t> text_track_segment(TextSegment const& segment);

} // namespace continuo::dashlive
