// From a track's own clock to ours.
#pragma once

#include "core/base/ticks.hpp"

#include <cstdint>

namespace continuo::mp4 {

/// Times and durations that we work with are below this, about 35 000 years; a file that claims
/// more is refused.
inline constexpr std::int64_t max_seconds = std::int64_t{1} << 40;

/// `units` of 1/`timescale` s, rounded to the nearest tick.
/// `timescale`: more than 0; `units` within `max_seconds` either way.
constexpr Ticks90k ticks_of(std::int64_t units, std::uint32_t timescale) noexcept {
    auto const scale = std::int64_t{timescale};
    auto whole = units / scale;
    auto rest = units % scale;
    if (rest < 0) {
        --whole;
        rest += scale;
    }
    return Ticks90k(whole * Ticks90k::period::den +
                    (2 * rest * Ticks90k::period::den + scale) / (2 * scale));
}

} // namespace continuo::mp4
