// The one cut rule: which keyframes open a segment. Every segmenter of a ladder, every restart and
// every machine that sees the same timestamps answers alike, so variants stay in step without
// talking.
#pragma once

#include "core/base/ticks.hpp"

#include <optional>
#include <set>

namespace continuo::timeline {

/// Where the segments of a source run may begin: cells of one `period`, counted from `origin`.
struct Grid {
    Ticks90k origin{};
    Ticks90k period{};

    friend bool operator==(Grid const&, Grid const&) = default;
};

/// The grid of a run, from its first two keyframes.
/// With G the first GOP: period = max(1, round(target / G)) * G, origin = (first mod G) - G/2, so
/// that keyframes of a regular source lie in the middle between two possible borders and jitter of
/// a tick changes nothing. `first`, `second`: 33-bit PTS; `second` is later than `first` (else G is
/// taken as `target`).
Grid grid_of(Ticks90k first, Ticks90k second, Ticks90k target) noexcept;

/// The cell that a PTS falls into: floor((pts - origin) / period).
std::int64_t cell_of(Grid const& grid, Ticks90k pts) noexcept;

/// Places where a segment must begin beside the grid's: the resolved splice points, and the cuts of
/// a GOP that grew too long.
using Cuts = std::set<Ticks90k>;

/// Whether the keyframe at `pts` opens a segment, given the PTS of the keyframe before it (none: it
/// is the run's first).
bool opens_segment(Grid const& grid, std::optional<Ticks90k> previous, Ticks90k pts,
                   Cuts const& cuts) noexcept;

} // namespace continuo::timeline
