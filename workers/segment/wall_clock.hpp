// The wall clock of this program: read once in main() and carried on by the steady clock, so that
// no step of the system's clock reaches the dates of pictures.
#pragma once

#include "core/hls/media_playlist.hpp"

#include <chrono>

namespace continuo::segment {

/// The same instant on both clocks.
struct WallClock {
    using Time = std::chrono::steady_clock::time_point;

    Time steady{};
    hls::WallTime wall{};

    hls::WallTime at(Time time) const noexcept {
        return wall + std::chrono::duration_cast<std::chrono::microseconds>(time - steady);
    }
};

} // namespace continuo::segment
