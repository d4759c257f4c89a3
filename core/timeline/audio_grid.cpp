#include "core/timeline/audio_grid.hpp"

#include <algorithm>

namespace continuo::timeline {

std::int64_t AudioGrid::boundary(std::int64_t time) const noexcept {
    auto const units = rescaled_up({time, pictures_->timescale()}, timescale_);
    auto const surplus = units % frame_;
    return surplus == 0 ? units : units - surplus + frame_;
}

AudioGrid::Segment AudioGrid::segment(std::int64_t index) const noexcept {
    auto const place = pictures_->place_of(index);
    return {.start = boundary(place.start), .end = boundary(place.end)};
}

std::optional<std::int64_t> AudioGrid::index_at(std::int64_t start) const noexcept {
    if (start < 0 || start / timescale_ > max_elapsed.count()) return std::nullopt;
    // Its pictures begin less than a frame before it.
    auto const earliest = rescaled_up({std::max<std::int64_t>(start - frame_, 0), timescale_},
                                      pictures_->timescale());
    auto index = pictures_->index_covering(std::max<std::int64_t>(earliest - 1, 0));
    while (segment(index).start < start)
        ++index;
    if (segment(index).start != start) return std::nullopt;
    return index;
}

FrameRun AudioGrid::frames(std::int64_t index, std::int64_t source_frames) const noexcept {
    auto const place = pictures_->place_of(index);
    auto const lap_start = boundary(place.lap * pictures_->length());
    auto const [start, end] = segment(index);
    auto const wanted_from = (start - lap_start) / frame_;
    auto const wanted_to = (end - lap_start) / frame_;
    auto const first = std::min(wanted_from, source_frames);
    auto const last = std::min(wanted_to, source_frames);
    return {.lap = place.lap,
            .first = first,
            .count = last - first,
            .repeated = (wanted_to - wanted_from) - (last - first)};
}

} // namespace continuo::timeline
