// What a segmenter is told about its run before it begins.
#pragma once

#include "core/base/ticks.hpp"
#include "core/timeline/grid.hpp"

#include <cstdint>
#include <optional>

namespace continuo::segment {

struct Rules {
    Ticks90k segment_time{};    ///< what a found grid aims at; not used with a given one
    Ticks90k target_duration{}; ///< EXT-X-TARGETDURATION of the channel
    /// None: found at the second keyframe, where the one that leads tells it either way.
    std::optional<timeline::Grid> grid;
    /// It cuts overlong segments by itself and judges the source; the others follow the cuts of the
    /// one that leads.
    bool leads{false};
    /// The run's first segment ends with its first GOP (where it leads).
    bool short_first{false};
    /// Cues in the stream are followed (where it leads).
    bool in_band_cues{true};
    /// One of several that cut the same content, each from its own input, and keep in step by
    /// `boundaries`: it keeps the whole programme, and goes on where the input is not continuous.
    bool by_boundaries{false};
    std::uint64_t begin_with{}; ///< number of the first segment wanted (by boundaries)
    bool replays{false};        ///< the input begins again behind its end
    /// The target duration grows to the first GOP's length, in whole seconds (by boundaries).
    bool raise_target{false};
    bool by_indicator{false}; ///< keyframes are where the random access indicator says so
};

} // namespace continuo::segment
