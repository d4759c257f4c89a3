// What an input tells beside its bytes: where the first of them belong, and why there are no more.
#pragma once

#include "core/base/ticks.hpp"
#include "core/hls/media_playlist.hpp"

#include <cstdint>
#include <string>

namespace continuo::segment {

/// Where the first bytes that were delivered belong.
struct RunStart {
    hls::WallTime date{}; ///< of the first picture in them
    Ticks90k skip{};      ///< how much later the run's first keyframe is wanted
};

/// Nothing more will come.
struct InputEnd {
    enum class Why : std::uint8_t {
        finished,    ///< the input has ended, and all of it was taken
        broken,      ///< a new run may go on
        unsupported, ///< another client could read it
    };
    Why why{};
    std::string reason{}; ///< for people; empty when it finished
};

} // namespace continuo::segment
