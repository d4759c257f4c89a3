// The line of a segment while its pictures come in.
#pragma once

#include "core/contract/run_directory.hpp"
#include "workers/segment/picture_gate.hpp"

#include <string>
#include <utility>

namespace continuo::segment {

/// What is known of the media by now.
struct MediaFacts {
    contract::VideoFacts video;
    std::string audio_codecs;
    bool audio_leads{false}; ///< there are no pictures, and so no rate of them
};

/// One segment's; pure. Media time is counted since the run's first picture.
class SegmentDraft {
public:
    SegmentDraft(contract::SegmentLine line, Ticks90k media_time)
        : line_(std::move(line)), media_time_(media_time) {}

    void add(Picture const& picture);

    /// How long it is in front of a picture at `pts`.
    Ticks90k length_to(Ticks90k pts) const noexcept { return elapsed(line_.start, pts); }
    /// Its latest picture in presentation order, from the start.
    Ticks90k last_picture() const noexcept { return last_picture_; }
    /// Pictures a second up to `media_time`.
    double rate_to(Ticks90k media_time) const noexcept;

    struct Closed {
        contract::SegmentLine line; ///< whole, but for its file's name and size
        bool jumped{false};         ///< the clock did, on the way to what follows
    };
    /// `duration`: by PTS; where the clock has jumped the pictures' own span stands instead.
    Closed close(Ticks90k media_time, Ticks90k duration, MediaFacts const& facts) const;

private:
    contract::SegmentLine line_;
    Ticks90k media_time_;
    Ticks90k last_picture_{};
    unsigned pictures_{};
};

} // namespace continuo::segment
