#include "core/timeline/grid.hpp"

#include <algorithm>

namespace continuo::timeline {

Grid grid_of(Ticks90k first, Ticks90k second, Ticks90k target) noexcept {
    auto gop = elapsed(first, second);
    if (gop <= Ticks90k::zero()) gop = target;
    auto const gops = std::max<std::int64_t>(1, (target + gop / 2) / gop);
    return {.origin = wrapped(first) % gop - gop / 2, .period = gops * gop};
}

std::int64_t cell_of(Grid const& grid, Ticks90k pts) noexcept {
    auto const offset = wrapped(pts) - grid.origin;
    auto const cell = offset / grid.period;
    return offset % grid.period < Ticks90k::zero() ? cell - 1 : cell;
}

bool opens_segment(Grid const& grid, std::optional<Ticks90k> previous, Ticks90k pts,
                   Cuts const& cuts) noexcept {
    return !previous || cell_of(grid, *previous) != cell_of(grid, pts) ||
           cuts.contains(wrapped(pts));
}

} // namespace continuo::timeline
