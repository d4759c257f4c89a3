#include "http/dashlive/session/span.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace continuo::dashlive {
namespace {

using std::chrono::seconds;

constexpr seconds short_session{10'800}; // three hours

/// Of its segments, rounded down.
milliseconds average_of(timeline::SegmentLoop const& loop) {
    auto const units = loop.length() / static_cast<std::int64_t>(loop.size());
    milliseconds const average(-timeline::rescaled_up({-units, loop.timescale()}, 1000));
    return std::max(average, milliseconds{1});
}

Refusal impossible(std::string detail) {
    return {.status = 400, .detail = std::move(detail)};
}

DateTime date_at(std::optional<seconds> since_1970) {
    return DateTime(since_1970.value_or(seconds{0}));
}

/// One cycle of modulo_, as livesim1 has it: a presentation that is first announced with a fifth of
/// the cycle, is extended three times and ends with four fifths; when nine tenths have passed, it
/// is the next one's turn.
SessionSpan span_of_cycle(std::chrono::minutes modulo, DateTime now) {
    milliseconds const cycle = modulo;
    auto const part = [&](int tenths) { return cycle / 10 * tenths; };
    auto const passed = now.time_since_epoch() % cycle;
    auto const start = now - passed + (passed < part(9) ? milliseconds{0} : cycle);
    return {.epoch = start,
            .availability_start = start,
            .endings = {{.at = start + part(2), .announced = start - part(1)},
                        {.at = start + part(4), .announced = start + part(1)},
                        {.at = start + part(6), .announced = start + part(3)},
                        {.at = start + part(8), .announced = start + part(5)}}};
}

/// Three hours after three hours, so that no time needs more than 32 bits.
SessionSpan span_of_short_times(DateTime first, DateTime now) {
    auto const passed = now < first ? milliseconds{0} : now - first;
    auto const start = first + passed / short_session * milliseconds(short_session);
    return {.epoch = start,
            .availability_start = start,
            .endings = {{.at = start + short_session, .announced = start}}};
}

/// livesim1: a start is moved back to where a segment begins, counted from timeoffset_, or else
/// from 1970 on. With timeoffset_ media time counts from there, too.
Answer<SessionSpan> span_on_grid(timeline::SegmentLoop const& pictures, Options const& options,
                                 DateTime start) {
    DateTime const epoch(options.time_offset.value_or(milliseconds{0}));
    if (epoch > start)
        return impossible("timeoffset_ is behind the availability start: wants seconds since 1970, "
                          "not more than start_ has");
    auto const index = pictures.index_covering(units_by(pictures, start - epoch));
    auto const rounded = epoch + time_of(pictures, pictures.place_of(index).start);
    if (!options.time_offset) return SessionSpan{.epoch = rounded, .availability_start = rounded};
    return SessionSpan{.epoch = epoch, .availability_start = rounded, .first_index = index};
}

/// As start_ and startrel_ have it.
Answer<DateTime> start_of(Options const& options, DateTime client_now) {
    if (!options.start_relative) return date_at(options.start);
    auto const start = std::chrono::floor<seconds>(client_now) + *options.start_relative;
    if (start < DateTime{} || start > DateTime(timeline::max_elapsed))
        return impossible(fmt::format("startrel_{}: begins before 1970, or too late",
                                      options.start_relative->count()));
    return start;
}

std::optional<DateTime> stop_of(Options const& options, DateTime client_now) {
    if (options.stop) return date_at(options.stop);
    if (options.stop_relative)
        return std::chrono::floor<seconds>(client_now) + *options.stop_relative;
    return std::nullopt;
}

/// Each duration is announced two update periods before the one in front of it is over.
std::vector<Ending> endings_of(std::vector<seconds> const& durations, DateTime start,
                               milliseconds update_period) {
    std::vector<Ending> endings;
    auto end = start;
    for (auto const duration : durations) {
        auto const announced = endings.empty() ? start : std::max(start, end - 2 * update_period);
        end += duration;
        endings.push_back({.at = end, .announced = announced});
    }
    return endings;
}

} // namespace

Answer<SessionSpan> span_of(timeline::SegmentLoop const& pictures, Options const& options,
                            SessionClock const& clock) {
    if (options.modulo) return span_of_cycle(*options.modulo, clock.now);
    auto const start = start_of(options, clock.client_now);
    if (!start) return start.error();
    SessionSpan span{.epoch = *start, .availability_start = *start};
    if (options.dialect == Dialect::livesim1) {
        auto const on_grid = span_on_grid(pictures, options, *start);
        if (!on_grid) return on_grid.error();
        span = *on_grid;
    }
    if (options.keeps_times_short) return span_of_short_times(span.epoch, clock.now);
    if (auto const stop = stop_of(options, clock.client_now)) {
        if (*stop <= span.availability_start)
            return impossible("the session stops before it starts");
        span.endings = {{.at = *stop, .announced = *stop + milliseconds{1}}};
    } else {
        span.endings = endings_of(options.durations, span.availability_start,
                                  update_period_of(pictures, options));
    }
    return span;
}

milliseconds update_period_of(timeline::SegmentLoop const& pictures, Options const& options) {
    constexpr seconds a_century{100LL * 365 * 86'400};
    constexpr seconds usual{10};
    if (options.minimum_update_period) return *options.minimum_update_period;
    // Whoever looks less often learns of segments of a timeline too late.
    if (options.addressing != Addressing::number) return average_of(pictures);
    if (options.modulo) return milliseconds(*options.modulo) / 20;
    if (options.keeps_times_short) return short_session / 2;
    if (options.dialect == Dialect::livesim2) return average_of(pictures);
    if (options.periods_per_hour.value_or(0) > 0)
        return seconds(std::max(3600 / *options.periods_per_hour / 2 - 5, 1U));
    auto const has_limits = options.start || options.start_relative || options.stop ||
                            options.stop_relative || !options.durations.empty() ||
                            options.follows_now;
    return has_limits ? usual : a_century;
}

} // namespace continuo::dashlive
