// Where the segments of a track lie in media time, whatever the clock says.
#include "core/timeline/audio_grid.hpp"
#include "http/dashlive/session/session.hpp"

#include <algorithm>

namespace continuo::dashlive {
namespace {

/// Sound is cut on the pictures' grid, in whole frames; what has neither a loop nor sound, in whole
/// units.
timeline::AudioGrid grid_of(Asset const& asset, Track const& track) {
    return {asset.pictures(), track.timescale, track.sound ? track.sound->frame : 1};
}

/// What begins behind it is no segment's.
bool is_within_time(std::int64_t time, std::uint32_t timescale) noexcept {
    return time >= 0 && time / timescale <= timeline::max_elapsed.count();
}

} // namespace

Interval interval_of(Asset const& asset, Track const& track, std::int64_t index) {
    Interval interval;
    if (track.loop) {
        auto const place = track.loop->place_of(index);
        interval = {.start = place.start, .end = place.end};
    } else {
        auto const segment = grid_of(asset, track).segment(index);
        interval = {.start = segment.start, .end = segment.end};
    }
    // The edit list cuts the first segment short.
    return {.start = std::max<std::int64_t>(interval.start - track.edit, 0),
            .end = std::max<std::int64_t>(interval.end - track.edit, 0)};
}

std::optional<std::int64_t> index_at(Asset const& asset, Track const& track, std::int64_t time) {
    if (!is_within_time(time, track.timescale)) return std::nullopt;
    if (time == 0) return 0;
    auto const decoded = time + track.edit;
    return track.loop ? track.loop->index_at(decoded) : grid_of(asset, track).index_at(decoded);
}

} // namespace continuo::dashlive
