#include "core/timeline/addressing.hpp"

#include <algorithm>

namespace continuo::timeline {
namespace {

__extension__ using Wide = __int128; // for what a time and a timescale multiply to

/// `divisor` more than 0.
Wide floored(Wide dividend, Wide divisor) noexcept {
    auto const quotient = dividend / divisor;
    return dividend % divisor < 0 ? quotient - 1 : quotient;
}
Wide raised(Wide dividend, Wide divisor) noexcept {
    return -floored(-dividend, divisor);
}

} // namespace

std::int64_t rescaled_up(MediaTime time, std::uint32_t timescale) noexcept {
    return static_cast<std::int64_t>(raised(Wide{time.units} * timescale, time.timescale));
}

SegmentLoop::SegmentLoop(std::uint32_t timescale, std::vector<std::int64_t> const& durations)
    : timescale_(timescale), longest_(*std::ranges::max_element(durations)) {
    ends_.reserve(durations.size());
    std::int64_t end = 0;
    for (auto const duration : durations)
        ends_.push_back(end += duration);
}

SegmentLoop::Place SegmentLoop::place_of(std::int64_t index) const noexcept {
    auto const lap = static_cast<std::int64_t>(floored(index, static_cast<Wide>(ends_.size())));
    auto const segment =
        static_cast<std::size_t>(index - lap * static_cast<std::int64_t>(ends_.size()));
    return {.lap = lap,
            .segment = segment,
            .start = lap * length() + start_of(segment),
            .end = lap * length() + ends_[segment]};
}

std::int64_t SegmentLoop::index_covering(std::int64_t time) const noexcept {
    auto const ended = std::upper_bound(ends_.begin(), ends_.end(), time % length());
    return time / length() * static_cast<std::int64_t>(ends_.size()) + (ended - ends_.begin());
}

std::optional<std::int64_t> SegmentLoop::index_at(std::int64_t time) const noexcept {
    if (time < 0 || time / timescale_ > max_elapsed.count()) return std::nullopt;
    auto const index = index_covering(time);
    if (place_of(index).start != time) return std::nullopt;
    return index;
}

std::int64_t SegmentLoop::begun_before(std::chrono::milliseconds elapsed) const noexcept {
    if (elapsed.count() <= 0) return 0;
    auto const bounded = std::min<std::chrono::milliseconds>(elapsed, max_elapsed);
    // What begins before an instant begins by the last whole unit before it.
    return index_covering(rescaled_up({bounded.count(), 1000}, timescale_) - 1) + 1;
}

std::int64_t SegmentLoop::ended_by(std::chrono::milliseconds elapsed) const noexcept {
    if (elapsed.count() < 0) return 0;
    auto const bounded = std::min<std::chrono::milliseconds>(elapsed, max_elapsed);
    // Those that have ended are those before the one that is on now.
    return index_covering(static_cast<std::int64_t>(Wide{bounded.count()} * timescale_ / 1000));
}

IndexRange window_of(SegmentLoop const& loop, Availability const& availability) noexcept {
    auto const newest = availability.now + availability.ahead;
    auto const in_front = loop.ended_by(newest - availability.depth) - 1;
    return {.begin = std::max<std::int64_t>(in_front, 0), .end = loop.ended_by(newest)};
}

std::chrono::milliseconds available_from(MediaTime end, std::chrono::milliseconds ahead) noexcept {
    return std::chrono::milliseconds{rescaled_up(end, 1000)} - ahead;
}

Verdict verdict_on(MediaTime end, Availability const& availability,
                   std::chrono::milliseconds grace) noexcept {
    auto const from = available_from(end, availability.ahead);
    auto const until = from + availability.depth + grace;
    if (availability.now < from)
        return {.kind = Verdict::Kind::too_early, .by = from - availability.now};
    if (availability.now > until)
        return {.kind = Verdict::Kind::gone, .by = availability.now - until};
    return {};
}

} // namespace continuo::timeline
