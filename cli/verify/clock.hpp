// Wall time that no clock step reaches: read once, then carried on by the steady clock.
#pragma once

#include "core/hls/media_playlist.hpp"

#include <chrono>

namespace continuo::cli {

class SteadyWallClock {
public:
    hls::WallTime now() const {
        auto const elapsed = std::chrono::steady_clock::now() - steady_start_;
        return wall_start_ + std::chrono::duration_cast<std::chrono::microseconds>(elapsed);
    }

private:
    std::chrono::steady_clock::time_point steady_start_{std::chrono::steady_clock::now()};
    hls::WallTime wall_start_{
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())};
};

} // namespace continuo::cli
