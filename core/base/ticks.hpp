// Media time: 90 kHz ticks on the 33-bit clock of MPEG-2 Systems, and the arithmetic that survives
// its wrap.
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

namespace continuo {

/// PTS, DTS and durations of media; ISO/IEC 13818-1 §2.4.3.7 (system clock / 300).
using Ticks90k = std::chrono::duration<std::int64_t, std::ratio<1, 90'000>>;

/// One turn of the 33-bit clock: 26.5 h.
inline constexpr Ticks90k clock_turn{std::int64_t{1} << 33};

/// The same instant as a 33-bit timestamp, in [0, `clock_turn`).
constexpr Ticks90k wrapped(Ticks90k time) noexcept {
    auto const rest = time % clock_turn;
    return rest < Ticks90k::zero() ? rest + clock_turn : rest;
}

/// How much later `later` is than `earlier`, on the shorter way round: in [-2^32, 2^32).
constexpr Ticks90k elapsed(Ticks90k earlier, Ticks90k later) noexcept {
    auto const forward = wrapped(later - earlier);
    return forward >= clock_turn / 2 ? forward - clock_turn : forward;
}

/// Continues a 33-bit timestamp beyond the wrap: the instant nearest to `previous` that reads
/// `raw`.
constexpr Ticks90k unwrapped(Ticks90k previous, Ticks90k raw) noexcept {
    return previous + elapsed(previous, raw);
}

constexpr double seconds_of(Ticks90k time) noexcept {
    return std::chrono::duration<double>(time).count();
}

} // namespace continuo
