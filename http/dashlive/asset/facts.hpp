// What was measured of a representation's files, before it is known whether they can be looped.
#pragma once

#include "core/mp4/movie.hpp"
#include "http/dashlive/asset/plan.hpp"

#include <cstdint>
#include <vector>

namespace continuo::dashlive {

/// Frames of sound that lie one behind the other and have the same flags.
struct FrameStretch {
    std::uint64_t offset{}; ///< in the file
    std::uint32_t flags{};
    std::vector<std::uint32_t> sizes;

    friend bool operator==(FrameStretch const&, FrameStretch const&) = default;
};

/// What the samples of a segment are, in units of the track's timescale.
struct SampleFacts {
    std::uint64_t time{};             ///< of the first (tfdt)
    std::uint64_t duration{};         ///< of all
    std::uint32_t frame{};            ///< of each but the last; 0 where these are not equally long
    std::uint32_t last{};             ///< of the last
    std::vector<FrameStretch> frames; ///< of sound

    friend bool operator==(SampleFacts const&, SampleFacts const&) = default;
};

struct SegmentFacts {
    FilePart part;
    SampleFacts samples; ///< nothing in it of images
};

struct TrackFacts {
    PlannedTrack plan;
    std::vector<std::uint8_t> header; ///< without mehd; empty of images
    mp4::Track track;                 ///< what the header says; of images nothing
    bool is_encrypted{false};
    std::int64_t edit{}; ///< as `Track::edit`
    std::vector<SegmentFacts> segments;
};

} // namespace continuo::dashlive
