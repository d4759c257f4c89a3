// What the segmenter made of a chunk of input: bytes to pass on and, in the same order, what begins
// and ends in them. The run writer turns it into files, the GOP log into what consumers are fed.
#pragma once

#include "core/base/ticks.hpp"
#include "core/contract/run_directory.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace continuo::segment {

/// The source's grid is known: to be published before anything that follows is passed on.
struct GridFound {
    contract::RunInfo info;
};

/// A segment begins where the grid has none begin (it alone would make the segment too long), or
/// with a cue: to be published before the picture is passed on.
struct CutDecided {
    contract::Cut cut;
    bool keyframe{true}; ///< false: none came in time
};

/// A segment begins, or the input is not continuous: to be published before what follows is passed
/// on (where others are led by `boundaries`).
struct BoundaryDecided {
    contract::Boundary boundary;
};

struct SegmentClosed {
    contract::SegmentLine line; ///< its file's name and size are the writer's to add
};

struct SegmentOpened {
    Ticks90k start{};
    std::vector<timeline::Cue> cues{}; ///< whose splice opens it
};

/// A keyframe begins, or the picture at which an overlong GOP was cut.
struct GopOpened {
    Ticks90k pts{};
    Ticks90k media_time{}; ///< since the run's first picture, jumps of the clock left out
    bool keyframe{true};
    bool opens_segment{false};
};

struct AudioStarted {
    std::uint16_t pid{};
    Ticks90k pts{};
};

/// What is wrong with a cue, for the operator.
struct CueRemark {
    std::string text;
};

/// The run is over; nothing follows. The open segment was closed before.
struct Ended {
    enum class Why : std::uint8_t {
        unusable, ///< trying again will not help
        broken,   ///< a new run may go on
    };
    Why why{};
    std::string reason;
};

using Happening = std::variant<GridFound, CutDecided, BoundaryDecided, SegmentClosed, SegmentOpened,
                               GopOpened, AudioStarted, CueRemark, Ended>;

struct Event {
    std::size_t offset{}; ///< into `Output::bytes`: where it happens
    Happening what;
};

struct Output {
    std::vector<std::uint8_t> bytes; ///< whole packets, nothing before the first keyframe
    std::vector<Event> events;       ///< by ascending offset

    /// It happens behind the bytes that are there.
    void put(Happening what) {
        events.push_back({.offset = bytes.size(), .what = std::move(what)});
    }

    void clear() noexcept {
        bytes.clear();
        events.clear();
    }
};

} // namespace continuo::segment
